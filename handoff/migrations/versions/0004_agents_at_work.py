"""When an agent last did something: who is at work has not ignored what was offered meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing is known of before."""
    op.add_column("agent", sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The same, backwards."""
    op.drop_column("agent", "acted_at")
