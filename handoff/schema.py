"""The tables, each a noun of the help desk. What they mean is in docs/architecture.md."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC. SQLite keeps no zone; a naive value is a bug and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: UtcDateTime, dict[str, Any]: Json, list[Any]: Json, str: Text}


class Agent(Base):
    """A person of the shop who signs in: an agent, a supervisor, an author or an admin."""

    __tablename__ = "agent"

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    present: Mapped[bool] = mapped_column(default=False, server_default=false())
    present_at: Mapped[datetime | None]
    away_reason: Mapped[str | None]
    """Why the desk set them away, in words for them; null when they went themselves."""
    capacity: Mapped[int] = mapped_column(default=4)
    skills: Mapped[list[Any]] = mapped_column(default=list)
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class AgentSession(Base):
    """A signed-in browser. Only the hash of its cookie is kept; deleting the row signs it out."""

    __tablename__ = "agent_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Conversation(Base):
    """One customer on one channel, for as long as they keep writing. It has exactly one holder at a time."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index("ix_conversation_holder_updated_at", "holder", "updated_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    """Where the channel reaches the customer: a Telegram chat id, a Slack thread, the SHA-256 of a web session's secret."""
    holder: Mapped[str] = mapped_column(default="bot")
    """``bot | queue | agent | closed``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    epoch: Mapped[int] = mapped_column(default=0)
    """Counts changes of holder. Whoever acts names the epoch they saw, and loses if it has moved."""
    case_no: Mapped[int] = mapped_column(default=1)
    """Counts cases: closed and written to again is a new one, with a fresh Rasa tracker."""
    last_seq: Mapped[int] = mapped_column(default=0)
    customer_name: Mapped[str | None]
    locale: Mapped[str | None]
    profile: Mapped[dict[str, Any]] = mapped_column(default=dict)
    slots: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the bot had understood after its last turn (its filled slots): for the brief, never for access."""
    customer_seen_seq: Mapped[int] = mapped_column(default=0)
    desk_seen_seq: Mapped[int] = mapped_column(default=0)
    turn_due: Mapped[datetime | None] = mapped_column(index=True)
    """When the next waiting message may be handled; null when none waits."""
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    bot_down_notice_at: Mapped[datetime | None]
    """When the customer was told that the bot is slow or away; cleared by its next answer. Said once an outage."""
    ask_failed_notice_at: Mapped[datetime | None]
    """When the customer was told that a person can't be asked just now; cleared by the next change of holder."""
    snoozed_until: Mapped[datetime | None] = mapped_column(index=True)
    """Set aside by the agent who holds it until then; null when it is not."""
    snooze_note: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)


class FurtherAddress(Base):
    """Another place where a conversation's customer writes from: ``conversation`` names the one they wrote from last."""

    __tablename__ = "further_address"
    __table_args__ = (UniqueConstraint("conversation_id", "channel"),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    joined_at: Mapped[datetime]


class JoinLink(Base):
    """A link that brings a conversation to another channel as well, until it is used or too old. Only its hash is kept."""

    __tablename__ = "join_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    expires_at: Mapped[datetime]


class SetAside(Base):
    """What a customer had talked about at an address before it was joined to another conversation. It goes with that one."""

    __tablename__ = "set_aside"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    joined_to: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)


class Message(Base):
    """One line of the transcript, in the conversation's own order."""

    __tablename__ = "message"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[int]
    author: Mapped[str]
    """``customer | bot | agent | system``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    name: Mapped[str | None]
    text: Mapped[str]
    attachment: Mapped[dict[str, Any] | None] = mapped_column(Json)
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    """``[{id, title}]``; what each means to Rasa is in :class:`Button`."""
    handoff: Mapped[dict[str, Any] | None] = mapped_column(Json)
    understanding: Mapped[dict[str, Any] | None] = mapped_column(Json)
    client_id: Mapped[str | None]
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    files: Mapped[list[Any]] = mapped_column(default=list)
    """What came with it, as in docs/wire.md; kept up to date with :class:`MediaFile`."""
    wordless: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A picture, a voice message, a place: ``text`` only describes it, and the bot can't read it."""
    album: Mapped[str | None]
    """Messages with the same one were sent together."""


