"""Exported rows: nobody is found by them, they add up to their sheet, at every time the same."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from random import Random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import Connection, Engine

from flows.instrument import Questionnaire, Wording
from reports.digest.composed import Digest
from reports.digest.unit_week import weekly
from reports.sheets.exporting import ERASED, FEW, OPEN, Exported, export, header
from reports.stored.figures import EVER
from storage import questionnaires
from storage.answers import votes
from storage.answers.responses import Draft
from storage.answers.votes import Person
from storage.index import tallies
from storage.periods import parse
from tests.support.instruments import CURRENT, SKM_NOW
from tests.support.offices import (
    ITEMS,
    NOON,
    VAULT,
    Chance,
    draft,
    keep_all,
    office,
    unit_of,
    unit_row,
)
from tests.support.publishing import COST_BLANK, DAY, LATER, closed, run_in, show_week, whole_weeks

CODE = "SMST-BTM"
FREE = date(2027, 1, 15)  # the first day on which nobody can erase an answer of 2026-Q4
HEADER = header(SKM_NOW)
BESIDE = len(HEADER) - len(ITEMS)
MON_30_NOV, TUE_1_DEC = NOON + 11 * DAY, NOON + 12 * DAY  # NOON is Thursday 19 November


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(CODE)) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def respond(connection: Connection, *groups: tuple[int, Draft]) -> None:
    """So many responses of each kind."""
    for number, (times, given) in enumerate(groups):
        chance = Chance(f"{number} {given}")
        keep_all(connection, unit_of(connection, CODE), [given] * times, chance)


def exported(connection: Connection, today: date = FREE, seed: int = 0) -> Exported:
    """The one period that there is to export."""
    (found,) = export(connection, unit_of(connection, CODE), SKM_NOW, EVER, today, Chance(seed))
    return found


def published(connection: Connection, *groups: tuple[int, Draft]) -> Exported:
    respond(connection, *groups)
    closed(connection, CODE)
    return exported(connection)


def told(found: Exported, *columns: str) -> Counter[tuple[str, ...]]:
    at = [HEADER.index(name) for name in columns]
    return Counter(tuple(row[place] for place in at) for row in found.rows)


def test_a_row_tells_what_five_share_and_its_answers(connection: Connection) -> None:
    """3 of stnk cannot hide among themselves: pajak, the smallest other in that month, joins."""
    woman, man = {"sex": "female", "age": "26-35"}, {"sex": "male", "age": "=1+1"}
    said = {"comment": "Rini, 0812", "extra": {"a": {"text": "Rini"}, "d": "1987-05-03"}}
    found = published(
        connection,
        (20, draft(profile=woman, **said)),
        (20, draft(values=4, profile=man)),
        (3, draft(service="stnk", profile=woman)),
        (7, draft(service="balik-nama", values=COST_BLANK, at=TUE_1_DEC)),
    )
    assert (found.n, found.empty, found.left_out) == (50, [], "")
    assert "1987" not in str(found.rows)
    assert told(found, *HEADER[:BESIDE]) == {
        (CODE, "2026-Q4", "2026-11", "", "chat", "female", "26-35", "", ""): 23,
        (CODE, "2026-Q4", "2026-11", "", "chat", "male", "", "", ""): 20,
        (CODE, "2026-Q4", "2026-12", "balik-nama", "chat", "", "", "", ""): 7,
    }
    assert told(found, *ITEMS) == {
        ("3",) * 9: 23,
        ("4",) * 9: 20,
        tuple("333") + ("",) + ("3",) * 5: 7,
    }


def test_the_order_of_rows_is_chance_and_the_rows_are_always_the_same(
    connection: Connection,
) -> None:
    respond(connection, *((5, draft(values=value)) for value in (1, 2, 3, 4)))
    closed(connection, CODE)
    first, second = exported(connection, seed=1), exported(connection, seed=2)
    assert list(first.rows) != list(second.rows)
    assert sorted(first.rows) == sorted(second.rows)


def test_only_when_nobody_can_erase_an_answer_any_more(connection: Connection) -> None:
    assert published(connection, (9, draft())).left_out == ""
    last = FREE - timedelta(days=1)
    assert (exported(connection, last).left_out, exported(connection, last).rows) == (OPEN, ())
    person = Person("tg:1", unit_of(connection, CODE).id, "pajak")
    votes.count(votes.Keys(connection, VAULT), person, parse("2026-Q4"), Chance(), last)
    assert exported(connection).left_out == OPEN  # the key is still there
    votes.destroy_keys(connection, FREE)
    assert len(exported(connection).rows) == 9


def test_a_sheet_with_something_erased_since_is_left_out(connection: Connection) -> None:
    published(connection, (9, draft()))
    run_in(connection, "DELETE FROM response WHERE id = (SELECT min(id) FROM response)")
    assert (exported(connection).left_out, exported(connection).rows) == (ERASED, ())


@pytest.mark.parametrize(
    "groups",
    [
        [(4, draft())],
        [(4, draft()), (40, draft(source="imported"))],
    ],
    ids=["too few", "too few but for those who keyed in the rest"],
)
def test_too_few_are_left_out(connection: Connection, groups: list[tuple[int, Draft]]) -> None:
    assert published(connection, *groups).left_out == FEW


def test_imported_rows_alone_are_rows_too(connection: Connection) -> None:
    found = published(connection, (5, draft(source="imported")))
    assert told(found, "source") == {("imported",): 5}


def test_an_item_that_few_answered_stays_empty_as_in_the_sheet(connection: Connection) -> None:
    found = published(connection, (3, draft()), (20, draft(values=COST_BLANK)))
    assert found.empty == ["cost"]
    assert told(found, "requirements", "procedure", "cost") == {("3", "3", ""): 23}


def test_months_that_part_a_shown_week_are_not_told(connection: Connection) -> None:
    """Of the 8 of 2026-W49, 2 answered in November: November less its weeks would be those 2."""
    respond(connection, (10, draft()), (2, draft(at=MON_30_NOV)), (6, draft(at=TUE_1_DEC)))
    for week in ("2026-W47", "2026-W49"):
        show_week(connection, CODE, week)
    closed(connection, CODE)
    found = exported(connection)
    assert (found.empty, told(found, "month", "service")) == (["month"], {("", "pajak"): 18})


@pytest.mark.parametrize(("cost", "blank", "empty"), [(5, 0, []), (2, 5, ["month"])])
def test_months_that_part_a_shown_week_into_five_each_are_told(
    connection: Connection, cost: int, blank: int, empty: list[str]
) -> None:
    """Unless they part one item's answers: 2 of November with its cost, 5 without."""
    respond(
        connection,
        (10, draft()),
        (cost, draft(at=MON_30_NOV)),
        (blank, draft(at=MON_30_NOV, values=COST_BLANK)),
        (6, draft(at=TUE_1_DEC)),
    )
    for week in ("2026-W47", "2026-W49"):
        show_week(connection, CODE, week)
    closed(connection, CODE)
    assert exported(connection).empty == empty


