"""a handoff that keeps its promise"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Each table or column in the order in which it came."""

    op.add_column("conversation", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("conversation", sa.Column("snooze_note", sa.Text(), nullable=True))
    op.create_index("ix_conversation_snoozed_until", "conversation", ["snoozed_until"])
    op.add_column("ticket", sa.Column("lease_left_seconds", sa.Integer(), nullable=True))
    op.create_table(
        "ticket_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_ticket_event_agent_id")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["ticket.id"], name=op.f("fk_ticket_event_ticket_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_event")),
    )
    op.create_index("ix_ticket_event_agent_id_at", "ticket_event", ["agent_id", "at"])
    op.create_index("ix_ticket_event_ticket_id", "ticket_event", ["ticket_id"])
    op.create_table(
        "open_desk",
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_open_desk_agent_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("agent_id", "gateway", name=op.f("pk_open_desk")),
    )
    op.add_column("ticket", sa.Column("kept", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.add_column("ticket", sa.Column("told_kept_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("ticket", sa.Column("email_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("ticket", sa.Column("comment", sa.Text(), nullable=True))
    op.add_column("ticket", sa.Column("comment_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "promise",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_promise_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_promise_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_promise_ticket_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index("ix_promise_conversation_id", "promise", ["conversation_id"])
    op.create_index("ix_promise_ticket_id", "promise", ["ticket_id"])
    op.create_index("ix_promise_state_due_at", "promise", ["state", "due_at"])
    op.execute(
        "INSERT INTO promise (id, conversation_id, ticket_id, kind, text, due_at, made_at, state, ended_at)"
        " SELECT 'p_ticket_' || CAST(id AS TEXT), conversation_id, id, 'answer', 'An answer', promised_at, queued_at,"
        " CASE WHEN first_reply_at IS NOT NULL THEN 'kept' WHEN state IN ('queued', 'claimed') THEN 'open'"
        " ELSE 'released' END, COALESCE(first_reply_at, ended_at) FROM ticket WHERE promised_at IS NOT NULL"
    )
    op.drop_column("ticket", "promised_at")
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_follow_up_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_follow_up_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_follow_up_ticket_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    op.create_index("ix_follow_up_conversation_id", "follow_up", ["conversation_id"])
    op.create_index("ix_follow_up_ticket_id", "follow_up", ["ticket_id"])
    op.create_index("ix_follow_up_state_due_at", "follow_up", ["state", "due_at"])
    op.add_column("desk_thread", sa.Column("topic", sa.Text(), nullable=True))
    op.create_index("ix_desk_thread_topic", "desk_thread", ["channel", "place", "topic"])
    op.create_table(
        "desk_line",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("asks_epoch", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_desk_line_ticket_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel", "place", "message_id", name=op.f("pk_desk_line")),
    )
    op.create_index("ix_desk_line_ticket_id", "desk_line", ["ticket_id"])

    op.create_table(
        "further_address",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_further_address_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("channel", "address", name=op.f("pk_further_address")),
        sa.UniqueConstraint("conversation_id", "channel", name=op.f("uq_further_address_conversation_id_channel")),
    )
    op.create_table(
        "join_link",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_join_link_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_join_link")),
    )
    op.create_index("ix_join_link_conversation_id", "join_link", ["conversation_id"])
    op.create_table(
        "set_aside",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("joined_to", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_set_aside_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["joined_to"], ["conversation.id"], name=op.f("fk_set_aside_joined_to"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_set_aside")),
    )
    op.create_index("ix_set_aside_joined_to", "set_aside", ["joined_to"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("features", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("points", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name=op.f("fk_decision_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=op.f("fk_decision_ticket_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_at_outcome", "decision", ["at", "outcome"])
    op.create_index("ix_decision_conversation_id", "decision", ["conversation_id"])
    op.create_index("ix_decision_ticket_id", "decision", ["ticket_id"])
    op.add_column("conversation", sa.Column("ask_failed_notice_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """The same, backwards."""

    op.drop_column("conversation", "ask_failed_notice_at")
    op.drop_table("decision")
    op.drop_table("set_aside")
    op.drop_table("join_link")
    op.drop_table("further_address")
    op.drop_table("desk_line")
    op.drop_index("ix_desk_thread_topic", "desk_thread")
    op.drop_column("desk_thread", "topic")
    op.drop_table("follow_up")
    op.add_column("ticket", sa.Column("promised_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE ticket SET promised_at = (SELECT MAX(due_at) FROM promise"
        " WHERE promise.ticket_id = ticket.id AND promise.kind = 'answer')"
    )
    op.drop_table("promise")
    op.drop_column("inbox", "failures")
    for column in ("comment_asked_at", "comment", "email_asked_at", "email", "told_kept_at", "kept"):
        op.drop_column("ticket", column)
    op.drop_table("open_desk")
    op.drop_table("ticket_event")
    op.drop_column("ticket", "lease_left_seconds")
    op.drop_index("ix_conversation_snoozed_until", "conversation")
    op.drop_column("conversation", "snooze_note")
    op.drop_column("conversation", "snoozed_until")
