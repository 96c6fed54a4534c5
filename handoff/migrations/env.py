"""Alembic's entry point; the URL comes from :func:`handoff.database.migrate`."""

from alembic import context
from sqlalchemy import create_engine, pool

from handoff.schema import Base

engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
with engine.begin() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    context.run_migrations()
engine.dispose()
