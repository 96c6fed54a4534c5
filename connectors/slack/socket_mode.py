"""Slack without a public address: we call them, and they tell us over a socket."""

import asyncio
import logging

import structlog
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from sqlalchemy.exc import SQLAlchemyError

from connectors.gateway.background import Background
from connectors.slack.events import Payload
from connectors.slack.intake import Intake
from connectors.slack.web_api import web_client

log = structlog.get_logger(__name__)

PING_SECONDS = 5.0


class SocketMode:
    """Acknowledges an envelope after its commit. What is not acknowledged, Slack sends again."""

    def __init__(self, intake: Intake, background: Background, app_token: str, api_url: str) -> None:
        self._intake = intake
        self._background = background
        self._app_token = app_token
        self._api_url = api_url
        self._client: SocketModeClient | None = None
        self._in_order = asyncio.Lock()

    async def start(self) -> None:
        self._client = SocketModeClient(
            self._app_token,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=web_client(None, self._api_url),
            ping_interval=PING_SECONDS,
        )
        self._client.socket_mode_request_listeners.append(self._told)
        self._background.run(self._client.connect())  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        if self._client is not None:
            await self._client.close()  # type: ignore[no-untyped-call]

    @property
    def connected(self) -> bool:
        session = self._client.current_session if self._client is not None else None
        return session is not None and not session.closed

    async def _told(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        # The library handles envelopes side by side; a customer's two quick messages must not overtake each other.
        async with self._in_order:
            try:
                answer = await self._keep(request)
            except SQLAlchemyError as error:
                log.error("database_unreachable", doing="accept from Slack", error=type(error).__name__)
                return
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    async def _keep(self, request: SocketModeRequest) -> Payload | None:
        match request.type:
            case "events_api":
                await self._intake.event(request.payload)
            case "interactive":
                return await self._intake.interaction(request.payload)
            case "slash_commands":
                return await self._intake.command(request.payload)
        return None
