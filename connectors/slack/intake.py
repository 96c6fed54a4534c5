"""What Slack tells us, from either door: kept first, acknowledged then, and everything else after that."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import structlog

from connectors.connector import DeliveryError
from connectors.gateway import metrics
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.slack.blocks import CHOICE, chosen
from connectors.slack.direct import DirectMessages
from connectors.slack.events import Changed, Payload, Said, heard
from connectors.slack.files import sent_file
from connectors.slack.identity import Identity
from connectors.slack.mrkdwn import plain, without_mention
from connectors.slack.people import People, Person
from connectors.slack.place import Place
from connectors.slack.posting import Posting
from connectors.slack.web_api import FAILURES
from handoff import buttons, customer_view, edits, inbox, introductions, repeats
from handoff.database import Database
from handoff.inbox import Accepted, Inbound

log = structlog.get_logger(__name__)

NAME = "slack"
"""What stands in ``conversation.channel``."""
COMMAND = "/human"
DESK_COMMAND = "/desk"
"""The agents' own: Slack has an ``/away`` already."""
NOT_YOURS = "That question was for somebody else. Mention me, and I'm all ears."


class AgentsDesk(Protocol):
    """The agents' side of the same workspace, if there is one."""

    def is_at(self, channel: str) -> bool:
        """Whether ``channel`` is the agents' own."""

    async def heard(self, told: Said | Changed, key: str) -> None: ...

    async def acted(self, payload: Payload) -> Payload | None: ...

    async def commanded(self, channel: str, user: str, text: str) -> str:
        """Somebody's coming or going; the words that only they see."""


