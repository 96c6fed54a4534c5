"""All routes under ``/api``, noun by noun."""

from connectors.gateway.api import (
    agents,
    calibration,
    conversations,
    files,
    holding,
    messages,
    notes,
    promises,
    session,
    verdicts,
)
from connectors.gateway.api.route import Route

NOUNS = (session, agents, conversations, messages, files, holding, notes, promises, verdicts, calibration)
ROUTES: list[Route] = [route for noun in NOUNS for route in noun.routes.declared]
