"""What agents write in a ticket's thread: notes among themselves, words and files for the customer, what was done."""

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session
from telegram import CallbackQuery, ForceReply, Message, User
from telegram.error import TelegramError

from connectors.desk_chats import acts
from connectors.desk_chats.acts import DeskActs, NotLinked, Refused
from connectors.desk_chats.words import NOTE_LONGEST, PREFIX, WHAT_WAS_DONE
from connectors.gateway.background import Background
from connectors.telegram import desk_words
from connectors.telegram.bot_api import BotApi
from connectors.telegram.content import Content, content
from connectors.telegram.desk_cards import OWN
from connectors.telegram.desk_files import DeskFiles
from connectors.telegram.desk_hints import DeskHints, under
from connectors.telegram.desk_words import DeskButton
from connectors.telegram.events import CHANNEL
from connectors.telegram.pace import Pace, Paused
from handoff import desk_threads
from handoff.database import Database
from handoff.desk_threads import Thread

log = structlog.get_logger(__name__)

WRITE_AGAIN = f"I can't see that message any more. Write it again, with {PREFIX} in front."


@dataclass(frozen=True)
class Told:
    """A press or a message, by whom, and our name for it: told again, it changes nothing."""

    user: User
    key: str


class DeskTalk:
    """``chat_id``: the agents' group."""

    def __init__(
        self,
        database: Database,
        desk: DeskActs,
        api: BotApi,
        pace: Pace,
        hints: DeskHints,
        background: Background,
        files: DeskFiles,
        chat_id: int,
    ) -> None:
        self._database = database
        self._acts = desk
        self._api = api
        self._pace = pace
        self._hints = hints
        self._background = background
        self._files = files
        self._chat_id = chat_id
        self._place = str(chat_id)

    async def written(self, message: Message, told: Told) -> None:
        """Returns when what comes of ``message`` is committed. Raises ``SQLAlchemyError`` and ``TelegramError``."""
        thread = await self._database.read(_thread_of, self._place, message)
        said = content(message)
        if thread is None or said is None:
            return
        text = said.text.strip()
        if said.wordless:
            self._offer_file(message, said, thread)
        elif thread.asks_epoch is not None:
            await self._hand_back(message, told, thread, thread.asks_epoch, text)
        elif not text.startswith(PREFIX):
            await self._note(message, told, thread, text)
        else:
            await self._say(message, told, thread, said)

    async def send_note(self, query: CallbackQuery, thread: Thread, told: Told) -> None:
        """The button under a note: the words that our message answers."""
        ours = query.message if isinstance(query.message, Message) else None
        note = ours.reply_to_message if ours is not None else None
        said = content(note) if note is not None else None
        if ours is None or note is None or said is None or not _says_anything(said):
            self._hints.alert(query, WRITE_AGAIN)
            return
        if thread.over:
            self._hints.alert(query, acts.OVER)
            return
        with self._hints.telling_why_not(query):
            sent = await self._send(note, said, thread, told)
            self._hints.done(query)
            if sent:
                self._hints.courtesy(ours.edit_text(f"Sent to the customer by {told.user.full_name}."))

    def ask_what_was_done(self, query: CallbackQuery, pressed: DeskButton, thread: Thread) -> None:
        """A question that is answered by replying to it; :meth:`written` hears the answer."""
        self._hints.done(query)
        self._background.run(self._ask(query, pressed, thread))

    async def _ask(self, query: CallbackQuery, pressed: DeskButton, thread: Thread) -> None:
        card = query.message
        try:
            await self._pace.wait(self._chat_id)
            asked = await self._api.bot.send_message(
                self._chat_id,
                f"{query.from_user.mention_html()}: {WHAT_WAS_DONE} Reply to this message.",
                parse_mode="HTML",
                message_thread_id=card.message_thread_id if isinstance(card, Message) else None,
                reply_parameters=under(card.message_id) if card is not None else None,
                reply_markup=ForceReply(selective=True, input_field_placeholder="The refund of $48.00 is on its way."),
            )
        except (Paused, TelegramError) as error:
            log.info("telegram_desk_not_asked", error=type(error).__name__)
            return
        line = (CHANNEL, self._place, str(asked.message_id), thread.ticket_id)
        await self._database.write(desk_threads.keep_line, *line, asks_epoch=pressed.epoch)

    async def _hand_back(self, message: Message, told: Told, thread: Thread, epoch: int, note: str) -> None:
        act = acts.hand_back(thread.conversation_id, epoch, note[:NOTE_LONGEST])
        with self._hints.telling_why_not(message):
            await self._acts.do(str(told.user.id), thread.conversation_id, act, told.key)

    async def _say(self, message: Message, told: Told, thread: Thread, said: Content) -> None:
        if thread.over:
            self._hints.whisper(message, acts.OVER)
            return
        if not _says_anything(said):
            return
        with self._hints.telling_why_not(message):
            if await self._send(message, said, thread, told):
                self._hints.courtesy(message.set_reaction(desk_words.SENT_MARK))

    async def _send(self, message: Message, said: Content, thread: Thread, told: Told) -> bool:
        """Whether it went to the customer now. A file is fetched only for who may send it.

        Raises :class:`NotLinked` and :class:`Refused`.
        """
        account, client_id = str(told.user.id), self._id_of(message)
        if not said.files:
            act = acts.say(thread.conversation_id, client_id, _words(said))
            return await self._acts.do(account, thread.conversation_id, act, told.key)
        if not await self._acts.may_say(account, thread.conversation_id, told.key):
            return False
        file = await self._files.keep(said.files[0])
        act = acts.say(thread.conversation_id, client_id, _words(said), file)
        try:
            sent = await self._acts.do(account, thread.conversation_id, act, told.key)
        except (NotLinked, Refused):
            await self._files.drop(file)
            raise
        if not sent:
            await self._files.drop(file)
        return sent

    async def _note(self, message: Message, told: Told, thread: Thread, text: str) -> None:
        kept = await self._acts.note(str(told.user.id), thread.conversation_id, self._id_of(message), text)
        if kept and not thread.over:
            self._background.run(self._offer_to_send(message, thread, desk_words.KEPT))

    def _offer_file(self, message: Message, said: Content, thread: Thread) -> None:
        """A file without words: in an album only the first can have any."""
        if said.files and not thread.over:
            self._background.run(self._offer_to_send(message, thread, desk_words.FILE_KEPT))

    async def _offer_to_send(self, message: Message, thread: Thread, words: str) -> None:
        """What was kept among us may have been meant for the customer."""
        try:
            await self._pace.wait(self._chat_id)
            offer = await message.reply_text(
                words,
                reply_markup=desk_words.send_keyboard(thread.ticket_id),
                reply_parameters=under(message.message_id),
                disable_notification=True,
            )
        except (Paused, TelegramError) as error:
            log.debug("telegram_desk_not_offered", error=type(error).__name__)
            return
        for line in (message.message_id, offer.message_id):
            where = (CHANNEL, self._place, str(line), thread.ticket_id)
            await self._database.write(desk_threads.keep_line, *where)

    def _id_of(self, message: Message) -> str:
        return f"{OWN}{self._chat_id}:{message.message_id}"


def _thread_of(session: Session, place: str, message: Message) -> Thread | None:
    """What is answered says most; in a topic everything else is about the topic's ticket."""
    answered = message.reply_to_message
    if answered is not None:
        thread = desk_threads.answering(session, CHANNEL, place, str(answered.message_id))
        if thread is not None:
            return thread
    if message.is_topic_message and message.message_thread_id is not None:
        return desk_threads.in_topic(session, CHANNEL, place, str(message.message_thread_id))
    return None


def _says_anything(said: Content) -> bool:
    return bool(_words(said) or said.files)


def _words(said: Content) -> str:
    """What of it is meant for the customer."""
    return "" if said.wordless else said.text.strip().removeprefix(PREFIX).strip()
