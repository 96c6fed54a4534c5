"""Agents at work in their group on Telegram: the buttons of a card, and what is written in its thread."""

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session
from telegram import CallbackQuery, ChatMember, ForceReply, InlineKeyboardMarkup, Message, Update, User
from telegram.error import TelegramError

from connectors.desk_chats import acts
from connectors.desk_chats.acts import Act, DeskActs, NotLinked, Press, Refused
from connectors.desk_chats.link_page import LinkPage
from connectors.desk_chats.words import NOTE_LONGEST, PREFIX, WHAT_WAS_DONE, desk_address
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.telegram import desk_words
from connectors.telegram.bot_api import BotApi
from connectors.telegram.content import Content, content
from connectors.telegram.desk_cards import OWN
from connectors.telegram.desk_files import DeskFiles
from connectors.telegram.desk_hints import DeskHints, under
from connectors.telegram.desk_words import DeskButton
from connectors.telegram.events import CHANNEL
from connectors.telegram.pace import Pace, Paused
from handoff import agent_links, desk_threads
from handoff.database import Database
from handoff.desk_threads import Thread

log = structlog.get_logger(__name__)

PRESSES: dict[str, Press] = {
    desk_words.CLAIM: "claim",
    desk_words.RESOLVE: "resolve",
    desk_words.REQUEUE: "requeue",
}
PRESENCE = {"/here": True, "/away": False}
HERE = (
    f"You're at the desk for {acts.HERE_FOR.total_seconds() / 3600:.0f} hours: tickets are offered to you in the group, by name. "
    "/away ends it; so do three offers in a row that you let pass."
)
AWAY = "You're away. Nothing is offered to you until you send /here in the group, or open the desk and come online."
MENUS = (desk_words.ASK_RESOLVE, desk_words.ASK_TRANSFER, desk_words.BACK)
WRITE_AGAIN = f"I can't see that message any more. Write it again, with {PREFIX} in front."


@dataclass(frozen=True)
class Told:
    """A press or a message, by whom, and our name for it: told again, it changes nothing."""

    user: User
    key: str