class Intake:
    """Every method returns when what it was told is committed, and raises ``SQLAlchemyError`` when it could not be."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        identity: Identity,
        people: People,
        direct: DirectMessages,
        posting: Posting,
        background: Background,
        desk: AgentsDesk | None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._identity = identity
        self._people = people
        self._direct = direct
        self._posting = posting
        self._background = background
        self._desk = desk

    async def event(self, envelope: Payload) -> None:
        """An ``event_callback``."""
        event = envelope.get("event")
        if not isinstance(event, dict):
            return
        key = f"event:{envelope.get('event_id')}"
        told = heard(event, self._team(envelope), self._our_user(envelope))
        if told is None:
            return
        if self._desk is not None and self._desk.is_at(told.place.channel):
            await self._desk.heard(told, key)
        elif isinstance(told, Changed):
            await self._changed(told, key)
        elif told.direct or told.mentions_us or await self._is_known(told.place):
            await self._said(told)

    async def interaction(self, payload: Payload) -> Payload | None:
        """A pressed button, a message shortcut or a submitted form. Returns what to acknowledge with, if anything."""
        actions = [one for one in payload.get("actions") or [] if isinstance(one, dict)]
        pressed = next((one for one in actions if str(one.get("action_id", "")).startswith(CHOICE)), None)
        if payload.get("type") == "block_actions" and pressed is not None:
            await self._pressed(payload, str(pressed.get("value")))
            return None
        return await self._desk.acted(payload) if self._desk is not None else None

    async def command(self, fields: Payload) -> Payload:
        """A slash command; returns the words that only its user sees."""
        user, text = str(fields.get("user_id")), str(fields.get("text") or "")
        if fields.get("command") == DESK_COMMAND and self._desk is not None:
            return _only_you(await self._desk.commanded(str(fields.get("channel_id")), user, text))
        if fields.get("command") != COMMAND:
            return _only_you(f"I only know {COMMAND} here.")
        try:
            channel = await self._direct.channel(user)
        except FAILURES:
            return _only_you("That didn't work just now. Please write to me in a direct message: “a person, please”.")
        place = Place(self._team(fields), channel)
        words = f"{COMMAND} {text}".strip()
        await self._accept(self._inbound(place, user, words, f"command:{fields.get('trigger_id')}"), user)
        return _only_you("I've asked for a person. The answer comes in our direct messages.")

    async def _said(self, said: Said) -> None:
        # Slack may tell of one message twice, as `message` and as `app_mention`.
        key = f"{said.place.channel}:{said.ts}"
        words, files = self._words(said.text), tuple(sent_file(file) for file in said.files)
        inbound = self._inbound(said.place, said.user, words or ", ".join(file.title for file in files), key)
        await self._accept(replace(inbound, provider_id=said.ts, files=files, wordless=not words), said.user)

    async def _changed(self, changed: Changed, event_key: str) -> None:
        text = None if changed.text is None else self._words(changed.text)
        now = datetime.now(UTC)
        address = changed.place.address
        edited = await self._database.write_first(
            repeats.once,
            NAME,
            event_key,
            now,
            lambda session: edits.edit(session, NAME, address, changed.ts, text, now),
        )
        if edited is not None:
            self._bus.changed(edited[0])

    def _words(self, text: str) -> str:
        return plain(without_mention(text, self._identity.user), self._people.name).strip()

    async def _pressed(self, payload: Payload, button_id: str) -> None:
        place, ts = _pressed_at(payload, self._team(payload))
        title = await self._database.read(buttons.title, NAME, place.address, button_id)
        if title is None:
            self._background.run(self._posting.whisper(place, _user(payload), NOT_YOURS))
            return
        user = _user(payload)
        # One choice a message: a second press, on any of its buttons, is the same act.
        accepted = await self._accept(self._inbound(place, user, button_id, f"press:{place.channel}:{ts}"), user)
        if accepted is not None:
            blocks = (payload.get("message") or {}).get("blocks") or []
            words = str((payload.get("message") or {}).get("text") or title)
            self._background.run(self._retire(place.channel, ts, words, chosen(blocks, title)))

    async def _retire(self, channel: str, ts: str, text: str, blocks: list[Payload]) -> None:
        try:
            await self._posting.edit(channel, ts, text, blocks)
        except DeliveryError as error:
            log.info("slack_buttons_not_retired", reason=str(error))

    def _inbound(self, place: Place, user: str, text: str, key: str) -> Inbound:
        person = self._people.known(user) or Person()
        return Inbound(
            channel=NAME,
            address=place.address,
            dedupe_key=key,
            text=text,
            customer_name=person.name,
            locale=person.locale,
            profile={"slack_user": user},
        )

    async def _accept(self, inbound: Inbound, user: str) -> Accepted | None:
        """Keep it; None when it is kept already."""
        accepted = await self._database.write_first(inbox.accept, inbound, datetime.now(UTC))
        (metrics.DUPLICATES if accepted.duplicate else metrics.MESSAGES).labels(NAME).inc()
        if accepted.duplicate:
            return None
        self._bus.changed(accepted.conversation_id)
        if self._people.known(user) is None:
            self._background.run(self._introduce(accepted, user))
        return accepted

    async def _introduce(self, accepted: Accepted, user: str) -> None:
        person = await self._people.learn(user)
        if person.name or person.locale:
            who = (accepted.conversation_id, accepted.seq, person.name, person.locale)
            await self._database.write(introductions.introduce, *who)
            self._bus.changed(accepted.conversation_id)

    async def _is_known(self, place: Place) -> bool:
        return await self._database.read(customer_view.find, NAME, place.address) is not None

    def _team(self, told: Payload) -> str:
        """Our own workspace: people of others may write in a shared channel."""
        team = told.get("team")
        theirs = team.get("id") if isinstance(team, dict) else told.get("team_id")
        return self._identity.team or str(theirs)

    def _our_user(self, envelope: Payload) -> str:
        if self._identity.user:
            return self._identity.user
        authorizations = envelope.get("authorizations") or [{}]
        return str(authorizations[0].get("user_id", ""))


def _pressed_at(payload: Payload, team: str) -> tuple[Place, str]:
    """Where a button was pressed, and the ``ts`` of the message that it hung under."""
    container = payload.get("container") or {}
    message = payload.get("message") or {}
    channel = str((payload.get("channel") or {}).get("id") or container.get("channel_id"))
    ts = str(container.get("message_ts") or message.get("ts"))
    thread = container.get("thread_ts") or message.get("thread_ts")
    if channel.startswith("D"):
        return Place(team, channel, thread if thread != ts else None), ts
    return Place(team, channel, thread, _user(payload)), ts


def _user(payload: Payload) -> str:
    return str((payload.get("user") or {}).get("id"))


def _only_you(text: str) -> Payload:
    return {"response_type": "ephemeral", "text": text}
