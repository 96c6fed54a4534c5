"""Quick replies that were offered."""

import secrets

from sqlalchemy.orm import Session

from handoff import addresses
from handoff.schema import Button

PREFIX = "b_"
LONGEST_ID = 32


def new_id() -> str:
    return f"{PREFIX}{secrets.token_urlsafe(12)}"


def may_be_id(text: str) -> bool:
    """Whether it is worth asking the database for a button of this name."""
    return text.startswith(PREFIX) and len(text) <= LONGEST_ID


def title(session: Session, channel: str, address: str, button_id: str) -> str | None:
    """What the button says; None when the conversation at ``address`` never offered it."""
    button = session.get(Button, button_id) if may_be_id(button_id) else None
    if button is None or not addresses.belongs(session, button.conversation_id, channel, address):
        return None
    return button.title