class TelegramDesk:
    """``chat_id``: the agents' group."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        api: BotApi,
        pace: Pace,
        links: LinkPage,
        background: Background,
        files: DeskFiles,
        chat_id: int,
        public_url: str,
    ) -> None:
        self._database = database
        self._acts = DeskActs(database, bus, CHANNEL)
        self._api = api
        self._pace = pace
        self._hints = DeskHints(api, links, background)
        self._background = background
        self._files = files
        self._chat_id = chat_id
        self._place = str(chat_id)
        self._public_url = public_url

    def is_at(self, update: Update) -> bool:
        return update.effective_chat is not None and update.effective_chat.id == self._chat_id

    async def told(self, update: Update) -> None:
        """Returns when what ``update`` tells is committed. Raises ``SQLAlchemyError`` and ``TelegramError``."""
        query, message = update.callback_query, update.message
        key = f"desk:update:{update.update_id}"
        if query is not None:
            await self._pressed(query, Told(query.from_user, key))
        elif message is not None and message.from_user is not None and not message.from_user.is_bot:
            present = PRESENCE.get(_command(message))
            if present is not None and await self._is_for_us(message):
                await self._come_or_go(message, message.from_user, present)
                return
            await self._written(message, Told(message.from_user, key))

    async def may_link(self, user_id: int) -> bool:
        """Whether this person is in the agents' group. Raises ``TelegramError``."""
        member = await self._api.bot.get_chat_member(self._chat_id, user_id)
        return member.status in (
            ChatMember.OWNER,
            ChatMember.ADMINISTRATOR,
            ChatMember.MEMBER,
            ChatMember.RESTRICTED,
        )

    def send_link(self, user_id: int, name: str) -> None:
        """The link by which somebody shows which agent they are, to their private chat."""
        self._hints.send_link(user_id, name)

    async def _is_for_us(self, message: Message) -> bool:
        """A command may name its bot: a group can have several. Raises ``TelegramError``."""
        _, at, name = _first_word(message).partition("@")
        return not at or name == (await self._api.us()).username.lower()

    async def _come_or_go(self, message: Message, user: User, present: bool) -> None:
        """Told again, it only says so again."""
        try:
            await self._acts.set_present(str(user.id), present)
        except NotLinked:
            self._hints.offer_link(message)
        except Refused as refused:
            self._hints.whisper(message, str(refused))
        else:
            self._hints.whisper(message, HERE if present else AWAY)

    async def _pressed(self, query: CallbackQuery, told: Told) -> None:
        pressed = DeskButton.parse(query.data or "")
        thread = None
        if pressed is not None:
            thread = await self._database.read(desk_threads.of_ticket, CHANNEL, self._place, pressed.ticket_id)
        if pressed is None or thread is None:
            self._hints.alert(query, acts.UNKNOWN_CARD)
            return
        if pressed.act in MENUS:
            await self._turn_page(query, pressed, thread)
        elif pressed.act == desk_words.HAND_BACK:
            await self._ask_what_was_done(query, pressed, thread)
        elif pressed.act == desk_words.SEND:
            await self._send_note(query, thread, told)
        elif (act := _act(pressed, thread.conversation_id)) is not None:
            await self._try(query, told, thread, act)

    async def _turn_page(self, query: CallbackQuery, pressed: DeskButton, thread: Thread) -> None:
        """Other buttons under the same card. Nothing is changed yet, so nobody is asked who they are."""
        if pressed.act == desk_words.ASK_RESOLVE:
            keyboard: InlineKeyboardMarkup | None = desk_words.resolve_keyboard(pressed)
        elif pressed.act == desk_words.ASK_TRANSFER:
            colleagues = await self._database.read(agent_links.colleagues, CHANNEL, str(query.from_user.id))
            keyboard = desk_words.transfer_keyboard(pressed, [(one.id, one.name) for one in colleagues])
        else:
            address = desk_address(self._public_url, thread.conversation_id)
            keyboard = desk_words.keyboard("claimed", pressed.ticket_id, pressed.epoch, address)
        self._hints.done(query)
        self._hints.courtesy(query.edit_message_reply_markup(keyboard))

    async def _ask_what_was_done(self, query: CallbackQuery, pressed: DeskButton, thread: Thread) -> None:
        """A question that is answered by replying to it; :meth:`_written` hears the answer."""
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

    async def _send_note(self, query: CallbackQuery, thread: Thread, told: Told) -> None:
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
        try:
            sent = await self._send(note, said, thread, told)
        except NotLinked:
            self._hints.show_the_way(query)
        except Refused as refused:
            self._hints.alert(query, str(refused))
        else:
            self._hints.done(query)
            if sent:
                self._hints.courtesy(ours.edit_text(f"Sent to the customer by {told.user.full_name}."))

    async def _try(self, query: CallbackQuery, told: Told, thread: Thread, act: Act) -> None:
        """Act on a press, and answer it: Telegram shows a spinner until it is."""
        try:
            await self._acts.do(str(told.user.id), thread.conversation_id, act, told.key)
        except NotLinked:
            self._hints.show_the_way(query)
        except Refused as refused:
            self._hints.alert(query, str(refused))
        else:
            self._hints.done(query)

    async def _written(self, message: Message, told: Told) -> None:
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

    async def _hand_back(self, message: Message, told: Told, thread: Thread, epoch: int, note: str) -> None:
        act = acts.hand_back(thread.conversation_id, epoch, note[:NOTE_LONGEST])
        try:
            await self._acts.do(str(told.user.id), thread.conversation_id, act, told.key)
        except NotLinked:
            self._hints.offer_link(message)
        except Refused as refused:
            self._hints.whisper(message, str(refused))

    async def _say(self, message: Message, told: Told, thread: Thread, said: Content) -> None:
        if thread.over:
            self._hints.whisper(message, acts.OVER)
            return
        if not _says_anything(said):
            return
        try:
            sent = await self._send(message, said, thread, told)
        except NotLinked:
            self._hints.offer_link(message)
        except Refused as refused:
            self._hints.whisper(message, str(refused))
        else:
            if sent:
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


def _act(pressed: DeskButton, conversation_id: str) -> Act | None:
    if pressed.act == desk_words.PASS:
        return acts.pass_on(conversation_id, pressed.epoch, pressed.agent_id)
    if pressed.act in PRESSES:
        return acts.press(PRESSES[pressed.act], conversation_id, pressed.epoch)
    return None


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


def _command(message: Message) -> str:
    """``/here`` for "/here@our_bot please"; empty for a message of nothing but a file."""
    return _first_word(message).partition("@")[0]


def _first_word(message: Message) -> str:
    first, *_ = (message.text or "").split() or [""]
    return first.lower()


def _says_anything(said: Content) -> bool:
    return bool(_words(said) or said.files)


def _words(said: Content) -> str:
    """What of it is meant for the customer."""
    return "" if said.wordless else said.text.strip().removeprefix(PREFIX).strip()
