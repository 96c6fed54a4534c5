"""The Slack connector: direct messages, mentions and threads in, replies where the question was."""

import asyncio
from datetime import datetime
from typing import Any

import aiohttp
from sanic import Sanic

from connectors.connector import DeliveryError
from connectors.desk_chats.card_keeper import CardKeeper
from connectors.desk_chats.link_page import LinkPage
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.gateway.endless import Endless
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.processes import secret
from connectors.gateway.settings import Settings
from connectors.slack.agents_desk import SlackDesk
from connectors.slack.blocks import reply
from connectors.slack.desk_cards import SlackCards
from connectors.slack.direct import DirectMessages
from connectors.slack.door import Door
from connectors.slack.files import Files, name_for
from connectors.slack.identity import Identity
from connectors.slack.intake import NAME, Intake
from connectors.slack.mrkdwn import escaped
from connectors.slack.people import People
from connectors.slack.place import Place
from connectors.slack.posting import Mark, Posting
from connectors.slack.socket_mode import SocketMode
from connectors.slack.typing_status import TypingStatus
from connectors.slack.web_api import CALL_SECONDS, Patience, web_client
from handoff.database import Database
from handoff.media import KeptFile
from handoff.outbox import Delivery, Edit

KIND = "frontdesk_reply"


class SlackChat:
    name = NAME

    def __init__(self, settings: Settings, database: Database, bus: Bus, files: MediaFiles) -> None:
        assert settings.slack_bot_token is not None, "Slack is off without a bot token"
        client = web_client(secret(settings.slack_bot_token), settings.slack_api_url)
        self._client = client
        self._background = Background()
        self._identity = Identity(client)
        self._learning = Endless()
        patience = Patience()
        self._posting = Posting(client, patience)
        self._media = files
        self._typing = TypingStatus(client)
        self._files = Files(client, patience, secret(settings.slack_bot_token), settings.slack_api_url)
        people = People(client)
        self._links = LinkPage(database, secret(settings.internal_token), NAME, "Slack", settings.public_url)
        desk, self._cards = None, None
        if settings.slack_desk_channel:
            at = (NAME, settings.slack_desk_channel)
            desk = SlackDesk(
                database, bus, client, self._posting, self._identity, people, self._links, self._background, *at
            )
            cards = SlackCards(self._posting, self._identity, settings.public_url, settings.slack_desk_channel)
            self._cards = CardKeeper(database, bus, cards, *at)
        direct = DirectMessages(client)
        intake = Intake(database, bus, self._identity, people, direct, self._posting, self._background, desk)
        self._door = self._socket = None
        if settings.slack_signing_secret is not None:
            self._door = Door(intake, secret(settings.slack_signing_secret))
        if settings.slack_app_token is not None:
            token = secret(settings.slack_app_token)
            self._socket = SocketMode(intake, self._background, token, settings.slack_api_url)

    def register(self, app: Sanic[Any, Any]) -> None:
        if self._door is not None:
            self._door.register(app)
        if self._cards is not None:
            self._links.register(app)

    async def start(self) -> None:
        # Without one of ours the library opens a connection for every call.
        self._client.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(CALL_SECONDS))
        self._learning.start(self._identity.learn())
        if self._cards is not None:
            await self._cards.start()
        if self._socket is not None:
            await self._socket.start()

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.stop()
        await self._learning.stop()
        if self._cards is not None:
            await self._cards.stop()
        await self._background.stop()
        if self._client.session is not None:
            await self._client.session.close()

    def status(self) -> dict[str, object]:
        if self._identity.error is not None:
            return {"status": "failing", "detail": f"Slack says {self._identity.error}."}
        if self._socket is not None and not self._socket.connected:
            return {"status": "failing", "detail": "The socket to Slack is down; it connects again by itself."}
        if self._cards is not None and self._cards.error is not None:
            return {"status": "failing", "detail": f"The agents' channel: Slack says {self._cards.error}."}
        return {"status": "ok"}

    async def send(self, delivery: Delivery) -> str | None:
        place = Place.at(delivery.address)
        mark_id = f"{delivery.conversation_id}:{delivery.message['seq']}"
        there: dict[Mark, str] = {}
        if delivery.ambiguous:
            there = await self._posting.find(place, KIND, datetime.fromisoformat(delivery.message["at"]))
        ts = None
        parts = reply(delivery.message)
        for number, (text, blocks) in enumerate(parts):
            mark = Mark(KIND, mark_id, number)
            if number < delivery.parts_sent or mark in there:
                ts = there.get(mark, ts)
                continue
            try:
                ts = await self._posting.post(place, text, blocks, mark)
            except DeliveryError as error:
                error.parts_sent = number
                raise
        for number, file in enumerate(delivery.files, start=len(parts)):
            if number >= delivery.parts_sent:
                try:
                    ts = await self._share(delivery, place, file, Mark(KIND, mark_id, number))
                except DeliveryError as error:
                    error.parts_sent = number
                    raise
        return ts

    async def _share(self, delivery: Delivery, place: Place, file: KeptFile, mark: Mark) -> str | None:
        name = name_for(file, mark)
        if delivery.ambiguous:
            there = await self._posting.find_files(place, datetime.fromisoformat(delivery.message["at"]))
            if name in there:
                return there[name]
        try:
            content = await asyncio.to_thread(self._media.read, file.name)
        except OSError as error:
            raise DeliveryError("the file is not on this machine", permanent=True) from error
        message = delivery.message
        comment = f"*{escaped(message['name'])}*" if message["wordless"] and message["name"] else ""
        return await self._files.share(place, file, content, name, comment)

    async def edit(self, edit: Edit) -> None:
        text, blocks = reply(edit.message)[-1]
        await self._posting.edit(Place.at(edit.address).channel, edit.provider_id, text, blocks)

    async def fetch(self, provider_file_id: str) -> bytes:
        return await self._files.fetch(provider_file_id)

    async def typing(self, address: str) -> None:
        await self._typing.show(Place.at(address))
