"""Erasing reaches every table, also those that are added later."""

from handoff.customer_view import note_seen
from handoff.database import Database
from handoff.erasing import AGAIN_AFTER, erase, finished, outside
from handoff.schema import Base
from tests.people import at, write_in

KEPT_ON_PURPOSE = {"erasure"}
"""Says what is still to be erased elsewhere, in ids that lead nowhere any more."""


def test_every_table_about_a_conversation_goes_with_it() -> None:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name in ("conversation", "message", "ticket"):
                assert key.ondelete == "CASCADE", f"{table.name}.{key.parent.name} would outlive its conversation"
    referring = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(key.column.table.name in ("conversation", "message", "ticket") for key in table.foreign_keys)
    }
    named = {table.name for table in Base.metadata.sorted_tables if "conversation_id" in table.c}
    assert named <= referring | KEPT_ON_PURPOSE


def test_a_page_that_is_still_open_after_the_erasure_has_seen_nothing_new(database: Database) -> None:
    accepted = write_in(database, "canary", "m1")
    assert database.write_now(note_seen, accepted.conversation_id, 1)
    database.write_now(erase, accepted.conversation_id, at(5))
    assert not database.write_now(note_seen, accepted.conversation_id, 1)


def test_what_lies_outside_is_erased_twice_and_then_forgotten(database: Database) -> None:
    accepted = write_in(database, "canary", "m1")
    database.write_now(erase, accepted.conversation_id, at(5))
    [first] = database.read_now(outside, at(6))
    assert (first.sender_ids, first.last_time) == ([f"{accepted.conversation_id}.1"], False)
    [again] = database.read_now(outside, at(5) + AGAIN_AFTER)
    assert again.last_time
    database.write_now(finished, again.id)
    assert database.read_now(outside, at(100)) == []
