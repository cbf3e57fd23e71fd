"""What a sheet shows tells nothing of a few, also beside the weeks that were shown before."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from bot.commands.figures.sheet_table import lines
from reports.sheets.check import differences
from reports.sheets.counted import as_there
from reports.sheets.publish import made
from reports.sheets.release import Shown
from reports.sheets.sheet import FIRST, counted_of
from reports.stored.amending import erase
from storage.answers import responses
from storage.index import sheets
from storage.periods import parse
from tests.support.instruments import SKM_NOW
from tests.support.offices import NOON, office, unit_of, unit_row
from tests.support.publishing import (
    COST_BLANK,
    DAY,
    LATER,
    WEEK,
    answered,
    closed,
    show_week,
    whole_weeks,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    units = (
        unit_row("SMST", population=100),
        unit_row("SORONG", "WIT"),
        unit_row("BULANAN", period="month"),
    )
    with office(database_url, *units) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


@pytest.mark.parametrize("n", [1, 4])
def test_of_fewer_than_five_only_the_number_is_shown(connection, n):
    answered(connection, "SMST", n)
    made = closed(connection, "SMST")
    assert made["n"] == n
    assert "figures" in made["withheld"]
    assert shows_nothing(made)


def shows_nothing(made: Any) -> bool:
    sums = [each["sum"] for each in made["sums"].values()]
    figures = [made["index"][name] for name in ("skm", "ikm", "grade", "label", "ci95", "alpha")]
    parts = [part["ikm"] for part in (*made["sources"].values(), made["verified"])]
    means = list(made["index"]["elements"].values())
    return {*sums, *figures, *parts, *means} == {None}


def test_the_index_is_taken_over_the_items_that_are_shown(connection):
    """Over all nine, less the eight means beside it, it would be what three people said of cost."""
    answered(connection, "SMST", 3, values=4)
    answered(connection, "SMST", 7, values=COST_BLANK)
    made = closed(connection, "SMST")
    assert [name for name in made["withheld"] if name.startswith("items.")] == ["items.cost"]
    assert made["left_out"] == ["cost"]
    assert (made["sums"]["cost"]["sum"], made["sums"]["product"]["sum"]) == (None, 33)
    assert (made["index"]["skm"], made["index"]["ikm"]) == ("3.3000", "82.50")


def test_one_from_a_chat_is_not_told_by_twenty_from_paper(connection):
    """Whoever imported the paper knows its sums: sheet less file is the one citizen's answers."""
    answered(connection, "SMST", 20, values=3, source="imported")
    answered(connection, "SMST", 1, values=1)
    made = closed(connection, "SMST")
    assert {(each["n"], each["own"], each["sum"]) for each in made["sums"].values()} == {
        (20, 0, 60)
    }
    assert (made["n"], made["leaves"]["number"], made["index"]["ikm"]) == (21, 21, "75.00")
    assert {each["n"] for each in made["uncounted"].values()} == {1}
    assert "parts" in made["withheld"]


def test_of_each_item_few_from_chats_are_not_told_by_paper(connection):
    answered(connection, "SMST", 20, values=3, source="imported")
    answered(connection, "SMST", 5, values=COST_BLANK)
    answered(connection, "SMST", 1, values=1)
    made = closed(connection, "SMST")
    cost, product = made["sums"]["cost"], made["sums"]["product"]
    assert (cost["n"], cost["own"], cost["sum"]) == (20, 0, 60)
    assert (product["n"], product["own"], product["sum"]) == (26, 6, 76)
    assert {item: each["n"] for item, each in made["uncounted"].items()} == {"cost": 1}


@pytest.mark.parametrize("late", [1, 4, 5])
def test_few_that_come_late_on_paper_withhold_nothing_but_themselves(connection, late):
    answered(connection, "SMST", 10, values=3)
    show_week(connection, "SMST", "2026-W47")
    answered(connection, "SMST", late, values=4, source="imported")
    made = closed(connection, "SMST")
    assert made["n"] == 10 + late
    told, n = (30, 10) if late < 5 else (50, 15)
    assert {(each["n"], each["sum"]) for each in made["sums"].values()} == {(n, told)}
    assert {each["n"] for each in made["uncounted"].values()} == ({late} if late < 5 else set())
    assert list(differences(connection)) == []


def test_a_sheet_of_the_first_form_stays_right_and_says_so(connection):
    """It took the index over all nine, and hid a second item: by hand (8 · 3.3 + 4) / 9 · 25."""
    answered(connection, "SMST", 3, values=4)
    answered(connection, "SMST", 7, values=COST_BLANK)
    unit = unit_of(connection, "SMST")
    rows = sheets.responses(connection, unit.id, SKM_NOW.id, date(2026, 10, 1), date(2026, 12, 31))
    new = made(connection, unit, parse("2026-Q4"), LATER)
    then = Shown(True, frozenset(SKM_NOW.keys) - {"cost", "procedure"}, False)
    first = {
        **{key: value for key, value in new.content.items() if key != "uncounted"},
        **counted_of(as_there(SKM_NOW, rows), SKM_NOW, 100, then, FIRST),
        "format": FIRST,
        "withheld": ["parts", "without_marked", "items.procedure", "items.cost"],
    }
    first["radar"] = None
    sheets.keep(connection, unit.id, first, LATER)
    assert list(differences(connection)) == []
    (kept,) = sheets.of_unit(connection, unit.id)
    content = json.loads(kept.content)
    assert content["index"]["ikm"] == "84.44"
    assert any("skm-sheet-1" in line for line in lines(content, kept.hash, 0))


