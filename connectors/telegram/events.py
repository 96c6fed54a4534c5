"""What Telegram's updates tell, in our words. Shapes: https://core.telegram.org/bots/api#update"""

from dataclasses import dataclass, replace
from datetime import datetime

from telegram import CallbackQuery, Message, MessageEntity, Update, User

from connectors.telegram.chat_address import ChatAddress
from connectors.telegram.content import Content, clean, content
from handoff.inbox import Inbound

CHANNEL = "telegram"


@dataclass(frozen=True)
class Said:
    """A customer's new message for us. ``start_with``: what the link that they followed to us makes ``/start`` carry."""

    inbound: Inbound
    start_with: str = ""


@dataclass(frozen=True)
class Changed:
    """New words for an older message."""

    address: str
    provider_id: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Pressed:
    """A button under one of our messages."""

    query_id: str
    inbound: Inbound
    message_id: int | None
    """Telegram's id of the message with the button, when it still lets us change it."""


@dataclass(frozen=True)
class Moved:
    """A group has become a supergroup and has another id."""

    old_chat_id: int
    new_chat_id: int


@dataclass(frozen=True)
class Ignored:
    """Nothing for us. ``why`` is counted."""

    why: str


Event = Said | Changed | Pressed | Moved | Ignored


@dataclass(frozen=True)
class Us:
    """Our own bot."""

    id: int
    username: str


def event_of(update: Update, us: Us) -> Event:
    """What ``update`` tells us."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, update.update_id)
    if update.edited_message is not None:
        return _changed(update.edited_message, us)
    if update.message is not None:
        return _said(update.message, update.update_id, us)
    return Ignored("membership" if update.my_chat_member or update.chat_member else "unknown")


def _said(message: Message, update_id: int, us: Us) -> Event:
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.from_user is None or message.from_user.is_bot:
        return Ignored("bot")
    sent = content(message)
    if sent is None:
        return Ignored("service")
    if not _is_for_us(message, us):
        return Ignored("not_for_us")
    inbound = _inbound(message, message.from_user, sent, update_id, us)
    command, _, carried = inbound.text.partition(" ")
    if command == "/start" and carried:
        return Said(replace(inbound, text=command), start_with=carried.strip())
    return Said(inbound)


def _inbound(message: Message, user: User, sent: Content, update_id: int, us: Us) -> Inbound:
    return Inbound(
        channel=CHANNEL,
        address=str(_address(message, user)),
        dedupe_key=f"update:{update_id}",
        text=_without_mention(sent.text, us),
        provider_id=str(message.message_id),
        files=sent.files,
        wordless=sent.wordless,
        album=message.media_group_id,
        customer_name=clean(user.full_name),
        locale=user.language_code,
        profile={"telegram": f"@{user.username}"} if user.username else {},
    )


def _changed(message: Message, us: Us) -> Event:
    sent = content(message)
    if message.from_user is None or message.from_user.is_bot or sent is None or message.edit_date is None:
        return Ignored("edit_of_nothing")
    address = str(_address(message, message.from_user))
    return Changed(address, str(message.message_id), _without_mention(sent.text, us), message.edit_date)


def _pressed(query: CallbackQuery, update_id: int) -> Event:
    if query.message is None or not query.data:
        return Ignored("press_without_message")
    accessible = query.message if isinstance(query.message, Message) else None
    chat = query.message.chat
    topic = accessible.message_thread_id if accessible and accessible.is_topic_message else None
    address = ChatAddress(chat.id) if chat.id > 0 else ChatAddress(chat.id, query.from_user.id, topic)
    inbound = Inbound(
        channel=CHANNEL,
        address=str(address),
        # Pressing twice before the buttons are gone is one choice.
        dedupe_key=f"press:{chat.id}:{query.message.message_id}:{query.data}",
        text=query.data,
        customer_name=clean(query.from_user.full_name),
    )
    return Pressed(query.id, inbound, accessible.message_id if accessible else None)


def _address(message: Message, user: User) -> ChatAddress:
    if message.chat.type == message.chat.PRIVATE:
        return ChatAddress(message.chat.id)
    return ChatAddress(message.chat.id, user.id, message.message_thread_id if message.is_topic_message else None)


def _is_for_us(message: Message, us: Us) -> bool:
    """In a private chat everything is; in a group what mentions us, commands us, or answers us."""
    if message.chat.type == message.chat.PRIVATE:
        return True
    answered = message.reply_to_message
    if answered is not None and answered.from_user is not None and answered.from_user.id == us.id:
        return True
    mentions = message.parse_entities() | message.parse_caption_entities()
    return any(_names_us(entity, words, us) for entity, words in mentions.items())


def _names_us(entity: MessageEntity, words: str, us: Us) -> bool:
    name = f"@{us.username}".lower()
    if entity.type == MessageEntity.MENTION:
        return words.lower() == name
    if entity.type == MessageEntity.BOT_COMMAND:
        return words.lower().endswith(name)
    return entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == us.id


def _without_mention(text: str, us: Us) -> str:
    """``/help@our_bot`` is ``/help``, and ``@our_bot where is my order`` asks where the order is."""
    name = f"@{us.username}"
    at = text.lower().find(name.lower())
    if at < 0:
        return text
    return (text[:at].rstrip() + text[at + len(name) :]).strip() or text
