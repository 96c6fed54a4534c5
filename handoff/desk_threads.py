"""Tickets as a chat of the agents shows them: which cards and threads are behind, and with what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session

from handoff import brief_words, desk_notes, media, tickets
from handoff.brief import brief
from handoff.media import KeptFile
from handoff.notes import NoteView
from handoff.schema import Agent, Conversation, DeskLine, DeskThread, MediaFile, Ticket
from handoff.transcript import MessageView, iso, latest_messages, messages

LEASE = timedelta(seconds=60)
LAST_SHOWN = 6
LINES_AT_ONCE = 20
OPEN = ("queued", "claimed")


@dataclass(frozen=True)
class Card:
    """What a ticket's card says."""

    number: str
    reason: str
    priority: int
    state: str
    """``queued | claimed | handed_back | resolved | cancelled``"""
    agent: str | None
    customer: str | None
    channel: str
    summary: list[str]
    last: list[MessageView]


@dataclass(frozen=True)
class Spot:
    """Where in the chat a ticket is shown, by the chat's own ids: its card, and its topic where the chat has topics."""

    card: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class LineFile:
    """A file of a line: by its channel's own id (empty if it came another way), and by its bytes once they are here."""

    channel: str
    provider_file_id: str
    kind: str
    title: str
    kept: KeptFile | None


@dataclass(frozen=True)
class Behind:
    """A ticket whose card or thread does not show the truth yet, leased to the caller."""

    ticket_id: int
    conversation_id: str
    place: str
    spot: Spot
    tried: bool
    """The card was tried to be posted before, and may be there."""
    since: datetime
    epoch: int
    last_seq: int
    card: Card | None
    """None when the card is right as it is."""
    lines: list[MessageView]
    """What the thread lacks, oldest first."""
    files: Mapping[int, Sequence[LineFile]]
    """What came with these lines: ``{seq: files}``."""
    notes: list[NoteView]
    """Notes of other desks that the thread lacks, oldest first."""
    over: bool


@dataclass(frozen=True)
class Thread:
    """What a thread in the agents' channel is about."""

    ticket_id: int
    conversation_id: str
    over: bool
    asks_epoch: int | None = None
    """Set by the message that was answered: it asked what was done, for a hand-back at this epoch."""


def any_behind(session: Session, channel: str, now: datetime) -> bool:
    """Whether there is something to :func:`take`."""
    new = session.scalar(_unknown(channel).with_only_columns(Ticket.id))
    return new is not None or session.scalar(_behind(channel, now).with_only_columns(DeskThread.ticket_id)) is not None


def take(session: Session, channel: str, place: str, now: datetime) -> Behind | None:
    """The next ticket that is behind in ``place``, leased for a minute; None when all is shown."""
    thread = _new(session, channel, place) or _stale(session, channel, now)
    if thread is None:
        return None
    tried = thread.busy_until is not None
    thread.busy_until = now + LEASE
    session.flush()
    ticket = session.get_one(Ticket, thread.ticket_id)
    conversation = session.get_one(Conversation, ticket.conversation_id)
    over = ticket.state not in OPEN
    card_is_right = thread.card is not None and thread.shown_epoch == conversation.epoch and not over
    lines = _lines(session, ticket, thread) if thread.card is not None else []
    notes = desk_notes.lacking(session, thread) if thread.card is not None else []
    return Behind(
        ticket_id=ticket.id,
        conversation_id=conversation.id,
        place=thread.place,
        spot=Spot(thread.card, thread.topic),
        tried=tried,
        since=ticket.queued_at,
        epoch=conversation.epoch,
        last_seq=lines[-1]["seq"] if lines else conversation.last_seq,
        card=None if card_is_right else _card(session, ticket, conversation),
        lines=lines,
        files=_files(session, lines, conversation.id),
        notes=notes,
        over=over and len(lines) < LINES_AT_ONCE and len(notes) < desk_notes.NOTES_AT_ONCE,
    )


def shown(session: Session, channel: str, behind: Behind, spot: Spot) -> None:
    """The chat shows all of ``behind`` now."""
    thread = session.get(DeskThread, (behind.ticket_id, channel))
    if thread is not None:
        thread.card, thread.topic = spot.card, spot.topic
        thread.shown_epoch, thread.shown_seq = behind.epoch, behind.last_seq
        thread.over, thread.busy_until = behind.over, None
        for note in behind.notes:
            desk_notes.shown(session, channel, behind.place, note["id"], behind.ticket_id)


def put_off(session: Session, channel: str, behind: Behind, spot: Spot, until: datetime) -> None:
    """The chat did not take it, or not all of it: again at ``until``."""
    thread = session.get(DeskThread, (behind.ticket_id, channel))
    if thread is not None:
        thread.card, thread.topic, thread.busy_until = spot.card, spot.topic, until


def keep_line(
    session: Session,
    channel: str,
    place: str,
    message_id: str,
    ticket_id: int,
    *,
    shows_seq: int | None = None,
    asks_epoch: int | None = None,
) -> None:
    """``message_id`` belongs to the ticket's thread. ``shows_seq``: it shows the conversation up to there."""
    if session.get(Ticket, ticket_id) is None:
        return  # erased meanwhile
    session.merge(
        DeskLine(channel=channel, place=place, message_id=message_id, ticket_id=ticket_id, asks_epoch=asks_epoch)
    )
    if shows_seq is not None:
        session.execute(
            update(DeskThread)
            .where(DeskThread.ticket_id == ticket_id, DeskThread.channel == channel)
            .values(shown_seq=shows_seq)
        )