class MediaFile(Base):
    """A file that a customer sent. The bytes lie in ``FRONTDESK_HOME/media`` under a random ``name``."""

    __tablename__ = "media"
    __table_args__ = (
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_media_conversation_id_seq", "conversation_id", "seq"),
        Index("ix_media_state_not_before", "state", "not_before"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str]
    seq: Mapped[int]
    channel: Mapped[str]
    provider_file_id: Mapped[str]
    kind: Mapped[str]
    mime: Mapped[str]
    title: Mapped[str]
    size: Mapped[int | None]
    state: Mapped[str]
    """``waiting | kept | refused | lost``"""
    detail: Mapped[str | None]
    name: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    created_at: Mapped[datetime]


class Erasure(Base):
    """A conversation that was erased here, until the last trace outside (files, the bot's memory) is gone too."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sender_ids: Mapped[list[Any]]
    file_names: Mapped[list[Any]]
    created_at: Mapped[datetime]


class InboxItem(Base):
    """A customer's message, or an event for the bot, that is to be handled exactly once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "dedupe_key"),
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_inbox_conversation_id_state_id", "conversation_id", "state", "id"),
        Index("ix_inbox_conversation_id_provider_id", "conversation_id", "provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str]
    dedupe_key: Mapped[str]
    conversation_id: Mapped[str]
    seq: Mapped[int]
    payload: Mapped[str | None]
    """Rasa's ``/intent{…}`` when a button was pressed or the gateway itself speaks to the bot."""
    provider_id: Mapped[str | None]
    """The channel's own id of the customer's message: what their edits name, and what a reply answers."""
    asks_for_person: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="waiting")
    """``waiting | done``"""
    outcome: Mapped[str | None]
    """``answered | kept`` (in the queue, for the person) ``| to_desk | escalated | withdrawn | given_up`` (an event only)"""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was put off, for whatever reason."""
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often the bot was there and failed on it."""
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class OutboxItem(Base):
    """A reply on its way to the customer."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        ForeignKeyConstraint(
            ["conversation_id", "seq"], ["message.conversation_id", "message.seq"], ondelete="CASCADE"
        ),
        Index("ix_outbox_state_channel_not_before", "state", "channel", "not_before"),
        Index("ix_outbox_edit_due", "edit_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str]
    seq: Mapped[int]
    channel: Mapped[str]
    author: Mapped[str]
    epoch: Mapped[int]
    state: Mapped[str] = mapped_column(default="pending")
    """``pending | sending | sent | dead | cancelled``"""
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    sending_until: Mapped[datetime | None]
    ambiguous: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A send whose fate is unknown (time-out, crash): the channel may have shown it already."""
    error: Mapped[str | None]
    provider_id: Mapped[str | None]
    parts_sent: Mapped[int] = mapped_column(default=0)
    """A long reply goes out in parts: how many of them the channel has already."""
    sent_at: Mapped[datetime | None]
    edit_due: Mapped[datetime | None]
    """When the channel is to be shown the message's present words; null when it shows them."""


class Button(Base):
    """A quick reply that was offered. Customers only ever see the id: what it means to Rasa stays here."""

    __tablename__ = "button"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    seq: Mapped[int]
    title: Mapped[str]
    payload: Mapped[str]


class OwnershipChange(Base):
    """The log of who held a conversation, one row an epoch."""

    __tablename__ = "ownership"

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    holder_before: Mapped[str]
    holder_after: Mapped[str]
    agent_id: Mapped[str | None]
    actor: Mapped[str]
    """``customer``, ``bot``, ``system`` or an agent's id"""
    reason: Mapped[str]
    at: Mapped[datetime]


class Ticket(Base):
    """One handoff to a person, from the ask to its end."""

    __tablename__ = "ticket"
    __table_args__ = (Index("ix_ticket_state_priority_queued_at", "state", "priority", "queued_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    case_no: Mapped[int]
    reason: Mapped[str]
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    """``[{kind, text}]`` in words an agent reads"""
    priority: Mapped[int] = mapped_column(default=0)
    """0 ordinary, 1 raised, 2 urgent (safety, legal, injury)"""
    state: Mapped[str] = mapped_column(default="queued")
    """``queued | claimed | handed_back | resolved | cancelled``"""
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    queued_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    first_reply_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    """A claimed ticket without a reply by then goes back to its place in the queue."""
    lease_left_seconds: Mapped[int | None]
    """What was left of the lease when the conversation was snoozed: it runs on from there."""
    kept: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many messages the customer wrote in the queue that are kept for the person."""
    told_kept_at: Mapped[datetime | None]
    """When they last heard so in a line of its own."""
    email: Mapped[str | None]
    """Where the customer wants the answer, instead of waiting."""
    email_asked_at: Mapped[datetime | None]
    """When they were asked for it; null when they were not, or have given it."""
    told: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The waiting time the customer was told: ``{at, low, high, expected, turns}``, in minutes"""
    waited_minutes: Mapped[float | None]
    """What came true, from then to the first claim."""
    rating_asked_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    """How the customer found it: 1 is poor, 5 very good"""
    rated_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    """What the customer added to the rating."""
    comment_asked_at: Mapped[datetime | None]
    """When they said that they want to; their next words are the comment."""
    skills: Mapped[list[Any]] = mapped_column(default=list)
    """What it calls for: ``["returns", "lang-de"]``"""
    needed: Mapped[bool | None]
    """The agent's verdict: was a person needed here?"""
    opening: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Facts at the moment of handoff that would drift later, such as the bot's slots."""


class Offer(Base):
    """A queued ticket, held out to one agent for a moment. Anyone may still claim it."""

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_agent_id_made_at", "agent_id", "made_at"),
        Index(
            "uq_offer_open",
            "ticket_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    """``open | taken`` (by that agent) ``| ignored | left`` (the agent went away) ``| over`` (the ticket left the queue)"""
    ended_at: Mapped[datetime | None]


class TicketEvent(Base):
    """What happened to a ticket at the desk, in order: taken, let go, and above all what ran out and why."""

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_agent_id_at", "agent_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Whom it concerns."""
    kind: Mapped[str]
    """One of :data:`handoff.history.Kind`"""
    detail: Mapped[str | None]
    """A note, a team, a colleague's name: what the kind leaves open."""
    at: Mapped[datetime]


class Decision(Base):
    """What the bot decided about handing over at one message, with what it saw: to be judged and replayed."""

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_at_outcome", "at", "outcome"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    case_no: Mapped[int]
    seq: Mapped[int]
    """The customer's message."""
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    """What came of it, when a person was fetched; in the queue, the ticket they waited with."""
    rules: Mapped[str | None]
    """The version of the rules; null when no rule decided, but an ask in so many words, or a task."""
    outcome: Mapped[str]
    """``answered | offered | escalated | queued`` (the customer was in the queue already)"""
    reason: Mapped[str | None]
    score: Mapped[float]
    features: Mapped[dict[str, Any]]
    points: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    at: Mapped[datetime]


class OpenDesk(Base):
    """An agent has the desk open at one gateway, which renews this for as long as it is so; or works from a chat, which
    stands in place of the gateway."""

    __tablename__ = "open_desk"

    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), primary_key=True)
    gateway: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class Promise(Base):
    """Something a customer was told will be done by a time. Every promise of the desk is one of these rows."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    """``answer`` (a receipt promised one; the first answer keeps it) or ``agent`` (an agent promised something else)"""
    text: Mapped[str]
    due_at: Mapped[datetime]
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"))
    """Who made it; null for the desk itself."""
    made_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="open")
    """``open | kept | released`` (the customer no longer needs it)"""
    ended_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    broken_at: Mapped[datetime | None]
    """When the clock found it overdue; it stays on record, kept later or not."""


class FollowUp(Base):
    """After a hand-back: whether what the agent did has worked, asked once."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_state_due_at", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    """Who handed back, and is asked first when it did not work."""
    case_no: Mapped[int]
    note: Mapped[str]
    """What was done, in the agent's words."""
    after_seq: Mapped[int]
    """The conversation's last message at the hand-back."""
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """``waiting | asked | worked | failed | dropped`` (there was no point in asking any more)"""
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]


class Note(Base):
    """Agents' words about a conversation, for agents."""

    __tablename__ = "note"

    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    text: Mapped[str]
    at: Mapped[datetime]


class ReceivedEvent(Base):
    """An event that a channel has told us of, kept until the channel is sure not to repeat it."""

    __tablename__ = "received_event"

    channel: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class AgentLink(Base):
    """An agent's account in a chat that agents answer from, proved once by a signed link."""

    __tablename__ = "agent_link"

    channel: Mapped[str] = mapped_column(primary_key=True)
    """``slack``"""
    user: Mapped[str] = mapped_column(primary_key=True)
    """The chat's own id of the person, as ``team/user``."""
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]


