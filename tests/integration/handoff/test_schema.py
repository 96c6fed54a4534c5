"""The migrations and the tables that the code believes in are the same."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from handoff.database import normalise
from handoff.schema import Base


def test_a_migrated_database_has_the_tables_of_the_code(database_url: str) -> None:
    engine = create_engine(normalise(database_url))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()
