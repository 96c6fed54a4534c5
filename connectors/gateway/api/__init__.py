"""The desk's HTTP interface under ``/api``: one file a noun, each route declared once, for serving and for OpenAPI."""

from typing import Any

from sanic import Sanic

from connectors.gateway.api import errors, media
from connectors.gateway.api.desk import Desk, SignInDoor
from connectors.gateway.api.openapi import describe
from connectors.gateway.api.routes import ROUTES
from connectors.gateway.api.serve import serve
from connectors.gateway.bus import Bus
from connectors.gateway.media_files import MediaFiles
from connectors.gateway.orders import OrdersFor
from connectors.gateway.settings import Settings
from connectors.gateway.uploads import Uploads
from handoff.database import Database

BODY_LIMIT = 256 * 1024


def register(
    app: Sanic[Any, Any], database: Database, bus: Bus, settings: Settings, orders_for: OrdersFor, files: MediaFiles
) -> None:
    """Serve everything under ``/api``, and make every error of the whole gateway JSON ``{error, detail}``."""
    app.config.REQUEST_MAX_SIZE = BODY_LIMIT
    errors.register(app)
    desk = Desk(database, bus, settings.public_url, orders_for, SignInDoor(), Uploads(files))
    serve(app, desk, ROUTES)
    media.register(app, desk, files)
    describe(app, ROUTES)
