"""What a digest told stays: which responses it told of, in which parts, and what is left of them
once they are erased.

Of weeks that were shown before, the parts are not known: beside them, sheets keep the rule that
they had (`reports.sheets.release`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("response", sa.Column("told", sa.String(), nullable=False, server_default=""))
    op.add_column("released", sa.Column("parts", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "tombstone",
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_tombstone_unit_id")),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_tombstone")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tombstone_unit_date", "tombstone", ["unit_id", "local_date"])
