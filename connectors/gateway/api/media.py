"""Files of a conversation, for the agents who may read their conversation."""

from datetime import UTC, datetime
from typing import Any

from sanic import HTTPResponse, Request, Sanic, file
from sqlalchemy.orm import Session

from connectors.gateway.api.desk import Desk
from connectors.gateway.api.errors import ApiError, SignedOut
from connectors.gateway.api.serve import ID, signed_in
from connectors.gateway.file_headers import headers_for
from connectors.gateway.media_files import MediaFiles
from handoff import access, agents, media
from handoff.media import KeptFile

PATH = "/api/media/{file_id}"
OPERATION: dict[str, Any] = {
    "get": {
        "operationId": "read_media",
        "summary": "A file that was sent in a conversation, as its bytes.",
        "security": [{"cookie": []}],
        "parameters": [{"name": "file_id", "in": "path", "required": True, "schema": {"type": "string"}}],
        "responses": {
            "200": {
                "description": "The file. Pictures may be drawn; anything else is an attachment.",
                "content": {"*/*": {}},
            },
            "401": {"description": "Nobody is signed in."},
            "403": {"description": "The role reads no conversations."},
            "404": {"description": "There is no such file."},
        },
    }
}
"""For GET /api/openapi.json: its answer is no JSON, so it is not declared like the others."""


def register(app: Sanic[Any, Any], desk: Desk, files: MediaFiles) -> None:
    """Serve ``GET /api/media/{id}``."""

    @app.get("/api/media/<file_id:str>", name="api_media")
    async def serve_media(request: Request, file_id: str) -> HTTPResponse:
        session = await signed_in(desk, request, datetime.now(UTC))
        if session is None:
            raise SignedOut
        found = await desk.database.read(_readable, session.agent_id, file_id) if ID.fullmatch(file_id) else None
        if found is None or not files.path(found.name).is_file():
            raise ApiError(404, "not_found", "There is no such file.")
        return await file(files.path(found.name), mime_type=found.mime, headers=headers_for(found))


def _readable(session: Session, agent_id: str, file_id: str) -> KeptFile | None:
    found = media.kept_file(session, file_id)
    if found is None:
        return None
    conversation_id, kept = found
    access.conversation_for(session, agents.by_id(session, agent_id), conversation_id, "read")
    return kept
