"""Examples and innovations rest on weeks that were shown; p and intervals are SciPy's."""

from collections.abc import Iterator
from datetime import date

import pytest
from scipy import stats
from sqlalchemy import Connection

from flows.loader import words
from reports.digest.composed import Example
from reports.digest.examples import Examples
from reports.digest.late_lines import more_of
from reports.digest.unit_week import release, weekly
from reports.radar import run as radar_run
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from reports.stored.before_after import before_after
from storage.office import follow_ups, innovations
from storage.office.follow_ups import Plan
from storage.office.innovations import Novelty
from storage.periods import parse
from tests.support.digest_weeks import KEYS, digest, straight, uneven
from tests.support.offices import NOON, Chance, draft, office, respond, unit_of, unit_row

W47 = parse("2026-W47")
CODES = ("OWN", "GOOD", "BEST", "NEAR", "FEW", "SAME", "FAR")


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    rows = [
        unit_row(
            code,
            kind="samsat" if code != "FAR" else "rsud",
            population=10 if code == "BEST" else 1000,
        )
        for code in CODES
    ]
    with office(database_url, *rows) as engine, engine.begin() as connection:
        yield connection


def shown(connection: Connection, code: str, week: str, tally: Tally) -> None:
    release(connection, unit_of(connection, code), digest(tally, week=week), tally, 0)


def costs(n: int, twos: int) -> list[int]:
    """As `uneven(n, cost=twos)` has them."""
    return [2] * twos + [3] * (n - twos)


def partly_hidden() -> Tally:
    """Forty ones, but only three of them of the cost: that mean is hidden."""
    rows = [dict.fromkeys(KEYS, 1) for _ in range(40)]
    for row in rows[3:]:
        row["cost"] = None
    return tally_of_rows(KEYS, [Row(row) for row in rows])


def everyone(connection: Connection) -> None:
    shown(connection, "OWN", "2026-W46", uneven(40, cost=20))
    shown(connection, "GOOD", "2026-W45", uneven(20, cost=1))
    shown(connection, "GOOD", "2026-W46", uneven(20, cost=1))
    shown(connection, "GOOD", "2026-W44", straight(ones=4))  # few: nothing of it was shown
    shown(connection, "GOOD", "2026-W43", partly_hidden())
    shown(connection, "GOOD", "2026-W47", straight(ones=90))  # the digest's own week
    shown(connection, "GOOD", "2026-W33", straight(ones=90))  # over 13 weeks ago
    shown(connection, "BEST", "2026-W46", uneven(40, cost=1))
    shown(connection, "NEAR", "2026-W46", uneven(40, cost=10))
    shown(connection, "FEW", "2026-W46", uneven(29, cost=1))
    shown(connection, "SAME", "2026-W46", straight(threes=40))
    shown(connection, "FAR", "2026-W46", uneven(40, cost=1))


def test_who_is_really_better_is_named_and_first_who_did_something(connection):
    own, good, best, near = (costs(40, twos) for twos in (20, 2, 1, 10))
    welch = [stats.ttest_ind(other, own, equal_var=False).pvalue for other in (good, best, near)]
    assert [p < 0.01 for p in welch] == [True, True, False]
    everyone(connection)
    unit, last = unit_of(connection, "OWN"), W47
    assert Examples().of(connection, unit, ("cost",), last) == (
        Example("Kantor BEST", "cost", "2.98", ""),  # 119/40 = 2.975
        Example("Kantor GOOD", "cost", "2.95", ""),
    )
    new = Novelty("cost", "Tarif di papan", "…", date(2026, 3, 1), "")
    innovations.keep(connection, unit_of(connection, "GOOD").id, new, NOON, "abc")
    old = Plan("facilities", "Kursi", date(2026, 3, 1), "Kasi")
    plan = follow_ups.keep(connection, unit_of(connection, "BEST").id, old, old.due, NOON, "abc")
    follow_ups.finish(connection, unit_of(connection, "BEST").id, plan, old.due, "", "")
    found = Examples().of(connection, unit, ("procedure", "cost"), last)
    assert [(each.unit, each.did) for each in found] == [
        ("Kantor GOOD", "Tarif di papan"),
        ("Kantor BEST", ""),  # what it did was for another element
    ]


def test_a_unit_in_whose_answers_the_radar_found_anything_is_nobodys_example(connection):
    everyone(connection)
    best, chance = unit_of(connection, "BEST"), Chance("radar")
    for _ in range(12):  # of 10 users
        respond(connection, "BEST", chance, draft(NOON - 90 * 86_400))
    radar_run.run(connection, best, parse("2026-Q3"), NOON)
    found = radar_run.kept(connection, best, parse("2026-Q3"))
    assert found is not None
    assert [flag.name for flag in found.flags] == ["over_population"]
    named = Examples().of(connection, unit_of(connection, "OWN"), ("cost",), W47)
    assert [each.unit for each in named] == ["Kantor GOOD"]


def test_no_example_where_nobody_is_better_or_nothing_is_weak(connection):
    everyone(connection)
    best = unit_of(connection, "BEST")
    assert Examples().of(connection, best, ("cost",), W47) == ()
    assert Examples().of(connection, unit_of(connection, "OWN"), (), W47) == ()
    assert Examples().of(connection, unit_of(connection, "FAR"), ("cost",), W47) == ()
    assert Examples().of(connection, unit_of(connection, "FEW"), ("cost",), W47) == ()


def test_a_digest_holds_its_examples(connection):
    everyone(connection)
    chance, values = Chance("week"), [3, 3, 3, 2, 3, 3, 3, 3, 3]
    for _ in range(10):
        respond(connection, "OWN", chance, draft(NOON, values))
    unit = unit_of(connection, "OWN")
    made = weekly(connection, unit, W47, NOON)
    assert made.weakest[0] == "cost"
    assert [each.unit for each in made.examples] == ["Kantor BEST", "Kantor GOOD"]
    more = more_of(connection, unit, made, date(2026, 11, 23), words("id"))
    assert more.example == "Contoh pada Biaya/Tarif: Kantor BEST 2,98; Kantor GOOD 2,95"


def test_before_and_after_leave_out_the_week_in_which_it_began(connection):
    unit = unit_of(connection, "OWN")
    for week, tally in (
        ("2026-W28", straight(ones=90)),  # over 13 weeks before
        ("2026-W41", uneven(40, cost=20)),
        ("2026-W42", straight(ones=90)),  # it began on its Thursday
        ("2026-W43", uneven(40, cost=2)),
        ("2026-W46", uneven(40, cost=2)),
    ):
        shown(connection, "OWN", week, tally)
    found = before_after(connection, unit, "cost", date(2026, 10, 15), date(2026, 11, 19))
    for side, values in ((found.before, costs(40, 20)), (found.after, costs(80, 4))):
        assert side is not None
        assert side.estimate.n == len(values)
        assert float(side.estimate.value) == sum(values) / len(values)
        error = stats.sem(values)
        expected = stats.t.interval(0.95, len(values) - 1, sum(values) / len(values), error)
        assert side.ci95 == pytest.approx(expected, abs=1e-9)
    welch = stats.ttest_ind(costs(80, 4), costs(40, 20), equal_var=False)
    assert found.change.p == pytest.approx(welch.pvalue, rel=1e-6)
    assert found.change.real
    nothing = before_after(connection, unit, "cost", date(2026, 11, 18), date(2026, 11, 19))
    assert nothing.after is None
