"""Which web pages may talk to this gateway: our own with an agent's cookie, and the shops' with the chat."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from urllib.parse import urlsplit


def is_own(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether a request with these headers (lower-case names) comes from our own pages, or from no page at all.

    A browser names the page's origin on every write and every web socket; scripts and command lines name none, and carry
    no stranger's cookie.
    """
    origin = headers.get("origin")
    if origin is None:
        return True
    return origin == _origin(public_url) or (
        urlsplit(origin).netloc != "" and urlsplit(origin).netloc == headers.get("host")
    )


def chat_origins(public_url: str, shops: Collection[str]) -> Callable[[str, Mapping[str, Any]], bool]:
    """python-socketio's question about a browser's ``Origin``: our own pages, and those the operator named, may chat."""

    def allowed(origin: str, environ: Mapping[str, Any]) -> bool:
        return origin in shops or is_own({"origin": origin, "host": environ.get("HTTP_HOST", "")}, public_url)

    return allowed


def is_https(public_url: str) -> bool:
    return public_url.startswith("https://")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
