"""Ways back: what was destroyed stays so after a backup was put in place, and an imported file can
be taken out again. Of what was imported before, the file is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_OF_A_FILE = sa.text("file <> ''")


def upgrade() -> None:
    op.create_table(
        "destroyed",
        sa.Column("what", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("what", name=op.f("pk_destroyed")),
    )
    for table in ("response", "imported"):
        op.add_column(table, sa.Column("file", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "ix_response_file",
        "response",
        ["unit_id", "file"],
        sqlite_where=_OF_A_FILE,
        postgresql_where=_OF_A_FILE,
    )


def downgrade() -> None:
    op.drop_index("ix_response_file", "response")
    for table in ("response", "imported"):
        op.drop_column(table, "file")
    op.drop_table("destroyed")
