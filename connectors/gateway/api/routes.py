"""All routes under ``/api``, noun by noun."""

from connectors.gateway.api import agents, conversations, holding, messages, notes, session, verdicts
from connectors.gateway.api.route import Route

NOUNS = (session, agents, conversations, messages, holding, notes, verdicts)
ROUTES: list[Route] = [route for noun in NOUNS for route in noun.routes.declared]
