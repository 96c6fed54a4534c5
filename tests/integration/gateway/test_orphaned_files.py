"""Files that were saved and never got their message."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.gateway.media_files import MediaFiles
from connectors.gateway.orphaned_files import OrphanedFiles
from handoff import inbox
from handoff.database import Database
from handoff.inbox import Inbound
from handoff.media import SentFile

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def saved(files: MediaFiles, age: timedelta) -> str:
    name = files.save(b"bytes")
    then = (NOW - age).timestamp()
    os.utime(files.path(name), (then, then))
    return name


async def test_what_nobody_refers_to_is_deleted_after_a_day(database: Database, tmp_path: Path) -> None:
    files = MediaFiles(tmp_path / "media")
    sweeper = OrphanedFiles(database, files)
    assert await sweeper.sweep(NOW) == 0
    of_maya, orphan = saved(files, timedelta(days=9)), saved(files, timedelta(days=9))
    just_saved = saved(files, timedelta(hours=1))
    (tmp_path / "media" / "notes.txt").write_text("not ours")
    os.utime(tmp_path / "media" / "notes.txt", (0, 0))
    file = SentFile("", "photo", "image/png", "lamp.png", 5, of_maya)
    inbound = Inbound(channel="web", address="maya", dedupe_key="m1", text="look", files=(file,))
    await database.write(inbox.accept, inbound, NOW)
    assert await sweeper.sweep(NOW) == 1
    left = {path.name for path in (tmp_path / "media").iterdir()}
    assert left == {of_maya, just_saved, "notes.txt"}
    assert orphan not in left
