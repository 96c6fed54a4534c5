"""The gateway, wired: every part is made and connected here, once."""

from collections.abc import Sequence
from typing import Any, Protocol

from sanic import Sanic
from sanic.config import Config

from connectors.connector import Connector, PushConnector
from connectors.gateway import api, customer_files, documents, health, metrics, pages, stopping
from connectors.gateway.bus import Bus
from connectors.gateway.clock import Clock
from connectors.gateway.customer_files import FileLinks
from connectors.gateway.customer_names import CustomerNames
from connectors.gateway.delivery import DeliveryLoop
from connectors.gateway.desk_socket import DeskSocket
from connectors.gateway.dispatcher import Dispatcher
from connectors.gateway.eraser import Eraser
from connectors.gateway.join_links import JoinLinks, JoinTokens
from connectors.gateway.live_receipts import LiveReceipts
from connectors.gateway.media_fetcher import MediaFetcher
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.orders import name_from_shop, orders_from_shop
from connectors.gateway.origins import chat_origins
from connectors.gateway.orphaned_files import OrphanedFiles
from connectors.gateway.processes import secret
from connectors.gateway.rasa import Rasa
from connectors.gateway.settings import Settings
from connectors.gateway.socket_server import SocketServer
from connectors.gateway.typing_relay import TypingRelay
from connectors.gateway.uploads import Uploads
from connectors.rest.channel import RestChannel
from connectors.slack.chat import SlackChat
from connectors.telegram.channel import TelegramChannel
from connectors.web.chat import WebChat
from handoff import desk_rules, turn_leases
from handoff.database import Database

LARGEST_FRAME = 64 * 1024


class Part(Protocol):
    """Opened in order when the server starts, closed in the opposite order when it stops."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


def create_app(settings: Settings) -> Sanic[Any, Any]:
    """The Sanic app of one gateway process. Nothing is opened until it starts."""
    app: Sanic[Any, Any] = Sanic("frontdesk", config=sanic_config(settings), configure_logging=False)
    database = Database(settings.database_url, rules=desk_rules.read(desk_rules.file_for(settings.home)))
    bus = Bus(settings.redis_url)
    rasa = Rasa(settings.rasa_urls, secret(settings.internal_token), settings.bot_deadline_seconds)
    may_chat = chat_origins(settings.public_url, settings.allowed_origins)
    stopping.register(app)
    sio = SocketServer(
        async_mode="sanic",
        cors_allowed_origins=may_chat,
        max_http_buffer_size=LARGEST_FRAME,
        async_handlers=False,  # one connection's frames are handled in the order they came
    )
    sio.attach(app)

    files = MediaFiles(settings.home / "media")
    links = FileLinks(secret(settings.internal_token), settings.public_url)
    pushed = _pushed(settings, database, bus, files, links)
    joins = _join_links(settings, database, pushed)
    dispatcher = Dispatcher(database, rasa, bus)
    web = WebChat(
        sio, database, bus, secret(settings.internal_token), Uploads(files), links, may_chat, joins, dispatcher.accept
    )
    dispatcher.page_at = web.page_at
    connectors: list[Connector] = [web, *pushed]
    clock = Clock(database, bus)
    delivery = DeliveryLoop(database, bus, pushed)
    behind_the_channels: list[Part] = [
        TypingRelay(database, bus, pushed),
        LiveReceipts(database, bus, pushed),
        MediaFetcher(database, bus, files, pushed),
        CustomerNames(database, bus, name_from_shop),
        Eraser(database, settings.bot_database_url, files, rasa),
        OrphanedFiles(database, files),
    ]
    desk = DeskSocket(sio, database, bus, settings)

    for connector in connectors:
        connector.register(app)
    desk.register()
    pages.register(app)
    documents.register(app)
    customer_files.register(app, database, files, links)
    api.register(app, database, bus, settings, orders_from_shop, files)
    metrics.register(app, database)
    health.register(
        app,
        {
            "database": health.database_check(database),
            "rasa": health.rasa_check(rasa),
            "actions": health.actions_check(settings.actions_url.replace("/webhook", "/health")),
            "channels": health.channels_check(connectors),
            "backlog": health.backlog_check(database),
        },
    )

    parts: list[Part] = [rasa, bus, *connectors, desk, delivery, dispatcher, clock, *behind_the_channels]

    @app.before_server_start
    async def open_everything(_app: Sanic[Any, Any]) -> None:
        if database.is_sqlite:
            # SQLite has one gateway: whoever held a lease before is gone, and nobody has to wait for it to run out.
            await database.write(turn_leases.release_all)
        for part in parts:
            await part.start()

    @app.before_server_stop
    async def close_everything(app: Sanic[Any, Any]) -> None:
        stopping.begin(app)
        for part in reversed(parts):
            await part.stop()
        database.close()

    @app.after_server_stop
    async def end_pings(_app: Sanic[Any, Any]) -> None:
        await sio.shutdown()

    return app


def _pushed(
    settings: Settings, database: Database, bus: Bus, files: MediaFiles, links: FileLinks
) -> list[PushConnector]:
    """The channels that have a token; the others are off."""
    pushed: list[PushConnector] = []
    if settings.telegram_bot_token is not None:
        pushed.append(TelegramChannel(settings, database, bus, files))
    if settings.slack_bot_token is not None:
        pushed.append(SlackChat(settings, database, bus, files))
    if settings.rest_secret is not None:
        pushed.append(RestChannel(settings, database, bus, links))
    return pushed


def sanic_config(settings: Settings) -> Config:
    """The web server's own settings; times in seconds."""
    # From here only, not from stray SANIC_… variables; docs/operations.md names what operators may set.
    config = Config(env_prefix=None)
    # Anybody can send X-Forwarded-For: only what our own proxies have added to it says where a request comes from.
    config.PROXIES_COUNT = settings.trusted_proxies or None
    config.REQUEST_TIMEOUT = 15
    config.RESPONSE_TIMEOUT = 60
    config.KEEP_ALIVE_TIMEOUT = 75
    config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
    config.ACCESS_LOG = False
    config.MOTD = False
    return config


def _join_links(settings: Settings, database: Database, pushed: Sequence[PushConnector]) -> JoinLinks | None:
    """A web chat can go on in Telegram, where that is on."""
    telegram = next((channel for channel in pushed if isinstance(channel, TelegramChannel)), None)
    return JoinLinks(database, JoinTokens(secret(settings.internal_token)), telegram) if telegram is not None else None
