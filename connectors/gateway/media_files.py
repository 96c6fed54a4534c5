"""The folder of what customers sent: random names, no endings, readable by us alone."""

import secrets
from pathlib import Path

from handoff.media import SHOWN_INLINE

_SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


class MediaFiles:
    """Bytes by random name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, content: bytes) -> str:
        """Returns the name. The bytes are on the disk when it does."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(24)
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        return name

    def path(self, name: str) -> Path:
        return self._folder / name

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)


def true_type(content: bytes, said: str) -> str:
    """The type to serve these bytes as: a picture only when they really are one, whatever the sender ``said``."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    for signature, mime in _SIGNATURES.items():
        if content.startswith(signature):
            return mime
    return "application/octet-stream" if said in SHOWN_INLINE else said
