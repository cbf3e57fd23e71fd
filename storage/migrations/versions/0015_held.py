"""Since when something waits for its reader to write; each event of a person looks for that."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_HELD = sa.text("held_since IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    op.add_column("outbox", sa.Column("held_since", sa.BigInteger(), nullable=True))
    # What the former release held has no other sign of it; its time is when it was put to wait.
    op.execute(
        "UPDATE outbox SET held_since = due_at - 86400 "
        "WHERE error = 'held until they write' AND sent_at IS NULL AND failed_at IS NULL"
    )
    op.create_index(
        "ix_outbox_held", "outbox", ["address"], sqlite_where=_HELD, postgresql_where=_HELD
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_held", table_name="outbox")
    op.drop_column("outbox", "held_since")
