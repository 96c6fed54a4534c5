"""What one agent alone is told: in the answer to a press, or in their private chat with the bot."""

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from telegram import CallbackQuery, Message, ReplyParameters
from telegram.error import BadRequest, Forbidden, TelegramError

from connectors.desk_chats.acts import NotLinked, Refused
from connectors.desk_chats.link_page import LinkPage
from connectors.gateway.background import Background
from connectors.telegram.bot_api import BotApi
from connectors.telegram.content import clean
from connectors.telegram.desk_cards import NO_PREVIEW
from connectors.telegram.intake import START_WITH

log = structlog.get_logger(__name__)

LONGEST_ALERT = 200
UNKNOWN_AGENT = "I don't know yet which agent you are."


class DeskHints:
    """Nothing here is waited for: what matters is committed before."""

    def __init__(self, api: BotApi, links: LinkPage, background: Background) -> None:
        self._api = api
        self._links = links
        self._background = background

    @contextmanager
    def telling_why_not(self, asked: CallbackQuery | Message) -> Iterator[None]:
        """Around an act at the desk: who ``asked`` for it and may not do it, or can't yet, hears why."""
        try:
            yield
        except NotLinked:
            if isinstance(asked, Message):
                self.offer_link(asked)
            else:
                self.show_the_way(asked)
        except Refused as refused:
            if isinstance(asked, Message):
                self.whisper(asked, str(refused))
            else:
                self.alert(asked, str(refused))

    def done(self, query: CallbackQuery) -> None:
        """Telegram shows a spinner on a button until it is answered."""
        self.courtesy(query.answer())

    def alert(self, query: CallbackQuery, text: str) -> None:
        """Words that only who pressed sees."""
        self.courtesy(query.answer(text[:LONGEST_ALERT], show_alert=True))

    def show_the_way(self, query: CallbackQuery) -> None:
        """To a private chat with us, where :meth:`send_link` is for nobody else to see."""
        self._background.run(self._show_the_way(query))

    def send_link(self, user_id: int, name: str) -> None:
        """The link by which somebody shows which agent they are, to their private chat."""
        self.courtesy(self._say_privately(user_id, self._link(user_id, name)))

    def offer_link(self, message: Message) -> None:
        """As :meth:`send_link`, to who wrote ``message``; whoever never opened a private chat reads how to."""
        self._background.run(self._offer_link(message))

    def whisper(self, message: Message, text: str) -> None:
        """Words for who wrote ``message``: in private, or, if they never opened a private chat, under it."""
        self._background.run(self._whisper(message, text, text))

    def courtesy(self, call: Awaitable[Any]) -> None:
        self._background.run(_quietly(call))

    async def _show_the_way(self, query: CallbackQuery) -> None:
        await _quietly(query.answer(url=await self._private_chat()))

    async def _offer_link(self, message: Message) -> None:
        assert message.from_user is not None, "channels do not write here"
        private = self._link(message.from_user.id, message.from_user.full_name)
        chat = await self._private_chat()
        await self._whisper(
            message, private, f"{UNKNOWN_AGENT} Open {chat}, press Start and follow the link. Then do it again."
        )

    async def _whisper(self, message: Message, private: str, in_group: str) -> None:
        assert message.from_user is not None, "channels do not write here"
        try:
            await self._say_privately(message.from_user.id, private)
        except (Forbidden, BadRequest):
            await _quietly(message.reply_text(in_group, reply_parameters=under(message.message_id)))
        except TelegramError as error:
            log.info("telegram_whisper_lost", error=type(error).__name__)

    async def _say_privately(self, user_id: int, text: str) -> None:
        await self._api.bot.send_message(user_id, text, link_preview_options=NO_PREVIEW)

    def _link(self, user_id: int, name: str) -> str:
        address = self._links.address(str(user_id), clean(name))
        return (
            f"{UNKNOWN_AGENT} Open this page within 15 minutes, sign in at the desk and confirm that it is you:\n\n"
            f"{address}\n\nThen do it again."
        )

    async def _private_chat(self) -> str:
        return f"https://t.me/{(await self._api.us()).username}?start={START_WITH}"


def under(message_id: int) -> ReplyParameters:
    return ReplyParameters(message_id, allow_sending_without_reply=True)


async def _quietly(call: Awaitable[Any]) -> None:
    try:
        await call
    except TelegramError as error:
        log.info("telegram_courtesy_failed", error=type(error).__name__)
