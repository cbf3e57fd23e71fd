"""Events are known by texts."""

import sqlalchemy as sa
from alembic import op

revision = "0002_ids"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_heard")),
    )
