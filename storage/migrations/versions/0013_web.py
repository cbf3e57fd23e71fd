"""In the web a unit may want a visit's link; and the keys of counters that print such links."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("unit", sa.Column("web", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "counter_key",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_counter_key_unit_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_counter_key")),
        sa.UniqueConstraint("id", name=op.f("uq_counter_key_id")),
    )


def downgrade() -> None:
    op.drop_table("counter_key")
    op.drop_column("unit", "web")
