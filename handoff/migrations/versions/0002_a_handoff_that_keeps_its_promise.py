"""a handoff that keeps its promise"""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Each table or column in the order in which it came."""


def downgrade() -> None:
    """The same, backwards."""
