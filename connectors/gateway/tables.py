"""Whether the database's tables are those of this version."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, create_engine, make_url

from handoff.database import MIGRATIONS, normalise


class TablesOutdatedError(Exception):
    """The tables are missing, or of another version."""


def check_tables(database_url: str) -> None:
    """Raises TablesOutdatedError, which says what to do; or SQLAlchemyError when the database does not answer."""
    current = version_of(make_url(normalise(database_url)))
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if current is None:
        raise TablesOutdatedError("The database has no tables yet; run `frontdesk migrate`")
    if current != newest:
        raise TablesOutdatedError(
            f"The database has tables of version {current}, not {newest}; run `frontdesk migrate`"
        )


def version_of(url: URL) -> str | None:
    """The version of the tables, or None where there are none."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
