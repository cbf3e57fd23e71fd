"""What people with roles do because of the answers, and what their roles do, as tables. Times are
Unix seconds, UTC; dates are the unit's local dates. `by` is a pseudonym (`Vault.pseudonym`); a
person in charge is a function."""

from datetime import date

from sqlalchemy import BigInteger, Index, LargeBinary, RowMapping, Text, text
from sqlmodel import Field, SQLModel

import storage.tables  # noqa: F401  (names constraints, and has the unit that these refer to)
from flows.office.proof import File

_OPEN = text("finished_on IS NULL")


class FollowUp(SQLModel, table=True):
    """A plan to better an element, until it is done or dropped (`finished_on`)."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_open", "due", sqlite_where=_OPEN),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    element: str
    programme: str = Field(sa_type=Text)
    due: date
    person: str
    status: str  # planned | running | done | dropped
    planned_on: date
    finished_on: date | None = None
    proof: str = Field(default="", sa_type=Text)  # words (`flows.office.proof`)
    proof_kind: str = ""  # of a file that was sent: photo | document
    proof_file: str = ""  # … its id in that channel
    proof_channel: str = ""
    told: str = Field(default="", sa_type=Text)  # to citizens who asked for news
    reminded: int = 0  # the last stage (`reports.jobs.due_follow_ups`) at which its heads were
    at: int = Field(sa_type=BigInteger)
    by: str


class ResultPublication(SQLModel, table=True):
    """That a period's results were published in a medium on a day."""

    __tablename__ = "result_publication"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    period: str = Field(primary_key=True)
    medium: str = Field(primary_key=True)
    published_on: date = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    by: str


class PaperDetail(SQLModel, table=True):
    """What the papers of a unit, or of all units of an agency, say besides figures
    (`storage.office.paper_details`): who signs them, passages, a logo."""

    __tablename__ = "paper_detail"
    scope_kind: str = Field(primary_key=True)  # unit | agency (`storage.scope`)
    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)


class Innovation(SQLModel, table=True):
    """Something new that a unit does for an element, since when, and what proves it.
    `first_started_on`: since when as it was first noted."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    element: str
    name: str
    what: str = Field(sa_type=Text)
    started_on: date
    first_started_on: date
    proof: str = Field(default="", sa_type=Text)
    proof_kind: str = ""
    proof_file: str = ""
    proof_channel: str = ""
    at: int = Field(sa_type=BigInteger)
    by: str


class PublicFile(SQLModel, table=True):
    """What everybody may have from the public site besides figures: the photo of a follow-up or an
    innovation, as it was drawn anew, or a period's official report (`storage.office.public_files`).
    """

    __tablename__ = "public_file"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    kind: str = Field(primary_key=True)  # follow_up | innovation | report
    of: str = Field(primary_key=True)  # its id there; a period's name
    media_type: str  # image/jpeg | application/pdf
    content: bytes = Field(sa_type=LargeBinary)
    hash: str  # SHA-256 of the content, in hexadecimal
    size: int  # bytes
    width: int = 0  # pixels of a photo
    height: int = 0
    made_of: str = ""  # of a report: the hash of the sheet whose figures it has
    at: int = Field(sa_type=BigInteger)


class Briefing(SQLModel, table=True):
    """What a chat is told of a unit that it heads; without a row, as
    `storage.office.digest_settings.DEFAULT`.

    `told_week`, `told_month`: the last period whose digest was put in the outbox, or is left to the
    next (`reports.jobs.due_digests`). `looked`: the last day, local, on which there was a look for
    something urgent. `failed`: how many digests in a row did not arrive.
    """

    address: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    rhythm: str = "week"  # week | month | both
    weekday: int = 0  # Monday
    hour: int = 8  # local
    muted: str = ""  # kinds of alerts, a space between
    told_week: str = ""  # 2026-W47
    told_month: str = ""  # 2026-11
    looked: str = ""  # 2026-11-24
    failed: int = 0


class AuditEntry(SQLModel, table=True):
    """A change made with a role's power; rows are only ever added. `before`, `after`: JSON."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    by: str = Field(index=True)  # pseudonym
    action: str
    scope_kind: str  # unit | agency | everything (`storage.scope`)
    scope: str = Field(index=True)  # a unit's code, an agency's name, or "*"
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)


class SentFile(SQLModel, table=True):
    """A table that somebody with a role sent into a chat, until it is used or forgotten.
    `content`: its cells as JSON, rows of texts."""

    __tablename__ = "sent_file"
    address: str = Field(primary_key=True)
    file: str
    content: bytes = Field(sa_type=LargeBinary)
    until: int = Field(sa_type=BigInteger, index=True)


class ConsoleKey(SQLModel, table=True):
    """A way into the web console: a one-time link, or a session; only the token's hash is kept.

    Good until `until`, which a session puts off each time it is used, at most until `ends`."""

    __tablename__ = "console_key"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    kind: str  # link | session
    address: str = Field(index=True)
    until: int = Field(sa_type=BigInteger, index=True)
    ends: int = Field(sa_type=BigInteger)


class CounterKey(SQLModel, table=True):
    """A machine at a counter that may make visit links of its unit and service ("": any); only the
    key's hash is kept. `id` names it and opens nothing. `used_on`: the last day, local, on which
    it made one."""

    __tablename__ = "counter_key"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    id: str = Field(unique=True)
    unit_id: int = Field(foreign_key="unit.id")
    service: str = ""
    name: str
    since: int = Field(sa_type=BigInteger)
    used_on: date | None = None


def file_columns(file: File | None) -> dict[str, str]:
    kind, id, channel = (file.kind, file.file, file.channel) if file else ("", "", "")
    return {"proof_kind": kind, "proof_file": id, "proof_channel": channel}


def file_in(row: RowMapping) -> File | None:
    kept = (row["proof_kind"], row["proof_file"], row["proof_channel"])
    return File(*kept) if row["proof_kind"] else None
