"""Tickets in the agents' group: a topic for each where the group has topics, else a card that is answered."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import structlog
from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from connectors.connector import DeliveryError
from connectors.desk_chats.card_keeper import Gone
from connectors.desk_chats.words import desk_address, lines
from connectors.telegram import desk_words
from connectors.telegram.chat_address import ChatAddress
from connectors.telegram.desk_words import Post
from connectors.telegram.events import CHANNEL
from connectors.telegram.pace import Pace, Paused
from connectors.telegram.problems import delivery_error, seconds_asked
from connectors.telegram.sent_files import FileSender, Part
from handoff import desk_notes, desk_threads
from handoff.database import Database
from handoff.desk_calls import Call
from handoff.desk_threads import Behind, Spot

log = structlog.get_logger(__name__)

OWN = "telegram:"
"""What the id of words begins with that were written in the group itself: they are there already."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_GONE = ("message to edit not found", "message thread not found", "message_id_invalid")

Answer = TypeVar("Answer")
SendAgain = Callable[..., Awaitable[Message]]


class Unchanged(DeliveryError):
    """The message reads so already."""


class TelegramCards:
    """See :class:`connectors.desk_chats.card_keeper.Cards`.

    Telegram lets a bot read nothing back: what it took without saying so is posted again. That may show a card or a line
    twice among agents, and never does more: a card's buttons work by ticket and epoch, wherever they are pressed. A card
    that may be the second one says so.
    """

    def __init__(
        self, database: Database, bot: Bot, pace: Pace, files: FileSender, chat_id: int, public_url: str
    ) -> None:
        self._database = database
        self._bot = bot
        self._pace = pace
        self._files = files
        self._chat_id = chat_id
        self._public_url = public_url
        self._has_topics: bool | None = None
        self._surely_not_there: set[int] = set()
        """Tickets whose card was refused each time, or deleted: Telegram said so."""
        self._may_be_second: set[int] = set()

    async def open(self, behind: Behind) -> Spot:
        if behind.spot.card is not None or behind.spot.topic is not None or behind.card is None:
            return behind.spot
        with self._posting(behind):
            if self._has_topics is None:
                self._has_topics = bool((await self._call(self._bot.get_chat, self._chat_id)).is_forum)
            if not self._has_topics:
                return Spot()
            made = await self._call(self._bot.create_forum_topic, self._chat_id, desk_words.topic(behind.card))
        return Spot(topic=str(made.message_thread_id))

    async def show_card(self, behind: Behind, spot: Spot) -> Spot:
        if behind.card is None:
            return spot
        if spot.card is None and behind.tried and behind.ticket_id not in self._surely_not_there:
            self._may_be_second.add(behind.ticket_id)
        second = behind.ticket_id in self._may_be_second
        text = desk_words.card(behind.card, in_topic=spot.topic is not None, may_be_second=second)
        address = desk_address(self._public_url, behind.conversation_id)
        more: dict[str, Any] = {
            "parse_mode": ParseMode.HTML,
            "link_preview_options": NO_PREVIEW,
            "reply_markup": desk_words.keyboard(behind.card.state, behind.ticket_id, behind.epoch, address),
        }
        if spot.card is None:
            topic = _number(spot.topic)
            with self._posting(behind):
                posted = await self._call(self._bot.send_message, self._chat_id, text, message_thread_id=topic, **more)
            self._surely_not_there.discard(behind.ticket_id)
            return Spot(str(posted.message_id), spot.topic)
        with contextlib.suppress(Unchanged):
            await self._call(self._bot.edit_message_text, text, self._chat_id, int(spot.card), **more)
        return spot

    async def show_lines(self, behind: Behind, spot: Spot) -> None:
        posts = desk_words.posts(lines(behind, OWN), behind.files)
        for number, post in enumerate(posts, start=1):
            # A line with a file is shown once its file is: until then the thread counts as having what came before.
            shows_seq = post.seq - 1 if any(later.seq == post.seq for later in posts[number:]) else post.seq
            posted = await self._show(post, behind, spot)
            # Each for itself: what comes after it may fail, and this must not be posted again.
            await self._keep(posted, behind, shows_seq=shows_seq)
        for note in behind.notes:
            for html in desk_words.note(note):
                posted = await self._show(Post(html, behind.last_seq), behind, spot)
                await self._keep(posted, behind)
            await self._database.write(desk_notes.shown, CHANNEL, behind.place, note["id"], behind.ticket_id)
        if behind.over:
            self._may_be_second.discard(behind.ticket_id)
            self._surely_not_there.discard(behind.ticket_id)
        if behind.over and spot.topic is not None:
            with contextlib.suppress(DeliveryError):
                await self._call(self._bot.close_forum_topic, self._chat_id, int(spot.topic))

    async def ready_to_call(self) -> None:
        await self._in_turn()

    async def call(self, call: Call) -> None:
        words, send = desk_words.call(call), self._bot.send_message
        more: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": desk_words.call_keyboard(call)}
        try:
            posted = await self._asked(send, self._chat_id, words, **_where(call.spot), **more)
        except Gone:
            # Its topic was deleted: an agent is called beside it, for a button works wherever it is pressed.
            posted = await self._asked(send, self._chat_id, words, **more)
        line = (CHANNEL, str(self._chat_id), str(posted.message_id), call.ticket_id)
        await self._database.write(desk_threads.keep_line, *line)

    def failed(self, behind: Behind, error: DeliveryError) -> None:
        if isinstance(error, Gone):
            self._surely_not_there.add(behind.ticket_id)

    @contextlib.contextmanager
    def _posting(self, behind: Behind) -> Iterator[None]:
        """Remembers whether Telegram said each time that it has not taken the card."""
        try:
            yield
        except DeliveryError as error:
            refused_before = not behind.tried or behind.ticket_id in self._surely_not_there
            if refused_before and not error.ambiguous:
                self._surely_not_there.add(behind.ticket_id)
            else:
                self._surely_not_there.discard(behind.ticket_id)
            raise

    async def _keep(self, posted: Message, behind: Behind, shows_seq: int | None = None) -> None:
        """What it is about is known when somebody answers it."""
        line = (CHANNEL, behind.place, str(posted.message_id), behind.ticket_id)
        await self._database.write(desk_threads.keep_line, *line, shows_seq=shows_seq)

    async def _show(self, post: Post, behind: Behind, spot: Spot) -> Message:
        more = _where(spot)
        file = post.file
        if file is None:
            more |= {"parse_mode": ParseMode.HTML, "link_preview_options": NO_PREVIEW}
            return await self._call(self._bot.send_message, self._chat_id, post.html, **more)
        try:
            if file.channel == CHANNEL and file.provider_file_id and (again := self._by_id(file.kind)) is not None:
                return await self._call(again, self._chat_id, file.provider_file_id, **more)
            if file.kept is not None:
                return await self._call(self._files.send, self._chat_id, Part(post.html, file.kept), **more)
        except Gone:
            raise
        except DeliveryError as error:
            if not error.permanent:
                raise
            log.warning("file_not_shown", ticket=behind.ticket_id, reason=str(error))
        words = f"{post.html}\n{desk_words.not_here(file)}"
        return await self._call(self._bot.send_message, self._chat_id, words, parse_mode=ParseMode.HTML, **more)

    def _by_id(self, kind: str) -> SendAgain | None:
        """How a file that Telegram has already is shown once more."""
        calls: dict[str, SendAgain] = {
            "photo": self._bot.send_photo,
            "voice": self._bot.send_voice,
            "audio": self._bot.send_audio,
            "video": self._bot.send_video,
            "video_note": self._bot.send_video_note,
            "animation": self._bot.send_animation,
            "sticker": self._bot.send_sticker,
            "document": self._bot.send_document,
        }
        return calls.get(kind)

    async def _call(self, method: Callable[..., Awaitable[Answer]], *what: Any, **more: Any) -> Answer:
        """``method`` at Telegram's pace. Raises :class:`DeliveryError`."""
        await self._in_turn()
        return await self._asked(method, *what, **more)

    async def _in_turn(self) -> None:
        try:
            await self._pace.wait(self._chat_id)
        except Paused as paused:
            raise DeliveryError(str(paused), retry_after=paused.seconds) from paused

    async def _asked(self, method: Callable[..., Awaitable[Answer]], *what: Any, **more: Any) -> Answer:
        try:
            return await method(*what, **more)
        except TelegramError as error:
            raise self._problem(error) from error

    def _problem(self, error: TelegramError) -> DeliveryError:
        said = error.message.lower()
        if isinstance(error, BadRequest) and "not modified" in said:
            return Unchanged(error.message)
        if isinstance(error, BadRequest) and said.endswith(_GONE):
            return Gone(error.message)
        if isinstance(error, ChatMigrated):
            words = f"the agents' group has another id now: set TELEGRAM_DESK_CHAT={error.new_chat_id}"
            return DeliveryError(words, permanent=True)
        if isinstance(error, RetryAfter):
            self._pace.pause(self._chat_id, seconds_asked(error))
        return delivery_error(error, ChatAddress(self._chat_id), parts_sent=0)


def _where(spot: Spot) -> dict[str, Any]:
    """Under the card: in its topic, or in answer to it."""
    if spot.topic is not None:
        return {"message_thread_id": _number(spot.topic)}
    return {
        "reply_parameters": ReplyParameters(int(spot.card), allow_sending_without_reply=True) if spot.card else None
    }


def _number(topic: str | None) -> int | None:
    return int(topic) if topic is not None else None
