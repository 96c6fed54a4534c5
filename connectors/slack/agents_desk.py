"""Agents at work in Slack: the buttons of a card, what is written in its thread, and the forms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.orm import Session

from connectors.gateway import metrics
from connectors.gateway.bus import Bus
from connectors.slack import cards
from connectors.slack.background import Background
from connectors.slack.card_keeper import OWN
from connectors.slack.events import Changed, Payload, Said
from connectors.slack.identity import Identity
from connectors.slack.link_page import LinkPage
from connectors.slack.mrkdwn import plain
from connectors.slack.people import People
from connectors.slack.place import Place
from connectors.slack.posting import Posting
from connectors.slack.web_api import FAILURES, error_code, in_time
from handoff import access, agent_links, desk_threads, holder, notes, replies
from handoff.database import Database
from handoff.desk_threads import Thread
from handoff.schema import Agent

log = structlog.get_logger(__name__)

OVER = "This ticket is over, so nothing was sent. If the customer writes again, a new card will come."


class NotLinked(Exception):
    """This Slack user is nobody at the desk yet."""


@dataclass(frozen=True)
class Where:
    """The thread an agent acted in, and who they are in Slack."""

    channel: str
    thread: str
    user: str


Act = Callable[[Session, Agent], None]


class SlackDesk:
    def __init__(
        self,
        database: Database,
        bus: Bus,
        client: AsyncWebClient,
        posting: Posting,
        identity: Identity,
        people: People,
        links: LinkPage,
        background: Background,
        name: str,
        channel: str,
    ) -> None:
        self._database = database
        self._bus = bus
        self._client = client
        self._posting = posting
        self._identity = identity
        self._people = people
        self._links = links
        self._background = background
        self._name = name
        self._channel = channel

    def is_at(self, channel: str) -> bool:
        return channel == self._channel

    async def heard(self, told: Said | Changed, key: str) -> None:
        """Words in a thread: a note, or, begun with ``>>``, a message to the customer. Words twice are kept once."""
        del key  # the message's own id does: Slack may tell of it under several
        if isinstance(told, Said) and told.in_thread and told.place.thread is not None:
            where = Where(self._channel, told.place.thread, told.user)
            await self._written(where, told.ts, plain(told.text, self._people.name).strip())

    async def acted(self, payload: Payload) -> Payload | None:
        """A press, a shortcut or a form of the agents' channel. Returns what to acknowledge with, if anything."""
        match payload.get("type"):
            case "block_actions":
                await self._pressed(payload)
            case "message_action" if payload.get("callback_id") == cards.SEND_SHORTCUT:
                await self._send_that(payload)
            case "view_submission":
                return await self._submitted(payload)
        return None

    async def _written(self, where: Where, ts: str, text: str) -> None:
        thread = await self._thread(where)
        if thread is None:
            return
        if text.startswith(cards.PREFIX):
            await self._say(where, thread, ts, text.removeprefix(cards.PREFIX).strip())
        elif text:
            await self._note(where, thread, ts, text)

    async def _send_that(self, payload: Payload) -> None:
        """The shortcut "Send to customer" on a message in a thread."""
        message = payload.get("message") or {}
        channel, thread = str((payload.get("channel") or {}).get("id")), str(message.get("thread_ts"))
        where = Where(channel, thread, _user(payload))
        found = await self._thread(where)
        text = plain(str(message.get("text") or ""), self._people.name).strip().removeprefix(cards.PREFIX).strip()
        if found is None or message.get("bot_id") or not text:
            self._whisper(where, "Use this on words that an agent wrote in a ticket's thread.")
            return
        await self._say(where, found, str(message.get("ts")), text)

    async def _say(self, where: Where, thread: Thread, ts: str, text: str) -> None:
        if thread.over:
            self._whisper(where, OVER)
            return
        now = datetime.now(UTC)
        client_id = f"{OWN}{where.channel}:{ts}"

        def act(session: Session, agent: Agent) -> None:
            access.conversation_for(session, agent, thread.conversation_id, "answer")
            replies.say(session, thread.conversation_id, agent.id, client_id, text, now)

        if text and await self._do(where, thread.conversation_id, act):
            self._background.run(self._mark_as_sent(where, ts))

    async def _note(self, where: Where, thread: Thread, ts: str, text: str) -> None:
        """Keep an agent's words as a note. Those of a colleague who is not linked stay in Slack alone."""
        now = datetime.now(UTC)

        def write(session: Session) -> None:
            agent = agent_links.agent_of(session, self._name, self._account(where))
            if agent is not None:
                conversation = access.conversation_for(session, agent, thread.conversation_id, "note")
                notes.write(session, conversation, agent, f"{OWN}{where.channel}:{ts}", text, now)

        try:
            await self._database.write(write)
        except (access.Forbidden, notes.NoteIdTaken) as error:
            log.info("slack_note_not_kept", reason=type(error).__name__)
        self._bus.changed(thread.conversation_id)

    async def _pressed(self, payload: Payload) -> None:
        action = next((one for one in payload.get("actions") or [] if isinstance(one, dict)), {})
        kind, value = str(action.get("action_id")), str(action.get("value"))
        container = payload.get("container") or {}
        where = Where(str((payload.get("channel") or {}).get("id")), str(container.get("message_ts")), _user(payload))
        if kind not in (cards.CLAIM, cards.RESOLVE, cards.REQUEUE, cards.HAND_BACK):
            return
        ticket_id, epoch = _ticket_and_epoch(value)
        thread = await self._thread_of(where, ticket_id)
        if thread is None:
            self._whisper(where, "I don't know this card. Nothing was changed.")
            return
        if kind == cards.HAND_BACK:
            self._background.run(self._ask_what_was_done(payload, where, value))
        elif await self._do(where, thread.conversation_id, self._act(kind, thread.conversation_id, epoch)):
            log.info("slack_desk", act=kind, ticket=thread.ticket_id)

    def _act(self, kind: str, conversation_id: str, epoch: int) -> Act:
        now = datetime.now(UTC)

        def act(session: Session, agent: Agent) -> None:
            access.conversation_for(session, agent, conversation_id, "answer")
            if kind == cards.CLAIM:
                holder.claim(session, conversation_id, agent.id, now, epoch)
            elif kind == cards.RESOLVE:
                holder.resolve(session, conversation_id, agent.id, epoch, None, now)
            else:
                holder.transfer(session, conversation_id, agent.id, epoch, None, None, now)

        return act

    async def _ask_what_was_done(self, payload: Payload, where: Where, value: str) -> None:
        form = cards.hand_back_form(value, f"{where.channel}|{where.thread}")
        try:
            await in_time(self._client.views_open(trigger_id=str(payload.get("trigger_id")), view=form))
        except FAILURES as error:
            log.info("slack_form_not_opened", reason=error_code(error))
            self._whisper(where, "Slack did not open the form. Please press Hand back again.")

    async def _submitted(self, payload: Payload) -> Payload | None:
        view = payload.get("view") or {}
        if view.get("callback_id") != cards.HAND_BACK:
            return None
        value, channel, card_id = str(view.get("private_metadata")).split("|")
        where = Where(channel, card_id, _user(payload))
        ticket_id, epoch = _ticket_and_epoch(value)
        thread = await self._thread_of(where, ticket_id)
        if thread is None:
            return None
        fields = ((view.get("state") or {}).get("values") or {}).get(cards.NOTE_BLOCK) or {}
        note = str((fields.get(cards.NOTE_BLOCK) or {}).get("value") or "").strip()
        now = datetime.now(UTC)

        def act(session: Session, agent: Agent) -> None:
            access.conversation_for(session, agent, thread.conversation_id, "answer")
            holder.hand_back(session, thread.conversation_id, agent.id, epoch, note, now)

        await self._do(where, thread.conversation_id, act)
        return None

    async def _do(self, where: Where, conversation_id: str, act: Act) -> bool:
        """Act as the agent behind the Slack user. Whoever may not, or comes too late, is told so; nobody else is."""

        def work(session: Session) -> None:
            agent = agent_links.agent_of(session, self._name, self._account(where))
            if agent is None:
                raise NotLinked
            act(session, agent)

        try:
            await self._database.write(work)
        except NotLinked:
            self._background.run(self._offer_link(where))
        except holder.Conflict as conflict:
            metrics.CLAIMS.labels("lost").inc()
            self._whisper(where, _who_was_first(conflict))
        except access.Forbidden:
            self._whisper(where, "Your account does not answer customers.")
        except replies.IdTaken:
            self._whisper(where, "That message was sent already; Slack shows it as it is now, the customer as it was.")
        else:
            self._bus.changed(conversation_id)
            return True
        return False

    async def _offer_link(self, where: Where) -> None:
        person = await self._people.learn(where.user)
        address = self._links.address(self._account(where), person.name or where.user)
        words = "I don't know yet which agent you are. <{}|Link your account> (within 15 minutes), then do it again."
        await self._whisper_now(where, words.format(address))

    async def _mark_as_sent(self, where: Where, ts: str) -> None:
        try:
            await in_time(self._client.reactions_add(channel=where.channel, timestamp=ts, name="incoming_envelope"))
        except FAILURES as error:
            log.info("slack_not_marked_as_sent", reason=error_code(error))

    def _whisper(self, where: Where, text: str) -> None:
        self._background.run(self._whisper_now(where, text))

    async def _whisper_now(self, where: Where, text: str) -> None:
        """Words that only the agent sees."""
        place = Place(self._identity.team, where.channel, where.thread)
        await self._posting.whisper(place, where.user, text)

    async def _thread(self, where: Where) -> Thread | None:
        if where.channel != self._channel:
            return None
        return await self._database.read(desk_threads.at, self._name, where.channel, where.thread)

    async def _thread_of(self, where: Where, ticket_id: int) -> Thread | None:
        if where.channel != self._channel:
            return None
        return await self._database.read(desk_threads.of_ticket, self._name, where.channel, ticket_id)

    def _account(self, where: Where) -> str:
        return f"{self._identity.team}/{where.user}"


def _user(payload: Payload) -> str:
    return str((payload.get("user") or {}).get("id"))


def _ticket_and_epoch(value: str) -> tuple[int, int]:
    """What a card's button carries; ``(0, 0)``, which is no ticket, for anything else."""
    ticket_id, _, epoch = value.partition(":")
    return (int(ticket_id), int(epoch)) if ticket_id.isdecimal() and epoch.isdecimal() else (0, 0)


def _who_was_first(conflict: holder.Conflict) -> str:
    if conflict.winner is not None:
        return f"{conflict.winner} has this conversation. Nothing was changed or sent."
    held = {"queue": "It is in the queue; claim it first.", "bot": "The bot has it.", "closed": "It is closed."}
    return f"{held.get(conflict.holder, 'It has changed meanwhile.')} Nothing was changed or sent."
