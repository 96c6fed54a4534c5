"""What agents do from a chat: by the functions that the web desk uses, so that the row alone locks each against the other."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from connectors.desk_chats.words import HERE_HOURS, NOT_OFFERED
from connectors.gateway import metrics
from connectors.gateway.bus import Bus, Hint
from handoff import (
    access,
    agent_links,
    agents,
    holder,
    notes,
    offers,
    open_desks,
    ownership,
    repeats,
    replies,
    urgent_endings,
)
from handoff.database import Database
from handoff.media import SentFile
from handoff.schema import Agent

log = structlog.get_logger(__name__)

OVER = "This ticket is over, so nothing was sent. If the customer writes again, a new card will come."
HERE_FOR = timedelta(hours=HERE_HOURS)
"""How long somebody who works from a chat counts as present, unless they say otherwise."""
UNKNOWN_CARD = "I don't know this card. Nothing was changed."
UNANSWERED = (
    "This is urgent and nobody has answered the customer yet. Write to them with >> first, or say here, in a note, why it ends "
    "without; then press again. Nothing was changed."
)
REFUSALS: Mapping[type[Exception], str] = {
    access.Forbidden: "Your account does not answer customers.",
    access.NoSuchConversation: UNKNOWN_CARD,
    replies.IdTaken: "That message was sent already. The customer has it as it was then.",
    urgent_endings.UnansweredError: UNANSWERED,
    offers.NotOffered: NOT_OFFERED,
}

Press = Literal["claim", "decline", "resolve", "requeue"]
Act = Callable[[Session, Agent], object]


class NotLinked(Exception):
    """This person of the chat is nobody at the desk yet."""


class Refused(Exception):
    """Nothing was done. The message says why, for the agent alone."""


class DeskActs:
    """``channel``: the chat's name in ``agent_link``."""

    def __init__(self, database: Database, bus: Bus, channel: str) -> None:
        self._database = database
        self._bus = bus
        self._channel = channel

    async def do(self, account: str, conversation_id: str, act: Act, event_key: str | None = None) -> bool:
        """Act as the agent behind ``account``; False when the chat told of it (``event_key``) before.

        Raises :class:`NotLinked` and :class:`Refused`.
        """
        now = datetime.now(UTC)

        def work(session: Session) -> bool:
            if event_key is not None and not repeats.first_time(session, self._channel, event_key, now):
                return False
            agent = agent_links.agent_of(session, self._channel, account)
            if agent is None:
                raise NotLinked
            access.conversation_for(session, agent, conversation_id, "answer")
            act(session, agent)
            return True

        await self._database.write(self._acted, account, now)
        try:
            done = await self._database.write(work)
        except ownership.Conflict as conflict:
            metrics.CLAIMS.labels("lost").inc()
            raise Refused(_who_was_first(conflict)) from conflict
        except tuple(REFUSALS) as error:
            raise Refused(REFUSALS[type(error)]) from error
        self._bus.changed(conversation_id)
        return done

    async def may_say(self, account: str, conversation_id: str, event_key: str) -> bool:
        """Whether :meth:`do` would send words now, asked before a file is fetched for it; False when told of before.

        Raises :class:`NotLinked` and :class:`Refused`.
        """

        def look(session: Session) -> bool:
            if repeats.is_known(session, self._channel, event_key):
                return False
            agent = agent_links.agent_of(session, self._channel, account)
            if agent is None:
                raise NotLinked
            conversation = access.conversation_for(session, agent, conversation_id, "answer")
            ownership.check_held_by(session, conversation, agent.id)
            return True

        try:
            return await self._database.read(look)
        except ownership.Conflict as conflict:
            raise Refused(_who_was_first(conflict)) from conflict
        except tuple(REFUSALS) as error:
            raise Refused(REFUSALS[type(error)]) from error

    async def set_present(self, account: str, present: bool) -> bool:
        """The agent works from this chat for :data:`HERE_FOR`, or works no more. Raises :class:`NotLinked`, :class:`Refused`."""
        now = datetime.now(UTC)

        def write(session: Session) -> str:
            agent = agent_links.agent_of(session, self._channel, account)
            if agent is None:
                raise NotLinked
            access.check_may(agent, "answer")
            agents.set_present(session, agent.id, present, now)
            if present:
                open_desks.here(session, self._channel, agent.id, now + HERE_FOR)
            else:
                open_desks.left(session, self._channel, agent.id)
            return agent.id

        try:
            agent_id = await self._database.write(write)
        except access.Forbidden as error:
            raise Refused(REFUSALS[access.Forbidden]) from error
        self._bus.publish(Hint("agents", data={"agent_id": agent_id}))
        return present

    async def note(self, account: str, conversation_id: str, note_id: str, text: str) -> bool:
        """Keep an agent's words as a note. Those of somebody who is not linked stay in the chat alone: then False."""
        now = datetime.now(UTC)

        def write(session: Session) -> bool:
            agent = agent_links.agent_of(session, self._channel, account)
            if agent is None:
                return False
            conversation = access.conversation_for(session, agent, conversation_id, "note")
            return notes.write(session, conversation, agent, note_id, text, now)[1]

        await self._database.write(self._acted, account, now)
        try:
            kept = await self._database.write(write)
        except (access.Forbidden, access.NoSuchConversation, notes.NoteIdTaken) as error:
            log.info("note_not_kept", channel=self._channel, reason=type(error).__name__)
            return False
        if kept:
            self._bus.changed(conversation_id)
        return kept

    def _acted(self, session: Session, account: str, now: datetime) -> None:
        agent = agent_links.agent_of(session, self._channel, account)
        if agent is not None:
            agents.acted(session, agent.id, now)


