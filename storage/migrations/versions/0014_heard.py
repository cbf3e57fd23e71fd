"""When a chat with a role last wrote: on WhatsApp it may be written to for 24 hours after that."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role", sa.Column("heard", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("role", "heard")