def at(session: Session, channel: str, place: str, card_id: str) -> Thread | None:
    """What the thread under ``card_id`` is about."""
    return _thread(session, channel, place, DeskThread.card == card_id)


def in_topic(session: Session, channel: str, place: str, topic: str) -> Thread | None:
    """What the topic is about."""
    return _thread(session, channel, place, DeskThread.topic == topic)


def of_ticket(session: Session, channel: str, place: str, ticket_id: int) -> Thread | None:
    """The thread of a ticket, from the moment its card may be seen: before its id is known here."""
    return _thread(session, channel, place, DeskThread.ticket_id == ticket_id)


def answering(session: Session, channel: str, place: str, message_id: str) -> Thread | None:
    """The thread that an answer to ``message_id`` is said in: to a card, or to any line that was kept."""
    line = session.get(DeskLine, (channel, place, message_id))
    if line is None:
        return at(session, channel, place, message_id)
    thread = of_ticket(session, channel, place, line.ticket_id)
    return replace(thread, asks_epoch=line.asks_epoch) if thread is not None else None


def _thread(session: Session, channel: str, place: str, which: ColumnElement[bool]) -> Thread | None:
    query = (
        # What is true, not what the chat shows of it yet.
        select(DeskThread.ticket_id, Ticket.conversation_id, Ticket.state.not_in(OPEN))
        .join(Ticket, Ticket.id == DeskThread.ticket_id)
        .where(DeskThread.channel == channel, DeskThread.place == place, which)
    )
    row = session.execute(query).one_or_none()
    return Thread(*row) if row is not None else None


def _new(session: Session, channel: str, place: str) -> DeskThread | None:
    ticket = session.scalar(_unknown(channel).with_for_update(skip_locked=True))
    if ticket is None:
        return None
    thread = DeskThread(ticket_id=ticket.id, channel=channel, place=place, shown_epoch=-1, shown_seq=0, over=False)
    session.add(thread)
    return thread


def _stale(session: Session, channel: str, now: datetime) -> DeskThread | None:
    return session.scalar(_behind(channel, now).with_for_update(skip_locked=True, of=DeskThread))


def _unknown(channel: str) -> Select[Ticket]:
    """The next ticket that the chat has never been told of."""
    known = exists().where(DeskThread.ticket_id == Ticket.id, DeskThread.channel == channel)
    return select(Ticket).where(Ticket.state.in_(OPEN), ~known).order_by(Ticket.id).limit(1)


def _behind(channel: str, now: datetime) -> Select[DeskThread]:
    """The next thread that does not show all of its ticket, and is nobody's work yet."""
    return (
        select(DeskThread)
        .join(Ticket, Ticket.id == DeskThread.ticket_id)
        .join(Conversation, Conversation.id == Ticket.conversation_id)
        .where(
            DeskThread.channel == channel,
            DeskThread.over.is_(False),
            or_(DeskThread.busy_until.is_(None), DeskThread.busy_until < now),
            or_(
                DeskThread.card.is_(None),
                DeskThread.shown_epoch != Conversation.epoch,
                DeskThread.shown_seq < Conversation.last_seq,
                desk_notes.any_lacking(),
            ),
        )
        .order_by(DeskThread.ticket_id)
        .limit(1)
    )


def _lines(session: Session, ticket: Ticket, thread: DeskThread) -> list[MessageView]:
    """Messages after those the thread has, up to the end of the ticket."""
    found = messages(session, ticket.conversation_id, thread.shown_seq, LINES_AT_ONCE)
    if ticket.ended_at is None:
        return found
    return [line for line in found if line["at"] <= iso(ticket.ended_at)]


def _files(session: Session, lines: list[MessageView], conversation_id: str) -> dict[int, list[LineFile]]:
    numbers = [line["seq"] for line in lines if line["files"]]
    found: dict[int, list[LineFile]] = {}
    if not numbers:
        return found
    query = (
        select(MediaFile)
        .where(MediaFile.conversation_id == conversation_id, MediaFile.seq.in_(numbers))
        .order_by(MediaFile.created_at, MediaFile.id)
    )
    for file in session.scalars(query):
        kept = media.kept_file(session, file.id)
        line_file = LineFile(file.channel, file.provider_file_id, file.kind, file.title, kept[1] if kept else None)
        found.setdefault(file.seq, []).append(line_file)
    return found


def _card(session: Session, ticket: Ticket, conversation: Conversation) -> Card:
    is_open = ticket.state in OPEN
    agent = session.get(Agent, ticket.agent_id) if ticket.agent_id else None
    return Card(
        number=tickets.number(ticket),
        reason=brief_words.reason(ticket.reason),
        priority=ticket.priority,
        state=ticket.state,
        agent=agent.name if agent else None,
        customer=conversation.customer_name,
        channel=conversation.channel,
        summary=brief(session, conversation)["summary"][:1] if is_open else [],
        last=_last_said(session, conversation) if is_open else [],
    )


def _last_said(session: Session, conversation: Conversation) -> list[MessageView]:
    """The last of what people and the bot said: our own receipts, and commands, tell an agent nothing."""
    latest = latest_messages(session, conversation.id, 2 * LAST_SHOWN)
    said = [one for one in latest if one["author"] != "system" and not one["text"].startswith("/")]
    return said[-LAST_SHOWN:]
