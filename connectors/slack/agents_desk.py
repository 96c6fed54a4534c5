"""Agents at work in Slack: the buttons of a card, what is written in its thread, and the forms."""

from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from connectors.desk_chats import acts, words
from connectors.desk_chats.acts import Act, DeskActs, NotLinked, Press, Refused
from connectors.desk_chats.link_page import LinkPage
from connectors.desk_chats.words import PREFIX
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.slack import cards
from connectors.slack.desk_cards import OWN
from connectors.slack.events import Changed, Payload, Said
from connectors.slack.identity import Identity
from connectors.slack.intake import DESK_COMMAND
from connectors.slack.mrkdwn import plain
from connectors.slack.people import People
from connectors.slack.place import Place
from connectors.slack.posting import Posting
from connectors.slack.web_api import FAILURES, error_code, in_time
from handoff import desk_threads
from handoff.database import Database
from handoff.desk_threads import Thread

log = structlog.get_logger(__name__)

PRESSES: dict[str, Press] = {
    cards.CLAIM: "claim",
    cards.DECLINE: "decline",
    cards.RESOLVE: "resolve",
    cards.REQUEUE: "requeue",
}
PRESENCE = {"here": True, "away": False}
ROOM = "the agents' channel"
LINK = "I don't know yet which agent you are. <{}|Link your account> (within 15 minutes), then do it again."


@dataclass(frozen=True)
class Where:
    """The thread an agent acted in, and who they are in Slack."""

    channel: str
    thread: str
    user: str


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
        self._acts = DeskActs(database, bus, name)
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

    async def commanded(self, channel: str, user: str, text: str) -> str:
        """Coming and going: the words that only the agent sees. Told again, it only says so again."""
        present = PRESENCE.get(text.strip().lower())
        if present is None:
            return (
                f"Write `{DESK_COMMAND} here` to be offered tickets, `{DESK_COMMAND} away` to be offered none any more."
            )
        if not self.is_at(channel):
            return f"Write that in {ROOM}, where tickets are offered by name."
        where = Where(channel, "", user)
        try:
            await self._acts.set_present(self._account(where), present)
        except NotLinked:
            return LINK.format(self._link(where))
        except Refused as refused:
            return str(refused)
        return words.here(ROOM, f"{DESK_COMMAND} away") if present else words.gone(ROOM, f"{DESK_COMMAND} here")

    async def _written(self, where: Where, ts: str, text: str) -> None:
        thread = await self._thread(where)
        if thread is None:
            return
        if text.startswith(PREFIX):
            await self._say(where, thread, ts, text.removeprefix(PREFIX).strip())
        elif text:
            await self._note(where, thread, ts, text)

    async def _send_that(self, payload: Payload) -> None:
        """The shortcut "Send to customer" on a message in a thread."""
        message = payload.get("message") or {}
        channel, thread = str((payload.get("channel") or {}).get("id")), str(message.get("thread_ts"))
        where = Where(channel, thread, _user(payload))
        found = await self._thread(where)
        text = plain(str(message.get("text") or ""), self._people.name).strip().removeprefix(PREFIX).strip()
        if found is None or message.get("bot_id") or not text:
            self._whisper(where, "Use this on words that an agent wrote in a ticket's thread.")
            return
        await self._say(where, found, str(message.get("ts")), text)

    async def _say(self, where: Where, thread: Thread, ts: str, text: str) -> None:
        if thread.over:
            self._whisper(where, acts.OVER)
            return
        act = acts.say(thread.conversation_id, f"{OWN}{where.channel}:{ts}", text)
        if text and await self._do(where, thread.conversation_id, act):
            self._background.run(self._mark_as_sent(where, ts))

    async def _note(self, where: Where, thread: Thread, ts: str, text: str) -> None:
        await self._acts.note(self._account(where), thread.conversation_id, f"{OWN}{where.channel}:{ts}", text)

    async def _pressed(self, payload: Payload) -> None:
        action = next((one for one in payload.get("actions") or [] if isinstance(one, dict)), {})
        kind, value = str(action.get("action_id")), str(action.get("value"))
        container = payload.get("container") or {}
        where = Where(str((payload.get("channel") or {}).get("id")), str(_thread_of(container)), _user(payload))
        if kind not in (*PRESSES, cards.HAND_BACK):
            return
        ticket_id, epoch = acts.ticket_and_epoch(value)
        thread = await self._thread_of(where, ticket_id)
        if thread is None:
            self._whisper(where, acts.UNKNOWN_CARD)
            return
        if kind == cards.HAND_BACK:
            self._background.run(self._ask_what_was_done(payload, where, value))
        elif await self._do(where, thread.conversation_id, acts.press(PRESSES[kind], thread.conversation_id, epoch)):
            log.info("slack_desk", act=kind, ticket=thread.ticket_id)
            if kind == cards.DECLINE:
                self._whisper(where, words.DECLINED)

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
        ticket_id, epoch = acts.ticket_and_epoch(value)
        thread = await self._thread_of(where, ticket_id)
        if thread is None:
            return None
        fields = ((view.get("state") or {}).get("values") or {}).get(cards.NOTE_BLOCK) or {}
        note = str((fields.get(cards.NOTE_BLOCK) or {}).get("value") or "").strip()
        await self._do(where, thread.conversation_id, acts.hand_back(thread.conversation_id, epoch, note))
        return None

    async def _do(self, where: Where, conversation_id: str, act: Act) -> bool:
        """Act as the agent behind the Slack user. Whoever may not, or comes too late, is told so; nobody else is."""

        try:
            await self._acts.do(self._account(where), conversation_id, act)
        except NotLinked:
            self._background.run(self._offer_link(where))
        except Refused as refused:
            self._whisper(where, str(refused))
        else:
            return True
        return False

    async def _offer_link(self, where: Where) -> None:
        await self._people.learn(where.user)
        await self._whisper_now(where, LINK.format(self._link(where)))

    def _link(self, where: Where) -> str:
        return self._links.address(self._account(where), self._people.name(where.user) or where.user)

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


def _thread_of(container: Payload) -> object:
    """The card's own id, for a button on it and for one in its thread."""
    return container.get("thread_ts") or container.get("message_ts")


def _user(payload: Payload) -> str:
    return str((payload.get("user") or {}).get("id"))
