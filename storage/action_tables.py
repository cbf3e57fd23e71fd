"""What was done because of the answers, as tables. Times are Unix seconds, UTC; dates are the
unit's local dates. `by` is a pseudonym (`Vault.pseudonym`); a person in charge is a function."""

from datetime import date

from sqlalchemy import BigInteger, Index, RowMapping, Text, text
from sqlmodel import Field, SQLModel

import storage.tables  # noqa: F401  (names constraints, and has the unit that all of these refer to)
from flows.office.proof import File

_OPEN = text("finished_on IS NULL")


class FollowUp(SQLModel, table=True):
    """A plan to better an element, until it is done or dropped (`finished_on`)."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_open", "due", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
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


def file_columns(file: File | None) -> dict[str, str]:
    kind, id, channel = (file.kind, file.file, file.channel) if file else ("", "", "")
    return {"proof_kind": kind, "proof_file": id, "proof_channel": channel}


def file_in(row: RowMapping) -> File | None:
    kept = (row["proof_kind"], row["proof_file"], row["proof_channel"])
    return File(*kept) if row["proof_kind"] else None
