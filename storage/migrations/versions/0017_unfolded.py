"""Responses that are in no tally yet stand in a table of their own: to fold one writes none anew."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_UNFOLDED = sa.text("NOT folded")


def upgrade() -> None:
    op.create_table(
        "unfolded",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "id", name=op.f("pk_unfolded")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO unfolded (unit_id, id) SELECT unit_id, id FROM response WHERE NOT folded"
    )
    op.drop_index("ix_response_unfolded", table_name="response")
    op.drop_column("response", "folded")


def downgrade() -> None:
    op.add_column(
        "response", sa.Column("folded", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.execute("UPDATE response SET folded = false WHERE id IN (SELECT id FROM unfolded)")
    op.create_index(
        "ix_response_unfolded",
        "response",
        ["unit_id"],
        sqlite_where=_UNFOLDED,
        postgresql_where=_UNFOLDED,
    )
    op.drop_table("unfolded")
