"""SQLite's REPLACE deletes a row without asking a trigger on DELETE: an entry of the log could be
put in another's place. Postgres has no such statement, and its ON CONFLICT is an UPDATE."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Before a number is given to a new entry its id is -1.
_KEEPS = (
    "CREATE TRIGGER audit_entry_keeps_REPLACE BEFORE INSERT ON audit_entry "
    "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_KEEPS)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_keeps_REPLACE")
