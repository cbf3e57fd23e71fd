"""How far units run their surveys: every count of four units worked out by hand."""

from datetime import date

from reports.ipp.evidence_rules import evidence_rules
from reports.stored.coverage import by, covered, summary
from reports.stored.fold import fold
from storage import units
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import Plan
from storage.office.result_publications import ResultPublication
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.support.offices import NOON, office, unit_of, unit_row
from tests.support.publishing import answered, closed

QUARTER, RULES = parse("2026-Q4"), evidence_rules()


def test_four_units_by_hand(database_url: str):
    """A answers and publishes enough, and finished its plan in three weeks; B publishes too few to
    show a figure; C answers and does not publish; D does nothing."""
    rows = [
        unit_row("A", region="Barat", population=10),  # needs 10 (Krejcie and Morgan 1970)
        unit_row("B", region="Barat", population=100),  # needs 80
        unit_row("C", region="Timur", population=None),  # 30, as a ranking does
        unit_row("D", region="Timur", population=None),
    ]
    with office(database_url, *rows) as engine:
        with engine.begin() as connection:
            answered(connection, "A", 10, values=4)
            answered(connection, "B", 12, values=3)
            answered(connection, "C", 5, values=1)
            unit = unit_of(connection, "A")
            plan = Plan("cost", "Loket", date(2026, 12, 1), "Kasi")
            id = follow_ups.keep(connection, unit.id, plan, date(2026, 10, 1), NOON, "x")
            follow_ups.finish(connection, unit.id, id, date(2026, 10, 22), "foto", "")
            late = follow_ups.keep(connection, unit.id, plan, date(2026, 12, 1), NOON, "x")
            follow_ups.finish(connection, unit.id, late, date(2027, 1, 2), "foto", "")
            for medium in ("website", "social"):
                told = ResultPublication("2026-Q3", medium, date(2026, 10, 5))
                result_publications.keep(connection, unit.id, told, NOON, "x")
            last_year = ResultPublication("2025-Q3", "banner", date(2025, 10, 5))
            result_publications.keep(connection, unit.id, last_year, NOON, "x")
            for code in ("A", "B"):
                closed(connection, code)
        fold(engine)
        with engine.connect() as connection:
            found = covered(connection, units.in_scope(connection, EVERYTHING), QUARTER, RULES)
    a, b, c, d = found
    assert (a.n, a.needed, a.published, a.ikm, a.grade) == (10, 10, True, "100.00", "A")
    # Of two plans one was done when the quarter ended: 50 % is level 3 of the share, three weeks
    # level 5 of the speed; two media are level 2.
    assert (a.plans, a.finished, a.media) == (2, 1, 2)
    assert (a.share, a.speed, a.media_level) == (3, 5, 2)
    assert (b.n, b.needed, b.published, b.ikm, b.grade) == (12, 80, True, None, "")
    assert (c.n, c.needed, c.published, c.enough) == (5, 30, False, False)
    assert (d.n, d.share, d.speed, d.media_level) == (0, 0, 0, 0)
    whole = summary("", found)
    counts = (whole.units, whole.answered, whole.enough, whole.published, whole.planned)
    assert counts == (4, 3, 1, 2, 1)
    assert (whole.finished, whole.mean, dict(whole.grades)) == (1, "100.00", {"A": 1})
    assert whole.bars == [(95, 1)]
    assert whole.levels == {
        "share": [3, 0, 0, 1, 0, 0],
        "speed": [3, 0, 0, 0, 0, 1],
        "media": [3, 0, 1, 0, 0, 0],
    }
    west, east = by(found, lambda unit: unit.region)
    assert (west.name, west.units, west.published, east.name, east.published) == (
        "Barat", 2, 2, "Timur", 0,
    )  # fmt: skip


def test_of_no_units_there_is_nothing_to_tell():
    none = summary("", [])
    assert (none.units, none.mean, none.bars, none.levels["share"]) == (0, None, [], [0] * 6)