def press(kind: Press, conversation_id: str, epoch: int) -> Act:
    """The act of a card's button, with the epoch that the card showed."""
    now = datetime.now(UTC)

    def act(session: Session, agent: Agent) -> None:
        if kind == "claim":
            holder.claim(session, conversation_id, agent.id, now, epoch)
        elif kind == "decline":
            offers.decline(session, conversation_id, agent.id, now)
        elif kind == "resolve":
            holder.resolve(session, conversation_id, agent.id, epoch, None, now)
        else:
            holder.transfer(session, conversation_id, agent.id, epoch, None, None, now)

    return act


def pass_on(conversation_id: str, epoch: int, to_agent_id: str) -> Act:
    """To a colleague."""
    now = datetime.now(UTC)

    def act(session: Session, agent: Agent) -> None:
        if not can_receive(session, to_agent_id):
            raise Refused("That colleague does not answer customers any more. Nothing was changed.")
        holder.transfer(session, conversation_id, agent.id, epoch, to_agent_id, None, now)

    return act


def hand_back(conversation_id: str, epoch: int, note: str) -> Act:
    """``note``: what was done. The bot tells the customer."""
    now = datetime.now(UTC)
    return lambda session, agent: holder.hand_back(session, conversation_id, agent.id, epoch, note, now)


def say(conversation_id: str, client_id: str, text: str, file: SentFile | None = None) -> Act:
    """Words, a file, or both to the customer. The same ``client_id`` again says nothing more."""
    now = datetime.now(UTC)
    return lambda session, agent: replies.say(session, conversation_id, agent.id, client_id, text, now, file)


def can_receive(session: Session, agent_id: str) -> bool:
    try:
        return access.may(agents.by_id(session, agent_id).role, "answer")
    except agents.NoAgent:
        return False


def ticket_and_epoch(value: str) -> tuple[int, int]:
    """What a card's button carries (``ticket:epoch``); ``(0, 0)``, which is no ticket, for anything else."""
    ticket_id, _, epoch = value.partition(":")
    return (int(ticket_id), int(epoch)) if ticket_id.isdecimal() and epoch.isdecimal() else (0, 0)


def _who_was_first(conflict: ownership.Conflict) -> str:
    if conflict.winner is not None:
        return f"{conflict.winner} has this conversation. Nothing was changed or sent."
    held = {"queue": "It is in the queue; claim it first.", "bot": "The bot has it.", "closed": "It is closed."}
    return f"{held.get(conflict.holder, 'It has changed meanwhile.')} Nothing was changed or sent."
