"""The function of whoever holds a role, which whoever invites may write. Of older roles none is
known."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("invite", "role")


def upgrade() -> None:
    for table in _TABLES:
        column = sa.Column("function", sa.String(), nullable=False, server_default="")
        op.add_column(table, column)


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "function")
