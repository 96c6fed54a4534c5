"""A web session's secret can be replaced: repeats of its messages are known by the conversation, not by the secret."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The new keys of what came by the web chat, and then the new table: it locks the conversations it refers to."""
    # They were a SHA-256 in hex, a colon and a UUID.
    op.execute(
        "UPDATE inbox SET dedupe_key = conversation_id || substr(dedupe_key, 65)"
        " WHERE channel = 'web' AND length(dedupe_key) = 101 AND substr(dedupe_key, 65, 1) = ':'"
    )
    op.create_table(
        "session_renewal",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("next_address", sa.Text(), nullable=True),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_session_renewal_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_session_renewal")),
        sa.UniqueConstraint("next_address", name=op.f("uq_session_renewal_next_address")),
    )
    op.create_index("ix_session_renewal_conversation_id", "session_renewal", ["conversation_id"])


def downgrade() -> None:
    """The same, backwards."""
    op.execute(
        "UPDATE inbox SET dedupe_key = COALESCE("
        "(SELECT address FROM conversation WHERE conversation.id = inbox.conversation_id AND conversation.channel = 'web'),"
        " (SELECT address FROM further_address"
        " WHERE further_address.conversation_id = inbox.conversation_id AND further_address.channel = 'web'),"
        " conversation_id)"
        " || substr(dedupe_key, length(conversation_id) + 1)"
        " WHERE channel = 'web' AND substr(dedupe_key, 1, length(conversation_id) + 1) = conversation_id || ':'"
    )
    op.drop_table("session_renewal")
