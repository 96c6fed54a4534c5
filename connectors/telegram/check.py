"""`frontdesk telegram check`: does Telegram know us, and may we do what we need to?"""

from collections.abc import AsyncIterator

from telegram import Bot, ChatMember, ChatMemberAdministrator
from telegram.error import TelegramError

from connectors.finding import Finding
from connectors.gateway.settings import Settings
from connectors.telegram.channel import uses_webhook
from connectors.telegram.webhook import PATH


async def examine(bot: Bot, settings: Settings) -> list[Finding]:
    """Everything there is to say, first things first. Raises ``TelegramError`` for a token that Telegram does not know."""
    me = await bot.get_me()
    findings = [Finding(True, f"Telegram knows us as @{me.username}."), await _ways_in(bot, settings)]
    if settings.telegram_desk_chat is not None:
        findings += [finding async for finding in _desk_group(bot, me.id, settings.telegram_desk_chat)]
    return findings


async def _ways_in(bot: Bot, settings: Settings) -> Finding:
    there = (await bot.get_webhook_info()).url
    if not uses_webhook(settings):
        return Finding(True, "The gateway polls: no public address is needed.")
    ours = f"{settings.public_url}{PATH}"
    if there != ours:
        return Finding(False, f"Telegram calls {there or 'nobody'}, not {ours}: run `frontdesk telegram register`.")
    return Finding(True, f"Telegram calls {ours}.")


async def _desk_group(bot: Bot, our_id: int, chat_id: int) -> AsyncIterator[Finding]:
    try:
        group = await bot.get_chat(chat_id)
        us = await bot.get_chat_member(chat_id, our_id)
    except TelegramError as error:
        yield Finding(False, f"TELEGRAM_DESK_CHAT {chat_id}: {error.message}. Add the bot to that group.")
        return
    name = group.title or str(chat_id)
    if us.status == ChatMember.OWNER:
        yield Finding(True, f"The agents' group is {name}.")
    elif not isinstance(us, ChatMemberAdministrator):
        yield Finding(False, f"In {name} the bot is no admin, so it does not hear what agents write. Make it one.")
    elif group.is_forum and not us.can_manage_topics:
        yield Finding(False, f"In {name} the bot may not make topics. Give it the right to manage topics.")
    elif group.is_forum:
        yield Finding(True, f"The agents' group is {name}, with a topic for each case.")
    else:
        yield Finding(True, f"The agents' group is {name}; answers to a card are its thread.")