def test_weeks_that_leave_few_leave_the_period_out(connection: Connection) -> None:
    respond(connection, (10, draft()), (3, draft(at=NOON - 7 * DAY)))
    show_week(connection, CODE, "2026-W47")
    closed(connection, CODE)
    assert exported(connection).left_out == FEW


def test_a_week_shown_after_the_sheet_tells_nothing_that_would_spoil_it(
    connection: Connection,
) -> None:
    assert published(connection, (10, draft()), (3, draft(at=NOON - 7 * DAY))).left_out == ""
    show_week(connection, CODE, "2026-W47")  # the sheet less its 10 would be the other 3
    shown = weekly(connection, unit_of(connection, CODE), parse("2026-W47"), LATER)
    assert (shown.n, shown.ikm) == (10, None)
    assert exported(connection).left_out == ""


def test_edges_that_are_enough_only_together_hide_the_months(connection: Connection) -> None:
    """Of a week over each end of the quarter 3 and 2 lie in it, 5 with each other; 6 outside."""
    days = {6: -50 * DAY, 3: -49 * DAY, 10: 0, 2: 42 * DAY}  # 30 Sep, 1 Oct, 19 Nov, 31 Dec
    respond(connection, *((n, draft(at=NOON + after)) for n, after in days.items()))
    respond(connection, (6, draft(at=NOON + 43 * DAY, values=4)))  # 1 January
    with whole_weeks():
        for week in ("2026-W40", "2026-W47", "2026-W53"):
            show_week(connection, CODE, week)
    closed(connection, CODE)
    found = exported(connection)
    assert (found.n, found.empty) == (15, ["month", "source"])


def without_cost(connection: Connection, number: int) -> list[tuple[int, Draft]]:
    """20 of pajak, 2 of balik-nama, and so many of stnk, of which the cost is not asked."""
    asked = Questionnaire(CURRENT, services=(Wording("stnk", without=("cost",)),))
    questionnaires.keep(connection, asked)
    stnk = draft(service="stnk", values=COST_BLANK)
    answers = {key: value for key, value in stnk.answers.items() if value}
    given = Draft("stnk", CURRENT, asked.id, "tg", NOON, answers)
    return [(20, draft()), (2, draft(service="balik-nama")), (number, given)]


