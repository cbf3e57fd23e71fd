"""What was shown stays shown: no erasing and no correction closes a sheet without figures."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from bot.commands.figures.sheet_table import headline
from bot.core.turns.turn_worker import Turns
from reports.digest.unit_month import monthly
from reports.digest.unit_week import weekly
from reports.stored.amending import Published, edit, erase
from reports.stored.fold import fold
from reports.stored.verify import erased_since, verify
from storage.answers import responses
from storage.answers.receipts import leaves_of
from storage.database import connect
from storage.index import released_figures, sheets
from storage.periods import parse
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    count,
    draft,
    office,
    respond,
    run,
    unit_of,
    unit_row,
    working,
)
from tests.support.publishing import DAY, LATER, WEEK, answered, closed, show_week
from tests.support.rated import erased, rated, said

W47 = "2026-W47"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


async def test_one_erasing_in_the_chat_takes_no_figures_from_the_quarter(engine):
    with working(engine) as turns:
        people = [await rated(turns, f"tg:{n}", 3 + n % 2) for n in range(10)]
        with engine.begin() as connection:
            show_week(connection, "SMST", W47)
        await of_somebody_erased(engine, turns, *people[0])


async def of_somebody_erased(engine: Engine, turns: Turns, person: Person, code: str) -> None:
    person.at = NOON + 5 * DAY
    assert (await erased(person, code)).startswith(
        "Jawaban Anda sudah dihapus. Angka yang sudah ditunjukkan tetap seperti semula."
    )
    again = "Jawaban itu sudah dihapus sebelumnya"
    assert said(await person.open(f"/hapus {code}")).startswith(again)
    assert said(await person.open(f"/cek {code}")).startswith(again)
    assert count(engine, "response") == 9
    fold(engine)
    with engine.begin() as connection:
        made = closed(connection, "SMST")
        (sheet,) = sheets.of_unit(connection, 1)
    # (5 · 3 + 5 · 4) / 10 × 25, the erased three among them
    assert (made["n"], made["index"]["ikm"]) == (10, "87.50")
    assert (made["erased_since"], made["leaves"]["number"]) == (1, 10)
    # All came at once: nine are a burst, and the erased one would be alone without them.
    assert made["withheld"] == ["without_marked"]
    assert "1 erased since then; the figures stay as they were shown" in [
        *headline(made, sheet.hash)
    ]
    proof = said(await person.open(f"/cek {code}"))
    assert proof.startswith("Jawaban ini sudah dihapus setelah hasil Triwulan IV 2026")
    assert verify(engine) == []
    assert erased_since(engine) == ["Sheet 1 of SMST (2026-Q4): 1 erased since."]


def test_a_response_that_was_told_is_not_changed_any_more(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 9)
        code = respond(connection, "SMST", Chance("last"), draft(values=1))
        show_week(connection, "SMST", W47)
        row = responses.found(connection, leaves_of(code), lock=True)
        with pytest.raises(Published, match="told in 2026-W47"):
            edit(connection, unit_of(connection, "SMST"), row, draft(values=4), Chance("new"))


def test_sources_stand_beside_also_where_one_of_them_erased(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 6, values=3, verified=True)
        answered(connection, "SMST", 5, values=4, source="assisted")
        show_week(connection, "SMST", W47)
        erase_of(connection, 1, "source = 'chat'")
        made = closed(connection, "SMST")
    assert made["withheld"] == []
    assert (made["sources"]["chat"]["n"], made["sources"]["chat"]["ikm"]) == (6, "75.00")
    assert (made["verified"]["n"], made["verified"]["ikm"]) == (6, "75.00")
    assert verify(engine) == []


def test_erasing_in_a_published_quarter_takes_nothing_from_the_next(engine):
    """Sheets of quarters that follow each other are read together, too."""
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        show_week(connection, "SMST", W47)
        closed(connection, "SMST")
        erase_of(connection, 1)
        answered(connection, "SMST", 10, at=LATER + WEEK)
        show_week(connection, "SMST", "2027-W02")
        made = closed(connection, "SMST", "2027-Q1", LATER + 100 * DAY)
    assert made["withheld"] == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("""parts = replace(parts, '"n":6', '"n":7')""", "What 2026-W47 of SMST showed is not"),
        ("sums = replace(sums, '[6,', '[7,')", "What 2026-W47 of SMST showed is not"),
        ("parts = '[]'", "What 2026-W47 of SMST showed is not"),
    ],
)
def test_what_an_operator_writes_into_a_shown_week_is_noticed(engine, change, says):
    with engine.begin() as connection:
        answered(connection, "SMST", 6)
        show_week(connection, "SMST", W47)
        erase_of(connection, 1)
        closed(connection, "SMST")
    assert verify(engine) == []
    run(engine, f"UPDATE released SET {change}")
    found = verify(engine)
    assert any(says in each for each in found), found


def test_a_shown_week_made_anew_is_noticed_by_its_sheet(engine):
    """Even one that adds up in itself: the sheet's hash holds what it was made of."""
    with engine.begin() as connection:
        answered(connection, "SMST", 6)
        show_week(connection, "SMST", W47)
        erase_of(connection, 1)
        closed(connection, "SMST")
        answered(connection, "SMST", 6, at=NOON - WEEK, values=4)
        show_week(connection, "SMST", "2026-W46")
        run_here(connection, "DELETE FROM response WHERE local_date = '2026-11-12'")
        run_here(
            connection,
            "UPDATE released SET (figures, sums, parts) = (SELECT replace(figures, '2026-W46',"
            " '2026-W47'), sums, parts FROM released WHERE period = '2026-W46')"
            " WHERE period = '2026-W47'",
        )
        run_here(connection, "DELETE FROM released WHERE period = '2026-W46'")
    found = verify(engine)
    assert "Sheet 1 of SMST: its figures are not what its 6 responses add up to." in found


