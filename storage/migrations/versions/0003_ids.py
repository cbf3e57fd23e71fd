"""Events are known by texts: those that no conversation remembers, and those that are answered."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FILE = re.compile("(photo|document):([A-Za-z0-9_-]{20,})")
_o = sa.table("outbox", sa.column("key"), sa.column("kind"), sa.column("reply_to"))
_c = sa.table(
    "conversation", sa.column("id"), sa.column("status"), sa.column("state"), sa.column("until")
)


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_heard")),
    )
    empty = sa.Column("reply_to", sa.String(), nullable=False, server_default="")
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(empty)
    _replies()
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("reply_to", server_default=None)
    _end_after_seven_days()
    for name in ("follow_up", "innovation"):
        _files_apart(name)


def _files_apart(name: str) -> None:
    """A proof was words, or KIND:ID of a file. Who typed such words is not believed: an id of
    Telegram has letters, digits, "_" and "-", and is longer than any word."""
    with op.batch_alter_table(name) as table:
        for column in ("proof_kind", "proof_file", "proof_channel"):
            table.add_column(sa.Column(column, sa.String(), nullable=False, server_default=""))
    row = sa.table(
        name,
        *map(sa.column, ("id", "proof", "proof_kind", "proof_file")),
        sa.column("proof_channel"),
    )
    connection = op.get_bind()
    for id, proof in connection.execute(sa.select(row.c.id, row.c.proof)).all():
        if sent := _FILE.fullmatch(proof):
            file = {"proof_kind": sent[1], "proof_file": sent[2], "proof_channel": "tg"}
            connection.execute(row.update().where(row.c.id == id).values(proof="", **file))
    with op.batch_alter_table(name) as table:
        for column in ("proof_kind", "proof_file", "proof_channel"):
            table.alter_column(column, server_default=None)


def _replies() -> None:
    """Screens that could not be sent (`screen:ADDRESS:EVENT`), and what somebody asked for."""
    asked = sa.or_(_o.c.key.startswith("screen:"), _o.c.kind.in_(["document", "again"]))
    op.execute(_o.update().where(asked).values(reply_to=_o.c.key))


def _end_after_seven_days() -> None:
    """`flows.engine.ended.until`: from its beginning, no longer from its last event."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_c.c.id, _c.c.state).where(_c.c.status == "open")).all()
    for id, state in rows:
        read = json.loads(state)
        if "corrects" not in read["about"]:
            ends = {"until": read["began"] + 7 * 86_400}
            connection.execute(_c.update().where(_c.c.id == id).values(**ends))
