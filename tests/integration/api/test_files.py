"""Files that agents send, as the API takes them. How they arrive is in tests/conformance."""

from pathlib import Path

import pytest

from tests.integration.api.running_desk import Person, RunningDesk

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


async def claimed(desk: RunningDesk) -> tuple[Person, str, str]:
    """Ana, Maya's conversation that she holds, and where she sends files to it."""
    conversation_id = await desk.maya_waits()
    ana = await desk.person("ana")
    assert (await ana.post(f"/api/conversations/{conversation_id}/claim", {}))[0] == 200
    return ana, conversation_id, f"/api/conversations/{conversation_id}/files"


def on_disk(folder: Path) -> int:
    """How many files are kept; they have names of 48 letters and no ending."""
    return len([path for path in folder.iterdir() if len(path.name) == 48])


async def test_a_retry_of_the_same_file_is_one_message_and_one_file(desk: RunningDesk, tmp_path: Path) -> None:
    ana, conversation_id, path = await claimed(desk)
    answers = [await ana.send_file(path, PICTURE, caption=" The lamp. ") for _ in range(3)]
    assert [status for status, _ in answers] == [201, 200, 200]
    message = answers[0][1]["message"]
    assert (message["text"], message["wordless"], message["author"]) == ("The lamp.", False, "agent")
    assert [(file["title"], file["mime"], file["state"]) for file in message["files"]] == [
        ("lamp.png", "image/png", "kept")
    ]
    assert on_disk(tmp_path) == 1
    status, answer = await ana.send_file(path, PICTURE, title="another.png", caption="The lamp.")
    assert (status, answer["error"]) == (409, "conflict")
    assert on_disk(tmp_path) == 1
    _, detail = await ana.get(f"/api/conversations/{conversation_id}")
    assert [one["text"] for one in detail["messages"]][-1] == "The lamp."


async def test_only_the_holder_sends_files_and_nothing_of_the_others_is_kept(desk: RunningDesk, tmp_path: Path) -> None:
    _, _, path = await claimed(desk)
    ben = await desk.person("ben")
    status, answer = await ben.send_file(path, PICTURE)
    assert (status, answer["winner"]) == (409, "Ana")
    assert on_disk(tmp_path) == 0


@pytest.mark.parametrize(
    ("title", "mime", "content", "status"),
    [
        ("run.exe", "application/x-msdownload", b"MZ\x90\0", 422),
        ("holiday.jpg", "image/jpeg", b"MZ\x90\0", 422),
        ("page.html", "text/html", b"<script>alert(1)</script>", 422),
        ("label.pdf", "application/pdf", b"not a PDF", 422),
        ("nothing.txt", "text/plain", b"", 422),
        ("huge.png", "image/png", PICTURE + b"\0" * (21 * 1024 * 1024), 413),
        ("prices.csv", "application/vnd.ms-excel", b"mug;18\n", 201),
        ("label.pdf", "application/octet-stream", b"%PDF-1.7 a label", 201),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_files_are_judged_by_their_bytes(
    desk: RunningDesk, tmp_path: Path, title: str, mime: str, content: bytes, status: int
) -> None:
    ana, _, path = await claimed(desk)
    told, answer = await ana.send_file(path, content, title, mime)
    assert told == status, answer
    assert on_disk(tmp_path) == (1 if status == 201 else 0)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_form_that_is_none_is_refused_in_words(desk: RunningDesk) -> None:
    ana, _, path = await claimed(desk)
    status, answer = await ana.post(path, {"id": "one", "file": "?"})
    assert (status, answer["error"]) == (400, "malformed")
    status, answer = await ana.send_file(path, PICTURE, colour="red")
    assert (status, answer["detail"]) == (400, "colour: there is no such field.")