def test_a_told_response_that_is_simply_gone_is_noticed(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        show_week(connection, "SMST", W47)
        run_here(connection, "DELETE FROM response WHERE id = (SELECT min(id) FROM response)")
    assert verify(engine) == ["What 2026-W47 of SMST showed is not what its responses add up to."]


def test_a_digest_made_after_its_sheet_tells_nothing_of_who_erased_meanwhile(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        closed(connection, "SMST")
        erase_of(connection, 1)
        digest = weekly(connection, unit_of(connection, "SMST"), parse(W47), LATER)
    assert (digest.n, digest.ikm) == (9, None)


def test_a_month_counts_what_its_weeks_told_whatever_was_erased_since(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        show_week(connection, "SMST", W47)
        answered(connection, "SMST", 3, at=NOON + WEEK)
        show_week(connection, "SMST", "2026-W48")
        erase_of(connection, 2, "told = '2026-W47'")
        digest = monthly(connection, unit_of(connection, "SMST"), parse("2026-11"), LATER)
    assert (digest.n, digest.ikm, digest.left_out) == (10, "75.00", 3)


def test_a_filled_database_is_brought_along(empty_database_url):
    """Of a week shown before, what it was made of is not known: the former rule holds beside it."""
    connect.migrate(empty_database_url, "0004")
    engine = connect.open_engine(empty_database_url)
    with engine.begin() as connection:
        run_here(connection, "INSERT INTO questionnaire VALUES ('skm-14-2017', '{}')")
        for insert in FILLED:
            run_here(connection, insert)
    connect.migrate(empty_database_url)
    with engine.begin() as connection:
        (week,) = released_figures.told(connection, 1)
    assert (week.period, week.parts) == (W47, "")
    assert count(engine, "response", "told = ''") == 1
    assert count(engine, "tombstone") == 0
    engine.dispose()


FILLED = (
    "INSERT INTO unit (id, code, name, folded_code, folded_name, agency, region, timezone, kind,"
    " period, opening_hours, services, retired, users, questionnaire) VALUES (1, 'A1', 'A', 'a1',"
    " 'a', 'I', 'R', 'Asia/Jakarta', '', 'quarter', '', '[]', '[]', '{}', 'skm-14-2017')",
    f"INSERT INTO released (unit_id, period, figures, sums, at) VALUES (1, '{W47}', '{{}}', '', 1)",
    "INSERT INTO response (id, unit_id, service, instrument, questionnaire, channel, source,"
    " verified, local_date, slot, consent, answers, profile, extra, salt, leaf, folded) VALUES"
    " ('r', 1, 'x', 'skm-14-2017', 'skm-14-2017', 'tg', 'chat', false, '2026-11-19', '', '',"
    " '{\"cost\": 3}', '{}', '{}', '1', '2', false)",
)


def erase_of(connection: Connection, number: int, where: str = "true") -> None:
    query = f"SELECT leaf FROM response WHERE {where} ORDER BY leaf LIMIT {number}"
    for leaf in [bytes(each) for each in connection.execute(text(query)).scalars()]:
        erase(connection, responses.found(connection, (leaf, leaf), lock=True))


def run_here(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)
