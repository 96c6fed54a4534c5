"""Files that Ana sends Maya from the agents' group."""

from pathlib import Path
from typing import Any

import pytest

from connectors.gateway.settings import Settings
from tests.fakes.telegram_chats import PICTURE, Shown
from tests.fakes.telegram_server import FakeTelegram, bring
from tests.integration.telegram.agents_group import ANA, BEN, CLEO, DESK, MAYA, Desk


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_desk_chat": DESK})


def photo(telegram: FakeTelegram, card: Shown, user: int, caption: str | None = None) -> dict[str, Any]:
    """The update of a picture under the card."""
    update = telegram.in_thread(card, user, "")
    message = update["message"]
    del message["text"]
    message["photo"] = [{"file_id": "picture-1", "file_unique_id": "u", "width": 9, "height": 9}]
    message |= {"caption": caption} if caption is not None else {}
    return update


def shown_to_maya(telegram: FakeTelegram) -> list[Shown]:
    return [one for one in telegram.chats[MAYA] if one.file is not None]


def kept_files(settings: Settings) -> list[Path]:
    folder = settings.home / "media"
    return list(folder.iterdir()) if folder.is_dir() else []


async def test_a_picture_with_the_prefix_goes_to_the_customer_with_its_words(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    update = photo(desk.telegram, card, ANA, ">> Like this one?")
    await bring(desk.gateway, update)
    await bring(desk.gateway, update)  # told twice
    await desk.telegram.until(lambda: shown_to_maya(desk.telegram))
    where = DESK, update["message"]["message_id"]
    await desk.telegram.until(lambda: desk.telegram.reactions.get(where) == ["👌"])
    [shown] = shown_to_maya(desk.telegram)
    assert shown.file == ("photo", "photo.jpg", PICTURE)
    assert shown.text == "<b>Ana</b>\nLike this one?"
    assert not [one for one in desk.telegram.chats[DESK] if one.file is not None], "they sent it there themselves"


async def test_a_picture_without_words_can_be_sent_after_all(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    update = photo(desk.telegram, card, ANA)
    await bring(desk.gateway, update)
    offer = await desk.telegram.shows(DESK, "This file stays among us.")
    assert not shown_to_maya(desk.telegram)
    for _ in range(2):
        await desk.presses(ANA, offer, "Send to customer", answers=update["message"])
    await desk.telegram.until(lambda: offer.text.startswith("Sent to the customer by"))
    await desk.telegram.until(lambda: shown_to_maya(desk.telegram))
    assert [one.file for one in shown_to_maya(desk.telegram)] == [("photo", "photo.jpg", PICTURE)]


async def test_who_does_not_hold_it_sends_no_file_and_none_is_left_lying_about(
    desk: Desk, card: Shown, settings: Settings
) -> None:
    await desk.claims(ANA, card)
    await bring(desk.gateway, photo(desk.telegram, card, BEN, ">> From Ben"))
    await desk.telegram.shows(BEN, "Ana has this conversation.")
    assert not shown_to_maya(desk.telegram)
    assert desk.telegram.calls["getFile"] == 0, "it is not even fetched"
    assert kept_files(settings) == []


async def test_nor_does_a_stranger(desk: Desk, card: Shown) -> None:
    await desk.claims(ANA, card)
    await bring(desk.gateway, photo(desk.telegram, card, CLEO, ">> From Cleo"))
    await desk.telegram.shows(CLEO, "I don't know yet which agent you are.")
    assert desk.telegram.calls["getFile"] == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "Telegram didn't hand out that file"),
        (b"MZ a program", "a kind of file that can't be opened safely"),
        (b"", "That file is empty."),
    ],
)
async def test_a_file_that_can_not_be_sent_is_refused_in_words(
    desk: Desk, card: Shown, content: bytes | None, words: str
) -> None:
    await desk.claims(ANA, card)
    if content is None:
        del desk.telegram.files["picture-1"]
    else:
        desk.telegram.files["picture-1"] = content
    await bring(desk.gateway, photo(desk.telegram, card, ANA, ">> Look"))
    await desk.telegram.shows(ANA, words)
    assert not shown_to_maya(desk.telegram)