def test_parts_are_taken_over_the_items_that_tell_of_no_few_of_them(connection):
    """Of the six verified two said what they think of cost: their index over nine would tell."""
    answered(connection, "SMST", 4, values=COST_BLANK, verified=True)
    answered(connection, "SMST", 2, values=[4, 4, 4, 1, 4, 4, 4, 4, 4], verified=True)
    answered(connection, "SMST", 6, values=3)
    made = closed(connection, "SMST")
    assert "parts.cost" in made["withheld"]
    assert made["sums"]["cost"]["sum"] == 20
    assert made["verified"]["ikm"] == "83.33"  # 20 of 24 for each of the other eight


def test_a_week_that_was_hidden_is_not_told_by_its_period(connection):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", 3, at=NOON - WEEK)
    with whole_weeks():
        for name in ("2026-W46", "2026-W47"):
            show_week(connection, "SMST", name)
    made = closed(connection, "SMST")
    assert made["n"] == 13
    assert {(each["n"], each["sum"]) for each in made["sums"].values()} == {(10, 30)}
    assert {each["n"] for each in made["uncounted"].values()} == {3}


@pytest.mark.parametrize("more", [0, 5])
def test_weeks_that_leave_none_or_five_hide_nothing(connection, more):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", more, at=NOON - WEEK)
    show_week(connection, "SMST", "2026-W47")
    assert closed(connection, "SMST")["withheld"] == []


def test_an_answer_erased_after_its_week_was_shown_is_not_told(connection):
    answered(connection, "SMST", 10)
    show_week(connection, "SMST", "2026-W47")
    (leaf,) = connection.execute(text("SELECT min(leaf) FROM response")).scalars()
    assert erase(connection, responses.found(connection, (leaf, leaf), lock=True)) == "told"
    made = closed(connection, "SMST")
    assert (made["n"], made["index"]["ikm"], made["erased_since"]) == (10, "75.00", 1)
    assert made["withheld"] == []


def test_the_first_days_of_the_next_period_are_not_told_by_the_week_between(connection):
    """28 December to 3 January was shown: 6 of the old year, and 2 of the new."""
    answered(connection, "SMST", 6, at=LATER - 5 * DAY)
    answered(connection, "SMST", 2, at=LATER - 2 * DAY)
    with whole_weeks():
        show_week(connection, "SMST", "2026-W53")
    assert shows_nothing(closed(connection, "SMST"))


def test_two_periods_together_do_not_tell_what_each_hides(connection):
    """The week from 26 October to 1 November lies in both, and only together they hold it."""
    october = NOON - 22 * DAY  # the 28th
    answered(connection, "BULANAN", 5, at=october)
    answered(connection, "BULANAN", 5, at=october + 4 * DAY)
    answered(connection, "BULANAN", 3, at=NOON)
    show_week(connection, "BULANAN", "2026-W44")
    assert closed(connection, "BULANAN", "2026-10")["withheld"] == []
    made = closed(connection, "BULANAN", "2026-11")
    assert {(each["n"], each["sum"]) for each in made["sums"].values()} == {(5, 15)}


def test_few_answers_to_an_item_beside_the_weeks_are_not_counted(connection):
    answered(connection, "SMST", 10)
    answered(connection, "SMST", 2, at=NOON - WEEK)
    answered(connection, "SMST", 4, at=NOON - WEEK, values=COST_BLANK)
    show_week(connection, "SMST", "2026-W47")
    made = closed(connection, "SMST")
    sums = {item: (each["n"], each["sum"]) for item, each in made["sums"].items()}
    assert sums.pop("cost") == (10, 30)
    assert set(sums.values()) == {(16, 48)}
    assert made["index"]["ikm"] == "75.00"


def test_sources_and_verified_visits_stand_beside(connection):
    answered(connection, "SMST", 6, values=3, verified=True)
    answered(connection, "SMST", 5, values=4, source="assisted")
    made = closed(connection, "SMST")
    chat, assisted = made["sources"]["chat"], made["sources"]["assisted"]
    assert (chat["n"], chat["verified"], chat["ikm"]) == (6, 6, "75.00")
    assert (assisted["n"], assisted["verified"], assisted["ikm"]) == (5, 0, "100.00")
    assert (made["verified"]["n"], made["verified"]["ikm"]) == (6, "75.00")


def test_no_source_is_shown_where_one_has_few(connection):
    answered(connection, "SMST", 6, values=3)
    answered(connection, "SMST", 3, values=4, source="imported")
    made = closed(connection, "SMST")
    assert made["withheld"] == ["parts"]
    assert [part["ikm"] for part in made["sources"].values()] == [None, None]
    assert made["sources"]["imported"]["n"] == 3  # the number is no secret
    assert made["index"]["ikm"] is not None


def test_no_source_is_told_by_a_week_that_holds_few_of_it(connection):
    answered(connection, "SMST", 6, values=3)
    answered(connection, "SMST", 1, values=4, source="assisted")
    answered(connection, "SMST", 6, values=4, source="assisted", at=NOON - WEEK)
    show_week(connection, "SMST", "2026-W47")
    assert closed(connection, "SMST")["withheld"] == ["parts"]
