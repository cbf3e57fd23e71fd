"""Figures as they were first shown: whoever asks again, or later, is told the same."""

from sqlalchemy import Connection, func, select

from storage.index_tables import Released
from storage.once import insert_once, table_of

_r = table_of(Released)


def get(connection: Connection, unit_id: int, period: str) -> str | None:
    query = select(_r.c.figures).where(_r.c.unit_id == unit_id, _r.c.period == period)
    return connection.execute(query).scalar()


def weeks(connection: Connection, unit_id: int) -> list[str]:
    """The figures of every week that was shown."""
    query = select(_r.c.figures).where(_r.c.unit_id == unit_id, _r.c.period.like("____-W__"))
    return list(connection.execute(query).scalars())


def last_week(connection: Connection, unit_id: int) -> str:
    """The last week that was shown; "": none was."""
    weeks = (_r.c.unit_id == unit_id, _r.c.period.like("____-W__"))
    return connection.execute(select(func.max(_r.c.period)).where(*weeks)).scalar() or ""


def keep(connection: Connection, unit_id: int, period: str, figures: str, at: int) -> str:
    """Release figures (JSON). Returns what is released, which may be another's who was first."""
    insert_once(connection, _r, unit_id=unit_id, period=period, figures=figures, at=at)
    released = get(connection, unit_id, period)
    assert released is not None
    return released
