"""The folder of the conversations' files: random names, no endings, readable by us alone."""

import os
import re
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from handoff.media import SHOWN_INLINE

UNKNOWN = "application/octet-stream"
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
_BEGINNINGS = {
    "application/pdf": b"%PDF-",
    "application/msword": b"\xd0\xcf\x11\xe0",
    "application/vnd.ms-excel": b"\xd0\xcf\x11\xe0",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK\x03\x04",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK\x03\x04",
    "application/vnd.oasis.opendocument.text": b"PK\x03\x04",
}
"""How a file of a type begins when it is one."""
_OUR_NAME = re.compile(r"[0-9a-f]{48}")
_A_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,100}")


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

    def free_bytes(self) -> int:
        """How much the disk has left."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(self._folder).free

    def path(self, name: str) -> Path:
        return self._folder / name

    def read(self, name: str) -> bytes:
        """The bytes. Raises FileNotFoundError."""
        return self.path(name).read_bytes()

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    def saved_before(self, moment: datetime) -> list[str]:
        """The names of our files that are older."""
        if not self._folder.is_dir():
            return []
        with os.scandir(self._folder) as entries:
            return [
                entry.name
                for entry in entries
                if _OUR_NAME.fullmatch(entry.name) and entry.stat().st_mtime < moment.timestamp()
            ]


def true_type(content: bytes, said: str) -> str:
    """The type to treat these bytes as, whatever the sender ``said``: a picture, a PDF, a document only when they are one."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    for signature, mime in _PICTURES.items():
        if content.startswith(signature):
            return mime
    if not _A_TYPE.fullmatch(said) or said in SHOWN_INLINE or content.startswith(_PROGRAMS):
        return UNKNOWN
    if said.startswith("text/") and b"\0" in content:
        return UNKNOWN
    return said if content.startswith(_BEGINNINGS.get(said, b"")) else UNKNOWN
