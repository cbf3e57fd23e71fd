"""What is computed and published of the answers, as tables. Times are Unix seconds, UTC."""

from datetime import date

from sqlalchemy import BigInteger, Index, LargeBinary, Text, text
from sqlmodel import Column, Field, SQLModel, UniqueConstraint

import storage.tables  # noqa: F401  (names constraints, and has the unit that all of these refer to)

_ERASED = text("erased")
_SAID = text("says <> ''")


class Unfolded(SQLModel, table=True):
    """A response that is in no cell yet. Unit by unit, so that a batch of them has few cells; what
    is folded is a row less here, and none of the response's is written again."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    unit_id: int = Field(primary_key=True)
    id: str = Field(primary_key=True)  # of the response; whoever deletes that takes this out first


class Tally(SQLModel, table=True):
    """Folded responses of one cell; `data` is `reports.statistics.tally.Tally` as JSON."""

    __table_args__ = (Index("ix_tally_month", "month"),)
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    service: str = Field(primary_key=True)
    instrument: str = Field(primary_key=True)
    month: str = Field(primary_key=True)  # 2026-11, local
    source: str = Field(primary_key=True)
    verified: bool = Field(primary_key=True)
    data: str = Field(sa_type=Text)


class Quarter(SQLModel, table=True):
    """What the cells of a unit's quarter add up to, so that all units are ranked without them."""

    __table_args__ = (Index("ix_quarter_quarter", "quarter", "instrument"),)
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    instrument: str = Field(primary_key=True)
    quarter: str = Field(primary_key=True)  # 2026-Q4, local
    n: int
    mean: str | None = None  # the index, exact: 30500/361; none where nobody answered
    variance: float | None = None  # SE² of the index
    data: str = Field(sa_type=Text)  # reports.statistics.tally.Tally as JSON


class Released(SQLModel, table=True):
    """Figures of a unit and period as they were first shown: the same for everyone, for good.

    `sums`: what they were made of, for later weeks to be compared with: as with a sheet's sums, a
    response that is erased stays in them, or the difference would tell it. "" of few responses.
    Of "report 2026-Q4" the leaves of the responses that the operator's last report counted.
    """

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    period: str = Field(primary_key=True)
    figures: str = Field(sa_type=Text)  # JSON of reports.digest.composed.Digest
    sums: str = Field(default="", sa_type=Text)  # reports.statistics.tally.Tally as JSON
    parts: str = Field(default="", sa_type=Text)  # of a week: reports.digest.told, for sheets
    at: int = Field(sa_type=BigInteger)


class Sheet(SQLModel, table=True):
    """A published period: append-only, numbered in its unit, each holding the hash of the one
    before. `content` is canonical JSON; `hash` its SHA-256."""

    __table_args__ = (UniqueConstraint("unit_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    number: int
    period: str = Field(index=True)
    content: str = Field(sa_type=Text)
    hash: bytes = Field(sa_type=LargeBinary, unique=True)
    at: int = Field(sa_type=BigInteger)


class SheetLeaf(SQLModel, table=True):
    """The list of leaves beside a sheet; of a response that was erased only this is left."""

    __tablename__ = "sheet_leaf"
    __table_args__ = (Index("ix_sheet_leaf_erased", "sheet_id", sqlite_where=_ERASED),)
    sheet_id: int = Field(primary_key=True, foreign_key="sheet.id")
    leaf: bytes = Field(primary_key=True, sa_type=LargeBinary, index=True)
    erased: bool = False


class Tombstone(SQLModel, table=True):
    """What is left of an erased response that a week's digest (`told`) or a sheet had counted, or
    the transparency log has: its leaf and its day, no answer and no salt."""

    __table_args__ = (
        Index("ix_tombstone_unit_date", "unit_id", "local_date"),
        {"sqlite_with_rowid": False},
    )
    leaf: bytes = Field(primary_key=True, sa_type=LargeBinary)
    unit_id: int = Field(foreign_key="unit.id")
    instrument: str
    local_date: date
    told: str = ""
    source: str = ""  # of the response; "" where it was erased before that was kept


class Radar(SQLModel, table=True):
    """What the radar found in a unit's period, kept because exact times are dropped after it."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    instrument: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    findings: str = Field(sa_type=Text)  # JSON
    at: int = Field(sa_type=BigInteger)


class F02Score(SQLModel, table=True):
    """An evaluator's score of one F-02 indicator of a unit in a year, 0..5."""

    __tablename__ = "f02_score"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    year: int = Field(primary_key=True)
    indicator: str = Field(primary_key=True)
    rules: str  # the version of aspects and weights
    aspect: str
    score: str  # an exact decimal
    weight: str = ""  # within the aspect, where the file gave one


class Imported(SQLModel, table=True):
    """A file or a row that was imported, by the hash of its content or its own id: once."""

    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    what: str = Field(
        primary_key=True
    )  # "file:", "row:" and a SHA-256, or "part:" (`storage.answers.imports`)
    file: str = ""  # of a row: the key of the file that it came in
    at: int = Field(sa_type=BigInteger)


class TableReading(SQLModel, table=True):
    """What was said of tables of answers with that header (`storage.answers.table_readings`)."""

    __tablename__ = "table_reading"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    header: str = Field(primary_key=True)
    said: str = Field(sa_type=Text)  # JSON


class LogEntry(SQLModel, table=True):
    """An entry of the transparency log, by its position from 0: never changed, never taken out.

    `hash` is the leaf of a response, or SHA-256(0x00 ‖ `says`); `says`: canonical JSON, "" of a
    response. `day`: on which it was added.
    """

    __tablename__ = "log_entry"
    __table_args__ = (Index("ix_log_entry_said", "position", sqlite_where=_SAID),)
    position: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_type=LargeBinary, unique=True)
    says: str = Field(default="", sa_type=Text)
    day: date


class LogNode(SQLModel, table=True):
    """The hash of a complete subtree of the log (`reports.transparency.tree`)."""

    __tablename__ = "log_node"
    height: int = Field(primary_key=True)
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes = Field(sa_type=LargeBinary)


class Checkpoint(SQLModel, table=True):
    """The root of the log's first `size` entries. `day`: the last one on which all that was due was
    in it. `note`: the signed note (C2SP tlog-checkpoint)
    with witnesses' cosignatures; "" until it is signed."""

    size: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    root: bytes = Field(sa_type=LargeBinary)
    day: date
    note: str = Field(default="", sa_type=Text)
