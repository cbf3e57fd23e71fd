"""Voices and subscriptions have no order of writing, from the next day on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_IN_ORDER = sa.text("written_on IS NOT NULL")


def upgrade() -> None:
    """Both are made anew, of rows in the order of their keys: so those that there are lose theirs.
    A voice whose key is destroyed means nothing."""
    op.execute("CREATE TABLE voice_before AS SELECT * FROM voice")
    op.drop_table("voice")
    op.create_table(
        "voice",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_voice_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "period", "hash", name=op.f("pk_voice")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO voice (unit_id, period, hash) SELECT v.unit_id, v.period, v.hash "
        "FROM voice_before v JOIN period_key k ON k.unit_id = v.unit_id AND k.period = v.period "
        "ORDER BY v.unit_id, v.period, v.hash"
    )
    op.drop_table("voice_before")
    op.execute("CREATE TABLE subscription_before AS SELECT * FROM subscription")
    op.drop_table("subscription")
    op.create_table(
        "subscription",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_subscription_unit_id")),
        sa.PrimaryKeyConstraint("address", "unit_id", name=op.f("pk_subscription")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO subscription (address, unit_id, until) "
        "SELECT address, unit_id, until FROM subscription_before ORDER BY address, unit_id"
    )
    op.drop_table("subscription_before")
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscription_unit_id"), ["unit_id"], unique=False)
    for table in ("voice", "subscription"):
        op.create_index(
            f"ix_{table}_written_on",
            table,
            ["written_on"],
            sqlite_where=_IN_ORDER,
            postgresql_where=_IN_ORDER,
        )
