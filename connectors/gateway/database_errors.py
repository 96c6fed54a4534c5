"""What a database said when it failed, in one line that may go to the log."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""The database itself is away, busy or not what we believe; anything else is about one statement."""


def in_words(error: SQLAlchemyError) -> str:
    """The driver's first line, such as ``no such column: ticket.promised_at``. Those after it may quote what was stored."""
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    return f"{type(error).__name__}: {said.partition(chr(10))[0]}"