class DeskThread(Base):
    """A ticket as a chat of the agents shows it: a card, and under it the conversation."""

    __tablename__ = "desk_thread"
    __table_args__ = (
        UniqueConstraint("channel", "place", "card"),
        Index("ix_desk_thread_channel_over", "channel", "over"),
        Index("ix_desk_thread_topic", "channel", "place", "topic"),
    )

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    """``slack``"""
    place: Mapped[str]
    """The agents' channel that the card is in."""
    card: Mapped[str | None]
    """The chat's own id of the card; null until it is known to be there."""
    topic: Mapped[str | None]
    """The topic that the ticket has to itself, where the chat has topics."""
    shown_epoch: Mapped[int] = mapped_column(default=-1)
    """The epoch of the conversation that the card shows."""
    shown_seq: Mapped[int] = mapped_column(default=0)
    """The last message of the conversation that the thread has."""
    over: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The ticket has ended, and card and thread say so."""
    busy_until: Mapped[datetime | None]
    """Leased to one gateway, or put off, until then."""


class DeskLine(Base):
    """A message of ours, or an agent's, in a ticket's thread, where a chat says of an answer only which message it answers."""

    __tablename__ = "desk_line"

    channel: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    asks_epoch: Mapped[int | None]
    """It asks what was done, for handing back at this epoch: an answer to it hands back."""
