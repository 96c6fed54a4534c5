"""What an agent sends the customer: words, or a file with or without them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import history, holder, ownership, promises, receipts, tickets
from handoff.conversations import locked
from handoff.media import SentFile
from handoff.outbound import Reply, send
from handoff.schema import Agent, Conversation, Message, Ticket
from handoff.transcript import MessageView, one_message


class IdTaken(Exception):
    """The client's id was used before for something else."""


def say(
    session: Session,
    conversation_id: str,
    agent_id: str,
    client_id: str,
    text: str,
    now: datetime,
    file: SentFile | None = None,
) -> tuple[MessageView, bool]:
    """An agent's words to the customer, a ``file``, or both.

    The same ``client_id`` again returns the first message and ``False``.

    Raises :class:`handoff.ownership.Conflict` unless this agent holds the conversation, and :class:`IdTaken`.
    """
    conversation = locked(session, conversation_id)
    known = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id, Message.author != "customer"
        )
    )
    if known is not None:
        if known.agent_id != agent_id or not _is_same(known, text, file):
            raise IdTaken(client_id)
        return one_message(session, conversation_id, known.seq), False
    ownership.check_held_by(session, conversation, agent_id)
    agent = session.get_one(Agent, agent_id)
    files = (file,) if file is not None else ()
    reply = Reply(text, author="agent", name=agent.name, agent_id=agent_id, client_id=client_id, files=files)
    message = send(session, conversation, reply, now)
    ticket = tickets.open_ticket(session, conversation)
    if ticket is not None:
        _note_first_reply(session, ticket, now)
    conversation.desk_seen_seq = message.seq
    session.flush()
    return one_message(session, conversation_id, message.seq), True


class NoEmailError(Exception):
    """The customer of this conversation left no address."""


def say_by_email(session: Session, conversation_id: str, agent_id: str, epoch: int, now: datetime) -> Conversation:
    """The agent has written to the address that the customer left, with their own mail program; the customer hears so.

    Raises :class:`handoff.ownership.Conflict` unless this agent holds the conversation, and :class:`NoEmailError`.
    """
    conversation, ticket, agent = holder.held(session, conversation_id, agent_id, epoch)
    if ticket.email is None:
        raise NoEmailError("This customer left no e-mail address.")
    _note_first_reply(session, ticket, now)
    send(session, conversation, receipts.emailed(agent.name, ticket.email), now)
    history.note(session, ticket, "emailed", agent_id, now)
    return conversation


def _is_same(known: Message, text: str, file: SentFile | None) -> bool:
    sent = [(one["title"], one["size"]) for one in known.files]
    return ("" if known.wordless else known.text) == text and sent == ([(file.title, file.size)] if file else [])


def _note_first_reply(session: Session, ticket: Ticket, now: datetime) -> None:
    promises.answered(session, ticket, now)
    ticket.first_reply_at = ticket.first_reply_at or now
    # The lease was on the first reply; from here on the agent keeps the conversation until they let go.
    ticket.lease_until = ticket.lease_left_seconds = None
