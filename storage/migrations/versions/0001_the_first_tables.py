"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Nobody with an ordinary statement changes the log, whatever the code above the database does.
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_entry_keeps_{event} BEFORE {event} ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
        for event in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_entry_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
        "CREATE TRIGGER audit_entry_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_keeps()",
    ],
}


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    with op.batch_alter_table("conversation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversation_address"), ["address"], unique=False)
        batch_op.create_index(
            "ix_conversation_open",
            ["address"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "invite",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("used_by", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_invite")),
        sa.UniqueConstraint("id", name=op.f("uq_invite_id")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resent", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
    )
    op.create_table(
        "role",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", "role", "scope", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index("ix_role_scope", ["role", "scope"], unique=False)

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded_code", sa.String(), nullable=False),
        sa.Column("folded_name", sa.String(), nullable=False),
        sa.Column("agency", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("opening_hours", sa.String(), nullable=False),
        sa.Column("services", sa.JSON(), nullable=False),
        sa.Column("retired", sa.JSON(), nullable=False),
        sa.Column("users", sa.JSON(), nullable=False),
        sa.Column("closed_until", sa.Date(), nullable=True),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire"], ["questionnaire.id"], name=op.f("fk_unit_questionnaire")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("folded_code", name=op.f("uq_unit_folded_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_agency"), ["agency"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_folded_name"), ["folded_name"], unique=False)

    op.create_table(
        "edition",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_edition")),
    )
    op.create_table(
        "dropout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_dropout_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dropout")),
    )
    with op.batch_alter_table("dropout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dropout_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "f02_score",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("aspect", sa.String(), nullable=False),
        sa.Column("score", sa.String(), nullable=False),
        sa.Column("weight", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_f02_score_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "year", "indicator", name=op.f("pk_f02_score")),
    )
    op.create_table(
        "imported",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_imported_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "what", name=op.f("pk_imported")),
    )
    op.create_table(
        "period_key",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("destroy_after", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_period_key_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "period", name=op.f("pk_period_key")),
    )
    with op.batch_alter_table("period_key", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_period_key_destroy_after"), ["destroy_after"], unique=False
        )

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire"], ["questionnaire.id"], name=op.f("fk_publication_questionnaire")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_publication_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_publication_unit_id_number")),
    )
    op.create_table(
        "quarter",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("quarter", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("mean", sa.String(), nullable=True),
        sa.Column("variance", sa.Float(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_quarter_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "instrument", "quarter", name=op.f("pk_quarter")),
    )
    with op.batch_alter_table("quarter", schema=None) as batch_op:
        batch_op.create_index("ix_quarter_quarter", ["quarter", "instrument"], unique=False)

    op.create_table(
        "radar",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_radar_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "instrument", "period", name=op.f("pk_radar")),
    )
    op.create_table(
        "released",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_released_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "period", name=op.f("pk_released")),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("duration", sa.Integer(), nullable=True),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=True),
        sa.Column("folded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["questionnaire"], ["questionnaire.id"], name=op.f("fk_response_questionnaire")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_response_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("leaf", name=op.f("uq_response_leaf")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(
            "ix_response_unfolded",
            ["unit_id"],
            unique=False,
            sqlite_where=sa.text("NOT folded"),
            postgresql_where=sa.text("NOT folded"),
        )
        batch_op.create_index("ix_response_unit_date", ["unit_id", "local_date"], unique=False)

    op.create_table(
        "sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_sheet_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet")),
        sa.UniqueConstraint("hash", name=op.f("uq_sheet_hash")),
        sa.UniqueConstraint("unit_id", "number", name=op.f("uq_sheet_unit_id_number")),
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_period"), ["period"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subscription_unit_id")),
        sa.PrimaryKeyConstraint("address", "unit_id", name=op.f("pk_subscription")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "tally",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tally_unit_id")),
        sa.PrimaryKeyConstraint(
            "unit_id", "service", "instrument", "month", "source", "verified", name=op.f("pk_tally")
        ),
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index("ix_tally_month", ["month"], unique=False)

    op.create_table(
        "service_standard",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_service_standard_unit_id")),
        sa.PrimaryKeyConstraint(
            "unit_id", "service", "element", "valid_from", name=op.f("pk_service_standard")
        ),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_by"), ["by"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_scope"), ["scope"], unique=False)
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)

    op.create_table(
        "console_key",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_console_key")),
    )
    with op.batch_alter_table("console_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_console_key_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_console_key_until"), ["until"], unique=False)

    op.create_table(
        "sent_file",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_sent_file")),
    )
    with op.batch_alter_table("sent_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sent_file_until"), ["until"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("reminded", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_follow_up_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "ix_follow_up_open",
            ["due"],
            unique=False,
            sqlite_where=sa.text("finished_on IS NULL"),
            postgresql_where=sa.text("finished_on IS NULL"),
        )

    op.create_table(
        "result_publication",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("medium", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_result_publication_unit_id")
        ),
        sa.PrimaryKeyConstraint(
            "unit_id", "period", "medium", "published_on", name=op.f("pk_result_publication")
        ),
    )
    op.create_table(
        "innovation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("element", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("first_started_on", sa.Date(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_innovation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_innovation")),
    )
    with op.batch_alter_table("innovation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_innovation_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "briefing",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.String(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("muted", sa.String(), nullable=False),
        sa.Column("told_week", sa.String(), nullable=False),
        sa.Column("told_month", sa.String(), nullable=False),
        sa.Column("looked", sa.String(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_briefing_unit_id")),
        sa.PrimaryKeyConstraint("address", "unit_id", name=op.f("pk_briefing")),
    )
    op.create_table(
        "voice",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_voice_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "period", "hash", name=op.f("pk_voice")),
    )
    op.create_table(
        "sheet_leaf",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["sheet_id"], ["sheet.id"], name=op.f("fk_sheet_leaf_sheet_id")),
        sa.PrimaryKeyConstraint("sheet_id", "leaf", name=op.f("pk_sheet_leaf")),
    )
    with op.batch_alter_table("sheet_leaf", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_leaf_leaf"), ["leaf"], unique=False)
        batch_op.create_index(
            "ix_sheet_leaf_erased",
            ["sheet_id"],
            unique=False,
            sqlite_where=sa.text("erased"),
            postgresql_where=sa.text("erased"),
        )
