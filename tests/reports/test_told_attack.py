"""Whoever reads all that is published, and adds and subtracts it in every way, learns of nobody
among one to four: whatever was erased or changed, before and after it was told."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from reports.digest.unit_week import weekly
from reports.disclosure import LEAST
from reports.sheets import correction
from reports.stored.amending import Published, edit, erase
from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.answers import responses
from storage.answers.receipts import leaves_of
from storage.index import sheets
from storage.periods import parse
from tests.support.offices import ITEMS, NOON, Chance, draft, office, respond, unit_of, unit_row
from tests.support.publishing import DAY, LATER, WEEK, closed

W47 = "2026-W47"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


Equation = Counter[str]  # whose answers it holds, by receipt


class Watched:
    """A unit, and what anybody may know of it: who stands behind each published equation is known
    here from what was done, and checked by the published sums."""

    def __init__(self, connection: Connection, code: str, seed: object) -> None:
        self.connection, self.code = connection, code
        self.random, self.chance = Random(str(seed)), Chance(str(seed))
        self.gave: dict[str, list[int]] = {}  # every receipt there ever was
        self.days: dict[str, date] = {}  # of those that are there
        self.born: dict[str, date] = {}
        self.told: dict[str, Equation] = {}
        self.sheets: dict[int, Equation] = {}

    def come(self, number: int, at: int) -> None:
        for n in range(number):
            given = [self.random.randint(1, 4) for _ in ITEMS]
            receipt = respond(self.connection, self.code, self.chance, draft(at + 900 * n, given))
            self._keep(receipt, given, self._row(receipt).local_date)

    def go(self, number: int, of: set[str]) -> None:
        for receipt in sorted(of & self.days.keys())[:number]:
            erase(self.connection, self._row(receipt))
            del self.days[receipt]

    def change(self, number: int, of: set[str]) -> None:
        """In the grace time; refused of what was told."""
        unit = unit_of(self.connection, self.code)
        for receipt in sorted(of & self.days.keys())[:number]:
            given = [self.random.randint(1, 4) for _ in ITEMS]
            try:
                new = edit(
                    self.connection, unit, self._row(receipt), draft(values=given), self.chance
                )
            except Published:
                assert any(receipt in told for told in (*self.told.values(), *self.sheets.values()))
                continue
            self._keep(new, given, self.days.pop(receipt))

    def show(self, week: str) -> None:
        digest = weekly(self.connection, unit_of(self.connection, self.code), parse(week), LATER)
        if digest.ikm is not None:
            self.told[week] = Counter(
                each for each, day in self.days.items() if digest.first <= day <= digest.last
            )
            assert digest.n == len(self.told[week])

    def publish(self, period: str, at: int = LATER) -> Any:
        made = closed(self.connection, self.code, period, at)
        days = parse(period)
        told = sum(self.told.values(), Counter())
        if "figures" not in made["withheld"]:
            # Few that no digest told are left uncounted.
            there = Counter({each for each in self.days if each not in told} - self._left(made))
            within = [each for each in told + there if self._in(each, days)]
            self._published(made, Counter(within))
        return made

    def correct(self) -> None:
        for id in correction.due(self.connection):
            former = sheets.by_id(self.connection, id)
            if former.unit_id != unit_of(self.connection, self.code).id:
                continue
            made = correction.correct(self.connection, id, LATER + DAY)
            if made is not None:
                left = self._left(made)
                there = [e for e in self.days if self._in(e, former.days) and e not in left]
                self._published(made, Counter(there))

    def _left(self, made: Any) -> set[str]:
        untold = self.days.keys() - sum(self.told.values(), Counter())
        return untold if made["uncounted"] else set()

    def attack(self) -> None:
        equations = [*self.told.values(), *self.sheets.values()]
        for signs in product((-1, 0, 1), repeat=len(equations)):
            left: Counter[str] = Counter()
            for sign, equation in zip(signs, equations, strict=True):
                for receipt in equation:
                    left[receipt] += sign
            few = sum(1 for times in left.values() if times)
            assert few == 0 or few >= LEAST, (self.code, signs, few)

    def _published(self, made: Any, equation: Equation) -> None:
        assert {each["n"] for each in made["sums"].values()} == {equation.total()}
        for place, item in enumerate(ITEMS):
            total = sum(self.gave[each][place] for each in equation)
            assert made["sums"][item]["sum"] in (None, total)
        self.sheets[made["number"]] = equation

    def _keep(self, receipt: str, given: list[int], day: date) -> None:
        self.gave[receipt] = given
        self.days[receipt] = self.born[receipt] = day

    def _in(self, receipt: str, days: Any) -> bool:
        return bool(days.first <= self.born[receipt] <= days.last)

    def _row(self, receipt: str) -> Any:
        leaves = leaves_of(receipt)
        assert leaves is not None
        return responses.found(self.connection, leaves, lock=True)


TIMES = ("before", "told", "published")
TAILS = (0, 5, 8)
PLANS = [  # each number of erased at each time
    (tail, gone, TIMES[(place + gone) % 3], (place + gone // 3) % 3)
    for place, tail in enumerate(TAILS)
    for gone in range(7)
]


def test_whoever_adds_and_subtracts_all_that_is_published_learns_of_no_few(database_url):
    codes = [f"U{number}" for number in range(len(PLANS))]
    with office(database_url, *map(unit_row, codes)) as engine:
        for code, plan in zip(codes, PLANS, strict=True):
            with engine.begin() as connection:
                act(Watched(connection, code, plan), *plan)
        fold(engine)
        assert verify(engine) == []


def act(watched: Watched, tail: int, gone: int, when: str, changed: int) -> None:
    """Two weeks that digests tell of, and a tail that is first told by the sheet, by a late digest
    afterwards."""
    watched.come(11, NOON - WEEK)
    watched.come(11, NOON)
    watched.come(tail, NOON + WEEK)
    everybody = set(watched.days)
    half, rest = gone - gone // 2, gone // 2
    for at in TIMES:
        if at == "told":
            watched.show("2026-W46")
            watched.show(W47)
        if at == "published":
            made = watched.publish("2026-Q4")
            # Few in the tail take nothing away but themselves.
            left = sum(day >= date(2026, 11, 23) for day in watched.days.values())
            assert made["withheld"] in ([], ["parts", "without_marked"], ["parts"])
            assert bool(made["uncounted"]) == (0 < left < LEAST)
        if at == when:
            first = {each for each, day in watched.days.items() if day <= date(2026, 11, 15)}
            watched.change(changed, everybody - first)
            watched.go(half, first)
            watched.go(rest, set(watched.days))
    watched.correct()
    watched.attack()
    watched.show("2026-W48")
    watched.go(2, set(watched.days))
    watched.correct()
    watched.attack()


@pytest.mark.parametrize("old", [0, 1, 4, 6])
@pytest.mark.parametrize("new", [0, 1, 4, 6])
def test_a_week_over_a_quarters_end_is_told_as_it_was_on_both_sides(engine, old, new):
    """28 December to 3 January, 8 on each side; whoever erases does so on either."""
    with engine.begin() as connection:
        watched = Watched(connection, "SMST", (old, new))
        watched.come(12, NOON)
        watched.come(8, LATER - 5 * DAY)
        watched.come(8, LATER - 2 * DAY)
        watched.show(W47)
        watched.show("2026-W53")
        assert watched.told["2026-W53"].total() == 16
        for number, days in ((old, parse("2026-12")), (new, parse("2027-01"))):
            watched.go(number, {e for e in watched.days if watched._in(e, days)})
        before = watched.publish("2026-Q4")
        watched.come(9, LATER + WEEK)
        watched.show("2027-W02")
        after = watched.publish("2027-Q1", LATER + 100 * DAY)
        watched.correct()
        watched.attack()
    assert (before["withheld"], before["erased_since"]) == ([], old)
    assert (after["withheld"], after["erased_since"]) == ([], new)
    fold(engine)
    assert verify(engine) == []
