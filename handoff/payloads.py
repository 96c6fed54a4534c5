"""What buttons and events mean, in Rasa's ``/intent{…}`` notation."""

import json

HUMAN_PAYLOAD = "/human"
"""A "Talk to a person" button. The gateway answers it; Rasa never sees it."""

LEAVE_QUEUE_PAYLOAD = "/leave_queue"
"""A "Leave the queue" button. The gateway answers this one too."""

KEEP_PLACE_PAYLOAD = "/keep_place"
"""The answer to whether a queued customer still wants a person."""

EMAIL_PAYLOAD = "/email_instead"
"""An "E-mail me instead" button, for a customer in the queue."""

OFFERED_PERSON_PAYLOAD = "/talk_to_human"
"""The bot's own way to offer a person."""

DENY_PAYLOAD = "/deny"
"""No to what the bot offered."""

QUEUE_PAYLOADS = frozenset({LEAVE_QUEUE_PAYLOAD, KEEP_PLACE_PAYLOAD, EMAIL_PAYLOAD})
"""What only a customer in the queue can mean; the gateway answers them."""


_RATING = "/rate"


def rating(ticket_id: int, stars: int) -> str:
    """A button of the question how it was. The gateway keeps the answer; Rasa never sees it."""
    return _RATING + json.dumps({"ticket": ticket_id, "stars": stars})


def is_rating(payload: str) -> bool:
    return payload.startswith(_RATING + "{")


def rating_of(payload: str) -> tuple[int, int]:
    """``(ticket_id, stars)`` of a payload made by :func:`rating`."""
    fields = json.loads(payload.removeprefix(_RATING))
    return fields["ticket"], fields["stars"]


_COMMENT = "/comment"


def comment(ticket_id: int, step: str) -> str:
    """A step of adding a comment to a rating: ``wanted | said | unwanted | a_question`` (it was none)."""
    return _COMMENT + json.dumps({"ticket": ticket_id, "step": step})


def is_comment(payload: str) -> bool:
    return payload.startswith(_COMMENT + "{")


def comment_of(payload: str) -> tuple[int, str]:
    """``(ticket_id, step)`` of a payload made by :func:`comment`."""
    fields = json.loads(payload.removeprefix(_COMMENT))
    return fields["ticket"], fields["step"]


_WORKED = "/worked"


def worked(follow_up_id: int, has_worked: bool) -> str:
    """A button of the question whether what the agent did has worked."""
    return _WORKED + json.dumps({"follow_up": follow_up_id, "worked": has_worked})


def is_worked(payload: str) -> bool:
    return payload.startswith(_WORKED + "{")


def worked_of(payload: str) -> tuple[int, bool]:
    """``(follow_up_id, has_worked)`` of a payload made by :func:`worked`."""
    fields = json.loads(payload.removeprefix(_WORKED))
    return fields["follow_up"], fields["worked"]


def agent_handed_back(note: str) -> str:
    """Tells the bot that a person is done, and what they did."""
    return "/agent_handed_back" + json.dumps({"handback_note": note})
