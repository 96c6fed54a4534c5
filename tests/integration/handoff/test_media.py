"""Files of a conversation, fetched by several gateways at a time."""

import threading

from sqlalchemy.orm import Session

from handoff import inbox, media
from handoff.database import Database
from handoff.inbox import Inbound
from handoff.media import SentFile
from handoff.transcript import one_message
from tests.people import at

PICTURES = (SentFile("p1", "photo", "image/png", "one.png"), SentFile("p2", "photo", "image/png", "two.png"))


def test_two_gateways_fetch_two_files_of_a_message_and_it_shows_both(database: Database) -> None:
    inbound = Inbound(channel="web", address="maya", dedupe_key="m1", text="look", files=PICTURES)
    maya = database.write_now(inbox.accept, inbound, at(0))
    fetched = [database.write_now(media.take, ["web"], at(1)) for _ in PICTURES]
    first, second = [fetch.id for fetch in fetched if fetch is not None]
    other = threading.Thread(target=database.write_now, args=(media.lost, second, "gone", at(3)))

    def keep_while_the_other_gateway_gives_up(session: Session) -> None:
        media.kept(session, first, "kept", "image/png", 9, at(2))
        other.start()
        other.join(1.0)  # it ends in that time only if it does not wait for us

    database.write_now(keep_while_the_other_gateway_gives_up)
    other.join()
    shown = database.read_now(one_message, maya.conversation_id, maya.seq)["files"]
    assert {file["id"]: file["state"] for file in shown} == {first: "kept", second: "lost"}
