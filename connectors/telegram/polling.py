"""Long polling, for a desk without a public address: Telegram forgets an update only after it is committed here."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import InvalidToken, TelegramError

from connectors.telegram.bot_api import ALLOWED_UPDATES, POLL_SECONDS, BotApi
from connectors.telegram.figures import IGNORED
from connectors.telegram.intake import Intake

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 2.0
TRIES = 3


class Poller:
    """Fetches updates until stopped. ``problem`` says what is wrong right now, if anything is."""

    def __init__(self, api: BotApi, intake: Intake) -> None:
        self._api = api
        self._intake = intake
        self._offset: int | None = None
        self._task: asyncio.Task[None] | None = None
        self.problem: str | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._poll())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _poll(self) -> None:
        webhook_gone = False
        while True:
            try:
                if not webhook_gone:
                    # Telegram answers no polls while it has a webhook to call.
                    webhook_gone = await self._api.bot.delete_webhook()
                await self._take_updates()
                self.problem = None
            except InvalidToken:
                await self._pause("Telegram does not know the token in TELEGRAM_BOT_TOKEN.")
            except TelegramError as error:
                await self._pause(f"Telegram can't be polled: {error.message}")
            except SQLAlchemyError as error:
                await self._pause(f"The database can't be reached ({type(error).__name__}).")

    async def _take_updates(self) -> None:
        asked = {"timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
        updates = await self._api.bot.do_api_request(
            "getUpdates",
            api_kwargs=asked if self._offset is None else {**asked, "offset": self._offset},
            read_timeout=POLL_SECONDS + 10,
        )
        for fields in updates:
            await self._take(fields)
            self._offset = fields["update_id"] + 1

    async def _take(self, fields: dict[str, object]) -> None:
        """An update that breaks us must not keep all later ones from being heard."""
        for attempt in range(1, TRIES + 1):
            try:
                await self._intake.handle(fields)
                return
            except (SQLAlchemyError, TelegramError):
                raise
            except Exception:
                log.exception("telegram_update_failed", update=fields.get("update_id"), attempt=attempt)
        IGNORED.labels("failed").inc()

    async def _pause(self, problem: str) -> None:
        if self.problem != problem:
            log.warning("telegram_polling", problem=problem)
        self.problem = problem
        await asyncio.sleep(PAUSE_SECONDS)
