"""What was said of a table of answers is kept, by unit and header."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "table_reading",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_table_reading_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "header", name=op.f("pk_table_reading")),
    )


def downgrade() -> None:
    op.drop_table("table_reading")
