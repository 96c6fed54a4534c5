"""Writing a row where the code says so, with one INSERT, instead of with the session's next flush.

Between tables that only foreign keys connect, the order within a flush is not the order of the code; and the flush of one
row costs five times its INSERT, which every message pays for four times.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, cast

import sqlalchemy
from sqlalchemy import Column, Table
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from handoff.schema import Base


def insert(session: Session, row: Base) -> None:
    """Write a new ``row``; from now on the session knows it as one that it has read."""
    table = _table(type(row))
    values = {name: value() for name, value in _defaults(table).items()}
    values |= {name: value for name, value in vars(row).items() if name in table.columns}
    written = session.connection().execute(_insertion(table), values)
    vars(row).update(values)
    assert written.inserted_primary_key is not None, "one row was inserted"
    vars(row).update(zip(table.primary_key.columns.keys(), written.inserted_primary_key, strict=True))
    make_transient_to_detached(row)
    session.add(row)


def _table(kind: type[Base]) -> Table:
    assert isinstance(kind.__table__, Table)
    return kind.__table__


@cache
def _insertion(table: Table) -> sqlalchemy.Insert:
    return sqlalchemy.insert(table)


@cache
def _defaults(table: Table) -> dict[str, Callable[[], Any]]:
    """What a column holds of which nothing is said; a key that the database gives is not among them."""
    return {column.key: _default(column) for column in table.columns if column is not table.autoincrement_column}


def _default(column: Column[Any]) -> Callable[[], Any]:
    match column.default:
        case CallableColumnDefault() as made:
            return partial(cast(Callable[[object], Any], made.arg), None)  # what SQLAlchemy tells it is no use to it
        case ScalarElementColumnDefault() as fixed:
            return lambda: fixed.arg
    return lambda: None