def test_a_service_known_by_what_is_not_asked_hides_by_itself(connection: Connection) -> None:
    """The 2 of balik-nama hide among pajak, who answer the same items; not among stnk."""
    found = published(connection, *without_cost(connection, 5))
    assert found.empty == []
    assert told(found, "service", "cost") == {("", "3"): 22, ("stnk", ""): 5}


def test_a_service_with_too_few_takes_what_it_is_known_by_with_it(connection: Connection) -> None:
    found = published(connection, *without_cost(connection, 4))
    assert found.empty == ["cost"]
    assert told(found, "service", "cost") == {("pajak", ""): 20, ("", ""): 6}


def test_what_a_published_sheet_adds_up_to(connection: Connection) -> None:
    respond(connection, *((n + 5, draft(values=1 + n % 4)) for n in range(8)))
    content = closed(connection, CODE)
    found = exported(connection)
    for item in ITEMS:
        cells = [int(cell) for (cell,) in told(found, item).elements()]
        assert {"n": len(cells), "own": len(cells), "sum": sum(cells)} == content["sums"][item]


def people(connection: Connection, weeks: int, number: int, random: Random) -> None:
    """So many a week, each with a sex, an age and a service of their own and answers by chance."""
    unit = unit_of(connection, CODE)
    given = [
        draft(
            at=NOON - week * 7 * DAY,
            values=[random.randint(1, 4) for _ in ITEMS],
            service=random.choice(["pajak", "pajak", "stnk"]),
            profile={
                "sex": random.choice(["female", "male"]),
                "age": random.choice(["17-25", "26-35", "36-45"]),
            },
        )
        for week in range(weeks)
        for _ in range(number)
    ]
    keep_all(connection, unit, given, Chance(weeks))


def into_weeks(rows: Sequence[Sequence[str]], digests: Sequence[Digest]) -> list[int]:
    """The attack: for each exported row a week, so that all numbers and sums that the digests told
    come out. By an integer program over nothing but what is public."""
    answers = np.array([[int(row[HEADER.index(item)]) for item in ITEMS] for row in rows])
    one = np.ones(len(digests))
    limits = [(np.kron(np.eye(len(rows)), one), np.ones(len(rows)))]  # each row in one week
    told = np.array([[d.n, *(round(float(d.means[i]) * d.n) for i in ITEMS)] for d in digests])
    columns = np.column_stack([np.ones(len(rows)), answers])
    for week in range(len(digests)):
        here = np.zeros((columns.shape[1], len(rows) * len(digests)))
        here[:, week :: len(digests)] = columns.T
        limits.append((here, told[week]))
    found = milp(
        c=np.zeros(len(rows) * len(digests)),
        integrality=np.ones(len(rows) * len(digests)),
        bounds=Bounds(0, 1),
        constraints=[LinearConstraint(matrix, equal, equal) for matrix, equal in limits],
    )
    assert found.success
    return list(found.x.reshape(len(rows), len(digests)).argmax(axis=1))


def cells(
    rows: Sequence[Sequence[str]], weeks: Sequence[object], columns: Sequence[str]
) -> Counter[tuple[object, ...]]:
    at = [HEADER.index(name) for name in columns]
    return Counter((week, *(r[a] for a in at)) for r, week in zip(rows, weeks, strict=True))


@pytest.mark.parametrize("seed", range(3))
def test_rows_that_are_put_into_their_weeks_share_all_with_five(
    connection: Connection, seed: int
) -> None:
    """Four weeks of eight. Each row's week is found; within it sex, age and service told of one to
    four: until now 20 cells of 25 or so."""
    people(connection, 4, 8, Random(seed))
    names = [f"2026-W{47 - week}" for week in range(4)]
    for name in reversed(names):
        show_week(connection, CODE, name)
    closed(connection, CODE)
    found = exported(connection)
    assert len(found.rows) == 32
    unit = unit_of(connection, CODE)
    digests = [weekly(connection, unit, parse(name), LATER) for name in names]
    guessed = into_weeks(found.rows, digests)
    is_of = {
        tuple(str(row.answers[item]) for item in ITEMS): names.index(row.told)
        for row in tallies.told(connection, unit.id)
    }
    truth = [is_of[tuple(row[-len(ITEMS) :])] for row in found.rows]
    right = sum(a == b for a, b in zip(guessed, truth, strict=True))
    assert right >= 24  # of 32: the attack works, and most of all if it is always right
    beside = ["month", "service", "source", "sex", "age"]
    for weeks in (guessed, truth):
        for number in range(len(beside) + 1):
            for columns in combinations(beside, number):
                assert min(cells(found.rows, weeks, columns).values()) >= 5
