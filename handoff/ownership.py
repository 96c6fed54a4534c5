"""Whose turn it is to speak changes here and nowhere else: the one update of a conversation's holder, and its log.

It is conditional on the epoch that the actor saw. Whoever comes second changes nothing and is told who was first. The same
transaction takes back bot replies that were not sent yet.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from handoff import offers, tickets
from handoff.schema import Agent, Conversation, InboxItem, OutboxItem, OwnershipChange


class Conflict(Exception):
    """Somebody else was first, or the conversation is no longer what the actor saw."""

    def __init__(self, holder: str, epoch: int, winner: str | None) -> None:
        super().__init__(f"held by {winner or holder}")
        self.holder = holder
        self.epoch = epoch
        self.winner = winner
        """The name of the agent who holds it now, if one does."""


def check_held_by(session: Session, conversation: Conversation, agent_id: str) -> None:
    """Raises :class:`Conflict` unless this agent holds the conversation."""
    if conversation.holder != "agent" or conversation.agent_id != agent_id:
        raise conflict(session, conversation)


def change(
    session: Session, conversation: Conversation, to: str, agent_id: str | None, actor: str, reason: str, now: datetime
) -> None:
    """Let ``to`` (``bot | queue | agent | closed``) hold it, and ``agent_id`` if that is an agent.

    ``actor``: ``customer``, ``bot``, ``system`` or an agent's id. Raises :class:`Conflict` when somebody else was first.
    """
    before, seen = conversation.holder, conversation.epoch
    session.flush()
    changed = session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.epoch == seen)
        .values(
            holder=to,
            agent_id=agent_id,
            epoch=seen + 1,
            updated_at=now,
            ask_failed_notice_at=None,
            bot_down_notice_at=None,  # whoever holds it next has told the customer nothing about a bot that is away
            snoozed_until=None,
            snooze_note=None,
        )
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(conversation)
    if changed is None:
        raise conflict(session, conversation)
    session.add(
        OwnershipChange(
            conversation_id=conversation.id,
            epoch=seen + 1,
            holder_before=before,
            holder_after=to,
            agent_id=agent_id,
            actor=actor,
            reason=reason,
            at=now,
        )
    )
    if before == "queue":
        ticket = tickets.open_ticket(session, conversation)
        assert ticket is not None, "a conversation is in the queue only with a ticket"
        offers.settle(session, ticket, agent_id, now)
    if to == "agent":
        _silence_bot(session, conversation)
    if to in ("agent", "queue"):
        _give_waiting_to_desk(session, conversation, now)


def conflict(session: Session, conversation: Conversation) -> Conflict:
    """What to raise: the conversation is not as the actor saw it."""
    winner = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    return Conflict(conversation.holder, conversation.epoch, winner.name if winner else None)


def _silence_bot(session: Session, conversation: Conversation) -> None:
    """No word of the bot leaves once a person is there: what was not sent yet is taken back."""
    session.execute(
        update(OutboxItem)
        .where(OutboxItem.conversation_id == conversation.id, OutboxItem.author == "bot", OutboxItem.state == "pending")
        .values(state="cancelled")
    )


def _give_waiting_to_desk(session: Session, conversation: Conversation, now: datetime) -> None:
    session.execute(
        update(InboxItem)
        .where(InboxItem.conversation_id == conversation.id, InboxItem.state == "waiting")
        .values(state="done", outcome="to_desk", done_at=now)
    )
    conversation.turn_due = None
