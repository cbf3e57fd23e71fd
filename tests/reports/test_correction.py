"""A correcting sheet comes by itself when 5 or more were erased, and tells nothing of fewer."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from reports.stored.fold import fold
from reports.stored.verify import erased_since, verify
from storage.index import sheets
from tests.support.offices import NOON, count, office, unit_of, unit_row
from tests.support.publishing import (
    COST_BLANK,
    WEEK,
    answered,
    closed,
    corrected,
    erase_some,
    show_week,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("BULANAN", period="month")) as engine:
        yield engine


def publish(engine: Engine, *groups: dict[str, Any]) -> None:
    """So many responses each ("number"), and the sheet over them."""
    with engine.begin() as connection:
        for group in groups:
            answered(connection, "SMST", **group)
    fold(engine)
    with engine.begin() as connection:
        closed(connection, "SMST")


def contents(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        kept = sheets.of_unit(connection, unit_of(connection, "SMST").id)
    return [json.loads(sheet.content) for sheet in kept]


def test_four_erased_are_said_and_not_corrected(engine):
    publish(engine, {"number": 20})
    erase_some(engine, 4)
    assert corrected(engine) == 0
    assert len(contents(engine)) == 1
    assert verify(engine) == []
    assert erased_since(engine) == ["Sheet 1 of SMST (2026-Q4): 4 erased since."]


def test_five_erased_make_one_correcting_sheet(engine):
    publish(engine, {"number": 10, "values": 4}, {"number": 10, "values": 2})
    erase_some(engine, 5, where="CAST(answers AS TEXT) LIKE '%2%'")
    assert [corrected(engine), corrected(engine)] == [1, 0]
    first, second = contents(engine)
    assert second["corrects"] == {"number": 1, "erased": 5}
    assert (second["number"], second["n"]) == (2, 15)
    # (10 · 4 + 5 · 2) / 15 × 25, by hand
    assert (first["index"]["ikm"], second["index"]["ikm"]) == ("75.00", "83.33")
    assert second["leaves"]["number"] == 15
    assert count(engine, "sheet_leaf") == 35
    assert verify(engine) == []
    assert erased_since(engine) == ["Sheet 1 of SMST (2026-Q4): 5 erased since."]


def test_the_next_correction_is_of_the_correcting_sheet(engine):
    publish(engine, {"number": 20})
    erase_some(engine, 5)
    assert corrected(engine) == 1
    erase_some(engine, 4)
    assert corrected(engine) == 0
    erase_some(engine, 1)
    assert corrected(engine) == 1
    numbers = [(each["number"], each["corrects"]) for each in contents(engine)]
    assert numbers[1:] == [(2, {"number": 1, "erased": 5}), (3, {"number": 2, "erased": 5})]
    assert verify(engine) == []


def test_it_waits_while_few_of_the_erased_answered_an_item(engine):
    """Five erased, of whom two had answered `cost`: its two sums would tell what those said."""
    publish(engine, {"number": 20}, {"number": 20, "values": COST_BLANK})
    erase_some(engine, 2, "CAST(answers AS TEXT) NOT LIKE '%null%'")
    erase_some(engine, 3, "CAST(answers AS TEXT) LIKE '%null%'")
    assert corrected(engine) == 0
    erase_some(engine, 3, "CAST(answers AS TEXT) NOT LIKE '%null%'")
    assert corrected(engine) == 1
    assert verify(engine) == []


def test_it_waits_while_few_of_a_source_are_gone_or_left(engine):
    """The former sheet told the sources apart: less those, few would be what is left of one."""
    publish(engine, {"number": 20}, {"number": 6, "source": "assisted"})
    erase_some(engine, 5, "source = 'assisted'")
    assert corrected(engine) == 0
    erase_some(engine, 1, "source = 'assisted'")
    assert corrected(engine) == 1
    assert contents(engine)[1]["withheld"] == ["parts"]


def test_it_waits_while_it_would_leave_few(engine):
    publish(engine, {"number": 9})
    erase_some(engine, 5)
    assert corrected(engine) == 0
    assert erased_since(engine) == ["Sheet 1 of SMST (2026-Q4): 5 erased since."]


def test_it_leaves_uncounted_what_it_would_tell_of_few_beside_the_weeks(engine):
    """The 10 of week 47 were shown. Six others, five of them erased: the one that is left is not
    counted any more."""
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        show_week(connection, "SMST", "2026-W47")
    publish(engine, {"number": 6, "at": NOON - WEEK})
    erase_some(engine, 5, "local_date = '2026-11-12'")
    assert corrected(engine) == 1
    assert {(e["n"], e["sum"]) for e in contents(engine)[1]["sums"].values()} == {(10, 30)}
    assert contents(engine)[1]["uncounted"]["cost"]["n"] == 1


def test_a_sheet_that_fails_is_named_and_stops_no_other(engine, caplog):
    with engine.begin() as connection:
        for month in ("2026-10", "2026-11"):
            answered(connection, "BULANAN", 10, at=NOON - (30 * 86_400) * (month == "2026-10"))
            closed(connection, "BULANAN", month)
    erase_some(engine, 5, "local_date = '2026-11-19'")
    erase_some(engine, 5, "local_date = '2026-10-20'")
    with engine.begin() as connection:
        connection.execute(text("UPDATE sheet SET content = '{' WHERE period = '2026-11'"))
    assert corrected(engine) == 1
    assert "a correcting sheet failed" in caplog.text
