"""The Telegram connector: see :mod:`connectors.connector` for what every channel does."""

from typing import Any

import structlog
from sanic import Sanic
from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, RetryAfter, TelegramError

from connectors.connector import DeliveryError
from connectors.desk_chats.card_keeper import CardKeeper
from connectors.desk_chats.link_page import LinkPage
from connectors.gateway import processes
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.gateway.join_links import JoinTokens, NoLink
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.origins import is_https
from connectors.gateway.settings import Settings
from connectors.gateway.uploads import Uploads
from connectors.telegram import sent_files, webhook, words
from connectors.telegram.agents_desk import TelegramDesk
from connectors.telegram.bot_api import BotApi
from connectors.telegram.chat_address import ChatAddress
from connectors.telegram.desk_cards import TelegramCards
from connectors.telegram.desk_files import DeskFiles
from connectors.telegram.events import CHANNEL
from connectors.telegram.intake import Intake
from connectors.telegram.pace import Pace, Paused
from connectors.telegram.polling import Poller
from connectors.telegram.problems import delivery_error, seconds_asked
from connectors.telegram.sent_files import FileSender, Part
from handoff.database import Database
from handoff.media import LARGEST_BYTES
from handoff.outbox import Delivery, Edit

log = structlog.get_logger(__name__)

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """Customers on Telegram. ``settings`` decides between webhook and polling; see :func:`uses_webhook`."""

    name = CHANNEL

    def __init__(self, settings: Settings, database: Database, bus: Bus, files: MediaFiles) -> None:
        assert settings.telegram_bot_token is not None, "the channel is off without a token"
        secret = settings.telegram_webhook_secret
        self._secret = secret.get_secret_value() if secret is not None else ""
        self._api = BotApi(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_url)
        self._files = FileSender(self._api.bot, files)
        self._pace = Pace()
        self._background = Background()
        self._links = LinkPage(
            database, processes.secret(settings.internal_token), CHANNEL, "Telegram", settings.public_url
        )
        desk, self._cards = None, None
        if settings.telegram_desk_chat is not None:
            at = (settings.telegram_desk_chat, settings.public_url)
            desk_files = DeskFiles(self.fetch, Uploads(files))
            desk = TelegramDesk(database, bus, self._api, self._pace, self._links, self._background, desk_files, *at)
            cards = TelegramCards(database, self._api.bot, self._pace, self._files, *at)
            self._cards = CardKeeper(database, bus, cards, CHANNEL, str(settings.telegram_desk_chat))
        tokens = JoinTokens(processes.secret(settings.internal_token))
        self._intake = Intake(database, bus, self._api, tokens, self._background, desk)
        self._poller = None if uses_webhook(settings) else Poller(self._api, self._intake)

    def register(self, app: Sanic[Any, Any]) -> None:
        webhook.register(app, self._secret, self._intake)
        if self._cards is not None:
            self._links.register(app)

    async def start(self) -> None:
        if self._cards is not None:
            await self._cards.start()
        if self._poller is not None:
            self._poller.start()

    async def stop(self) -> None:
        if self._poller is not None:
            await self._poller.stop()
        if self._cards is not None:
            await self._cards.stop()
        await self._background.stop()
        await self._api.close()

    def status(self) -> dict[str, object]:
        mode = "webhook" if self._poller is None else "polling"
        problem = self._poller.problem if self._poller is not None else None
        if problem is None and self._cards is not None and self._cards.error is not None:
            problem = f"The agents' group: {self._cards.error}"
        return (
            {"status": "ok", "mode": mode}
            if problem is None
            else {"status": "failing", "mode": mode, "detail": problem}
        )

    async def deep_link(self, token: str) -> str:
        """The address that opens our private chat and has it say ``/start <token>``. Raises :class:`NoLink`."""
        try:
            return f"https://t.me/{(await self._api.us()).username}?start={token}"
        except TelegramError as error:
            raise NoLink(type(error).__name__) from error

    async def send(self, delivery: Delivery) -> str | None:
        address = ChatAddress.parse(delivery.address)
        parts = sent_files.parts(delivery)
        sent_id = None
        for number in range(delivery.parts_sent, len(parts)):
            try:
                sent_id = await self._send_part(delivery, address, parts, number)
            except Paused as paused:
                raise DeliveryError(str(paused), retry_after=paused.seconds, parts_sent=number) from paused
            except TelegramError as error:
                self._note(address, error)
                raise delivery_error(error, address, parts_sent=number) from error
        return sent_id

    async def edit(self, edit: Edit) -> None:
        address = ChatAddress.parse(edit.address)
        try:
            await self._pace.wait(address.chat_id)
            await self._api.bot.edit_message_text(
                words.parts(edit.message)[-1],
                address.chat_id,
                int(edit.provider_id),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=words.keyboard(edit.message),
            )
        except Paused as paused:
            raise DeliveryError(str(paused), retry_after=paused.seconds) from paused
        except BadRequest as error:
            if "not modified" not in error.message:
                raise DeliveryError(error.message, permanent=True) from error
        except TelegramError as error:
            self._note(address, error)
            raise delivery_error(error, address, parts_sent=0) from error

    async def typing(self, address: str) -> None:
        chat = ChatAddress.parse(address)
        try:
            self._pace.check(chat.chat_id)
            await self._api.bot.send_chat_action(chat.chat_id, ChatAction.TYPING, message_thread_id=chat.topic_id)
        except (Paused, TelegramError) as error:
            log.debug("typing_not_shown", error=type(error).__name__)

    async def fetch(self, provider_file_id: str) -> bytes:
        """The bytes of a file that a customer sent, at most :data:`LARGEST_BYTES`. Raises :class:`DeliveryError`."""
        try:
            file = await self._api.bot.get_file(provider_file_id)
            if (file.file_size or 0) > LARGEST_BYTES:
                raise DeliveryError("the file is too large", permanent=True)
            return bytes(await file.download_as_bytearray())
        except RetryAfter as error:
            raise DeliveryError(str(error), retry_after=seconds_asked(error)) from error
        except TelegramError as error:
            raise DeliveryError(error.message, permanent=isinstance(error, BadRequest)) from error

    async def _send_part(self, delivery: Delivery, address: ChatAddress, parts: list[Part], number: int) -> str:
        await self._pace.wait(address.chat_id)
        part = parts[number]
        answers = delivery.reply_to if address.in_group and number == 0 else None
        more: dict[str, Any] = {
            "message_thread_id": address.topic_id,
            "reply_parameters": ReplyParameters(int(answers), allow_sending_without_reply=True) if answers else None,
            "reply_markup": words.keyboard(delivery.message) if number == len(parts) - 1 else None,
        }
        if part.file is not None:
            return str((await self._files.send(address.chat_id, part, **more)).message_id)
        message = await self._api.bot.send_message(
            address.chat_id, part.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW, **more
        )
        return str(message.message_id)

    def _note(self, address: ChatAddress, error: TelegramError) -> None:
        if isinstance(error, RetryAfter):
            self._pace.pause(address.chat_id, seconds_asked(error))


def uses_webhook(settings: Settings) -> bool:
    """Telegram can call us: there is a secret, and (unless ``TELEGRAM_MODE`` says otherwise) a public https address."""
    if settings.telegram_mode == "auto":
        return settings.telegram_webhook_secret is not None and is_https(settings.public_url)
    return settings.telegram_mode == "webhook"
