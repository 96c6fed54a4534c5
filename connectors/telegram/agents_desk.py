"""Agents at work in their group on Telegram: the buttons of a card, and coming and going. What they write: :mod:`desk_talk`."""

from telegram import CallbackQuery, ChatMember, InlineKeyboardMarkup, Message, Update, User

from connectors.desk_chats import acts, words
from connectors.desk_chats.acts import Act, DeskActs, Press
from connectors.desk_chats.link_page import LinkPage
from connectors.desk_chats.words import desk_address
from connectors.gateway.background import Background
from connectors.gateway.bus import Bus
from connectors.telegram import desk_words
from connectors.telegram.bot_api import BotApi
from connectors.telegram.desk_files import DeskFiles
from connectors.telegram.desk_hints import DeskHints
from connectors.telegram.desk_talk import DeskTalk, Told
from connectors.telegram.desk_words import DeskButton
from connectors.telegram.events import CHANNEL
from connectors.telegram.pace import Pace
from handoff import agent_links, desk_threads
from handoff.database import Database
from handoff.desk_threads import Thread

PRESSES: dict[str, Press] = {
    desk_words.CLAIM: "claim",
    desk_words.DECLINE: "decline",
    desk_words.RESOLVE: "resolve",
    desk_words.REQUEUE: "requeue",
}
PRESENCE = {"/here": True, "/away": False}
ROOM = "the group"
MENUS = (desk_words.ASK_RESOLVE, desk_words.ASK_TRANSFER, desk_words.BACK)


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
        self._hints = DeskHints(api, links, background)
        self._talk = DeskTalk(database, self._acts, api, pace, self._hints, background, files, chat_id)
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
            await self._talk.written(message, Told(message.from_user, key))

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
        with self._hints.telling_why_not(message):
            await self._acts.set_present(str(user.id), present)
            self._hints.whisper(message, words.here(ROOM, "/away") if present else words.gone(ROOM, "/here"))

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
            self._talk.ask_what_was_done(query, pressed, thread)
        elif pressed.act == desk_words.SEND:
            await self._talk.send_note(query, thread, told)
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

    async def _try(self, query: CallbackQuery, told: Told, thread: Thread, act: Act) -> None:
        """Act on a press, and answer it: Telegram shows a spinner until it is."""
        with self._hints.telling_why_not(query):
            await self._acts.do(str(told.user.id), thread.conversation_id, act, told.key)
            self._hints.done(query)


def _act(pressed: DeskButton, conversation_id: str) -> Act | None:
    if pressed.act == desk_words.PASS:
        return acts.pass_on(conversation_id, pressed.epoch, pressed.agent_id)
    if pressed.act in PRESSES:
        return acts.press(PRESSES[pressed.act], conversation_id, pressed.epoch)
    return None


def _command(message: Message) -> str:
    """``/here`` for "/here@our_bot please"; empty for a message of nothing but a file."""
    return _first_word(message).partition("@")[0]


def _first_word(message: Message) -> str:
    first, *_ = (message.text or "").split() or [""]
    return first.lower()
