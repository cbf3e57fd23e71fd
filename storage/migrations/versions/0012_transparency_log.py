"""The transparency log: its entries, hashes of complete subtrees, and checkpoints. What was answered
and published before comes into it with the first checkpoint. And how many visit links were made."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_SAID = sa.text("says <> ''")


def upgrade() -> None:
    op.create_table(
        "log_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_log_entry_hash")),
    )
    op.create_index(
        "ix_log_entry_said", "log_entry", ["position"], sqlite_where=_SAID, postgresql_where=_SAID
    )
    op.create_table(
        "log_node",
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("height", "number", name=op.f("pk_log_node")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.add_column("tombstone", sa.Column("source", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "visits_issued",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_visits_issued_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_visits_issued")),
    )


def downgrade() -> None:
    op.drop_column("tombstone", "source")
    for table in ("visits_issued", "checkpoint", "log_node", "log_entry"):
        op.drop_table(table)
