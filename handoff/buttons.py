"""Quick replies that were offered."""

from sqlalchemy.orm import Session

from handoff.schema import Button, Conversation


def title(session: Session, channel: str, address: str, button_id: str) -> str | None:
    """What the button says; None when the conversation at ``address`` never offered it."""
    button = session.get(Button, button_id) if 0 < len(button_id) <= 32 else None
    conversation = session.get(Conversation, button.conversation_id) if button is not None else None
    if button is None or conversation is None or (conversation.channel, conversation.address) != (channel, address):
        return None
    return button.title
