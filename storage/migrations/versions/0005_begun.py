"""What a process has in hand, so that an event that ends it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "begun",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_begun")),
    )


def downgrade() -> None:
    op.drop_table("begun")
