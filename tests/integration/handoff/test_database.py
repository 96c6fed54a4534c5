"""What a transaction sees and keeps, on both databases."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handoff.database import Database
from handoff.schema import Message
from tests.people import write_in


def test_a_read_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    write_in(database, "hello", "m1")

    def count_twice(session: Session) -> tuple[int, int]:
        count = select(func.count()).select_from(Message)
        before = session.scalars(count).one()
        write_in(database, "and", "m2", seconds=1)
        return before, session.scalars(count).one()

    assert database.read_now(count_twice) == (1, 1)
    assert database.read_now(lambda session: session.scalars(select(func.count()).select_from(Message)).one()) == 2
