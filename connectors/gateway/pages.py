"""The web pages and the embed, served from memory as they were built, with headers that allow nothing but ourselves."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sanic import HTTPResponse, Request, Sanic

log = structlog.get_logger(__name__)

DIST = Path(__file__).resolve().parents[1] / "pages" / "dist"
WORTH_COMPRESSING = 1024

# No inline script or style, no eval, nothing from elsewhere, no framing. Shadow roots carry their styles as adopted sheets.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
ALWAYS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
PAGE = ALWAYS | {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
# The name never changes, so browsers ask again; other shops' pages may load it.
EMBED = ALWAYS | {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
# Their names carry a hash of their content.
ASSET = ALWAYS | {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True)
class Built:
    """A file of the build, ready to send."""

    body: bytes
    compressed: bytes | None
    content_type: str
    etag: str
    headers: dict[str, str]


def register(app: Sanic[Any, Any], dist: Path = DIST) -> None:
    """Serve ``/``, ``/desk``, ``/widget.js`` and ``/assets/…`` from the build in ``dist``."""
    built = _read(dist)
    if "/" not in built:
        log.warning("pages_not_built", folder=str(dist), detail="The pages answer 503 until they are built.")

    async def serve(request: Request) -> HTTPResponse:
        return _answer(request, built.get(request.path.rstrip("/") or "/"))

    async def serve_asset(request: Request, name: str) -> HTTPResponse:
        del name  # the whole path is looked up, never joined to a folder
        file = built.get(request.path)
        return _answer(request, file) if file else HTTPResponse("There is no such file.", 404, ALWAYS, "text/plain")

    for path, name in (("/", "shop"), ("/desk", "desk"), ("/widget.js", "widget")):
        app.add_route(serve, path, methods=["GET", "HEAD"], name=name)
    app.add_route(serve_asset, "/assets/<name:path>", methods=["GET", "HEAD"], name="assets")


def _read(dist: Path) -> dict[str, Built]:
    files = {"/": (dist / "shop" / "index.html", PAGE), "/desk": (dist / "desk" / "index.html", PAGE)}
    files["/widget.js"] = (dist / "widget.js", EMBED)
    for asset in (dist / "assets").rglob("*"):
        files[f"/{asset.relative_to(dist).as_posix()}"] = (asset, ASSET)
    return {path: _load(file, headers) for path, (file, headers) in files.items() if file.is_file()}


def _load(file: Path, headers: dict[str, str]) -> Built:
    body = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    is_text = kind.startswith("text/") or kind in ("application/javascript", "application/json", "image/svg+xml")
    compressed = gzip.compress(body, mtime=0) if is_text and len(body) >= WORTH_COMPRESSING else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    return Built(body, compressed, f"{kind}; charset=utf-8" if is_text else kind, etag, headers)


def _answer(request: Request, file: Built | None) -> HTTPResponse:
    if file is None:
        words = "The pages are not built yet. `make run` builds them and starts the desk."
        return HTTPResponse(words, 503, ALWAYS | {"Cache-Control": "no-store"}, "text/plain")
    headers = file.headers | {"ETag": file.etag, "Vary": "Accept-Encoding"}
    if file.etag in request.headers.get("if-none-match", ""):
        return HTTPResponse(status=304, headers=headers)
    if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return HTTPResponse(file.compressed, 200, headers | {"Content-Encoding": "gzip"}, file.content_type)
    return HTTPResponse(file.body, 200, headers, file.content_type)
