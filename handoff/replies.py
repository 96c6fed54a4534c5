"""An agent's words to the customer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from handoff import holder, tickets
from handoff.outbound import Reply, send
from handoff.schema import Agent, Message, Ticket
from handoff.transcript import MessageView, one_message


class IdTaken(Exception):
    """The client's id was used before for something else."""


def say(
    session: Session, conversation_id: str, agent_id: str, client_id: str, text: str, now: datetime
) -> tuple[MessageView, bool]:
    """An agent's words to the customer. The same ``client_id`` again returns the first message and ``False``.

    Raises :class:`handoff.holder.Conflict` unless this agent holds the conversation, and :class:`IdTaken`.
    """
    conversation = holder.locked(session, conversation_id)
    known = session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.client_id == client_id, Message.author != "customer"
        )
    )
    if known is not None:
        if known.agent_id != agent_id or known.text != text:
            raise IdTaken(client_id)
        return one_message(session, conversation_id, known.seq), False
    holder.check_held_by(session, conversation, agent_id)
    agent = session.get_one(Agent, agent_id)
    reply = Reply(text=text, author="agent", name=agent.name, agent_id=agent_id, client_id=client_id)
    message = send(session, conversation, reply, now)
    ticket = tickets.open_ticket(session, conversation)
    if ticket is not None:
        _note_first_reply(ticket, now)
    conversation.desk_seen_seq = message.seq
    session.flush()
    return one_message(session, conversation_id, message.seq), True


def _note_first_reply(ticket: Ticket, now: datetime) -> None:
    ticket.first_reply_at = ticket.first_reply_at or now
    # The lease was on the first reply; from here on the agent keeps the conversation until they let go.
    ticket.lease_until = None
