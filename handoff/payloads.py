"""What buttons and events mean, in Rasa's ``/intent{…}`` notation."""

import json

HUMAN_PAYLOAD = "/human"
"""A "Talk to a person" button. The gateway answers it; Rasa never sees it."""

LEAVE_QUEUE_PAYLOAD = "/leave_queue"
"""A "Leave the queue" button. The gateway answers this one too."""


def agent_handed_back(note: str) -> str:
    """Tells the bot that a person is done, and what they did."""
    return "/agent_handed_back" + json.dumps({"handback_note": note})
