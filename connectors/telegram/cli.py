"""`frontdesk telegram`: what Telegram has to be told once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import typer
from telegram import Bot, BotCommand, BotCommandScopeChat
from telegram.error import TelegramError

from connectors.gateway.settings import Settings, SettingsError, read_settings
from connectors.telegram.bot_api import ALLOWED_UPDATES, BotApi
from connectors.telegram.channel import uses_webhook
from connectors.telegram.check import examine
from connectors.telegram.webhook import PATH
from handoff.commands import MENU

DESK_MENU = {"here": "Be offered tickets in this group", "away": "Be offered none any more"}
"""The menu of the agents' group."""

Answer = TypeVar("Answer")

telegram = typer.Typer(no_args_is_help=True, help="The Telegram channel: webhook, menu, and the agents' group.")


@telegram.command()
def register() -> None:
    """Tell Telegram the menu of commands and, where a webhook is used, its address and secret."""
    settings = read_settings()
    typer.echo(_run(settings, lambda bot: _register(bot, settings)))


@telegram.command()
def unregister() -> None:
    """Take webhook and menu back. Messages wait at Telegram until there is a webhook, or a gateway that polls."""
    settings = read_settings()
    typer.echo(_run(settings, lambda bot: _unregister(bot, settings)))


@telegram.command()
def status() -> None:
    """Show who the bot is and how its messages reach us."""
    settings = read_settings()
    typer.echo(_run(settings, lambda bot: _status(bot, settings)))


@telegram.command()
def check() -> None:
    """Ask Telegram whether it knows us, how messages reach us, and whether the agents' group lets us work."""
    settings = read_settings()
    findings = _run(settings, lambda bot: examine(bot, settings))
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


async def _register(bot: Bot, settings: Settings) -> str:
    await bot.set_my_commands(_menu(MENU))
    said = await _set_address(bot, settings)
    if settings.telegram_desk_chat is not None:
        await bot.set_my_commands(_menu(DESK_MENU), BotCommandScopeChat(settings.telegram_desk_chat))
    return said


async def _set_address(bot: Bot, settings: Settings) -> str:
    if not uses_webhook(settings):
        await bot.delete_webhook()
        return "The menu is set. The gateway polls: Telegram needs no address."
    if settings.telegram_webhook_secret is None:
        raise SettingsError(["TELEGRAM_WEBHOOK_SECRET: a webhook needs a secret; set any 32 random letters and digits"])
    url = f"{settings.public_url}{PATH}"
    await bot.set_webhook(
        url, secret_token=settings.telegram_webhook_secret.get_secret_value(), allowed_updates=ALLOWED_UPDATES
    )
    return f"The menu is set. Telegram brings messages to {url}"


async def _unregister(bot: Bot, settings: Settings) -> str:
    await bot.delete_webhook()
    await bot.delete_my_commands()
    if settings.telegram_desk_chat is not None:
        await bot.delete_my_commands(BotCommandScopeChat(settings.telegram_desk_chat))
    return "Webhook and menu are gone."


def _menu(commands: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(name, description) for name, description in commands.items()]


async def _status(bot: Bot, settings: Settings) -> str:
    me = await bot.get_me()
    info = await bot.get_webhook_info()
    lines = [
        f"Bot              @{me.username}",
        f"This desk uses   {'a webhook' if uses_webhook(settings) else 'polling'}",
        f"Telegram's view  {info.url or 'no webhook'}",
        f"Waiting there    {info.pending_update_count}",
    ]
    if info.last_error_message:
        lines.append(f"Last error       {info.last_error_message}")
    return "\n".join(lines)


def _run(settings: Settings, work: Callable[[Bot], Awaitable[Answer]]) -> Answer:
    """Raises SettingsError without a token; a refusal of Telegram's is one line and exit status 1."""
    if settings.telegram_bot_token is None:
        raise SettingsError(["TELEGRAM_BOT_TOKEN: not set; BotFather gives you one"])
    token = settings.telegram_bot_token.get_secret_value()
    try:
        return asyncio.run(_with_bot(token, settings.telegram_api_url, work))
    except TelegramError as error:
        typer.echo(f"frontdesk: Telegram says: {error.message}", err=True)
        raise typer.Exit(1) from None


async def _with_bot(token: str, api_url: str, work: Callable[[Bot], Awaitable[Answer]]) -> Answer:
    api = BotApi(token, api_url)
    try:
        return await work(api.bot)
    finally:
        await api.close()
