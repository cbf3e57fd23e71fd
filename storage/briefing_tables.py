"""When and of what heads are told, as a table."""

from sqlmodel import Field, SQLModel

import storage.tables  # noqa: F401  (names constraints, and has the unit that this refers to)


class Briefing(SQLModel, table=True):
    """What a chat is told of a unit that it heads; without a row, as
    `storage.office.digest_settings.DEFAULT`.

    `told_week`, `told_month`: the last period whose digest was put in the outbox. `looked`: the
    last day, local, on which there was a look for something urgent. `failed`: how many digests in
    a row did not arrive.
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
