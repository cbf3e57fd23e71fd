"""Paper details: who signs an agency's and a unit's papers, what stands in them, and the logo."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_detail",
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("scope_kind", "scope", "name", name=op.f("pk_paper_detail")),
    )


def downgrade() -> None:
    op.drop_table("paper_detail")
