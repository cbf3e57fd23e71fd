"""A sheet can be recomputed by anyone, and whatever is changed in it or under it is found."""

import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text

from reports.stored.fold import fold
from reports.stored.verify import erased_since, verify
from storage.database.upsert import table_of
from storage.index_tables import SheetLeaf
from tests.support.auditor import leaf_of, mth, rows_with_salts
from tests.support.command_line import clean_desk, in_indonesian, refusal, skm
from tests.support.offices import Chance, draft, office, respond, run, unit_row
from tests.support.publishing import LATER, closed

MIXED = (
    [[4, 3, 2, 4, 3, 4, 4, 2, 1]] * 4
    + [[3, 3, 3, None, 3, 4, 4, 3, None]] * 6
    + [[4, 4, 4, 4, 4, 4, 4, 4, 4]] * 3
)


@pytest.fixture
def engine(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """SMST has published its autumn; DUKCAPIL has nothing."""
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    monkeypatch.setattr("bot.commands.figures.publish.time.time", lambda: LATER)
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        chance = Chance()
        with engine.begin() as connection:
            for values in MIXED:
                respond(connection, "SMST", chance, draft(values=values))
        fold(engine)
        with engine.begin() as connection:
            closed(connection, "SMST")
        yield engine


def test_an_auditor_recomputes_root_and_index_without_this_program(engine, tmp_path):
    shown = in_indonesian("sheet", "SMST").stdout
    printed = skm("sheet", "SMST", "--json", "--leaves", "leaves.txt").stdout.removesuffix("\n")
    sheet = json.loads(printed)
    leaves = [bytes.fromhex(line) for line in Path("leaves.txt").read_text().split()]
    assert f"SHA-256 {hashlib.sha256(printed.encode()).hexdigest()}" in shown
    assert {leaf_of(*each) for each in rows_with_salts(engine)} == set(leaves)
    assert mth(sorted(leaves)).hex() == sheet["leaves"]["root"]
    means = [Fraction(each["sum"], each["n"]) for each in sheet["sums"].values()]
    ikm = sum(means) / 9 * 25
    assert abs(ikm - Fraction(sheet["index"]["ikm"])) <= Fraction(1, 200)
    # By hand: (46 + 42 + 38 + 42 + 52 + 52 + 38)/13 + 28/7 + 16/7 = 30.1319, by 9, times 25
    assert "IKM 83,70 · B (Baik) · 13 responden" in shown


def test_the_sheet_in_words(engine):
    shown = in_indonesian("sheet", "SMST", "--period", "2026-Q4").stdout
    assert shown.startswith("Lembar 1 · Kantor SMST (SMST) · 2026-Q4\nIKM ")
    for part in (
        "Sebelumnya: tidak ada",
        "Pohon RFC 6962: 13 daun, akar ",
        "obrolan: 13 responden",
    ):
        assert part in shown


def test_publishing_by_command(engine):
    with engine.begin() as connection:
        for n in range(4):
            respond(connection, "DUKCAPIL", Chance(f"other {n}"), draft())
    asked = skm("publish", "DUKCAPIL", "--period", "2026-Q4")
    assert asked.exit_code == 1
    assert "quarter IV 2026 · Kantor DUKCAPIL\n4 answers\n" in asked.stdout
    assert "Fewer than 5 answers" in asked.stdout
    assert "no terminal to ask at. Add --yes" in asked.output
    assert "has published no period yet" in refusal("sheet", "DUKCAPIL")
    said = in_indonesian("publish", "DUKCAPIL", "--period", "2026-Q4", "--yes").stdout
    assert said.startswith("Lembar 1 · Kantor DUKCAPIL (DUKCAPIL) · 2026-Q4\nIKM – · 4 responden")
    assert "kurang dari 5 responden" in said
    assert "skm sheet DUKCAPIL --number 1" in said
    assert verify(engine) == []


def test_what_was_looked_at_is_what_is_published_or_nothing(engine, monkeypatch):
    """At a terminal: no, yes, and yes after an answer came meanwhile."""
    with engine.begin() as connection:
        for n in range(6):
            respond(connection, "DUKCAPIL", Chance(f"other {n}"), draft())
    asked: list[bool] = []

    def answer(_: str) -> bool:
        asked.append(True)
        if len(asked) == 2:
            with engine.begin() as connection:
                respond(connection, "DUKCAPIL", Chance("late"), draft())
        return len(asked) > 1

    monkeypatch.setattr("bot.commands.figures.publish.typer.confirm", answer)
    monkeypatch.setattr("bot.commands.open_database._at_a_terminal", lambda: True)
    wanted = ("publish", "DUKCAPIL", "--period", "2026-Q4")
    for said in ("Nothing was published.", "its answers just changed. Run it again."):
        refused = skm(*wanted)
        assert (refused.exit_code, said in refused.stderr) == (1, True)
        assert "has published no period yet" in refusal("sheet", "DUKCAPIL")
    assert "7 responden" in skm(*wanted).stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("publish", "SMST", "--period", "2026-Q4"), "published already, as sheet 1"),
        (("publish", "DUKCAPIL", "--period", "2026-Q4"), "DUKCAPIL has no answers of 2026-Q4"),
        (("publish", "SMST", "--period", "2026-Q9"), "There is no period “2026-Q9”"),
        (("publish", "SMTS", "--period", "2026-Q4"), "There is no unit “SMTS”. Near it: SMST"),
        (("sheet", "SMTS"), "There is no unit “SMTS”. Near it: SMST"),
        (("sheet", "DUKCAPIL"), "DUKCAPIL has published no period yet"),
        (("sheet", "SMST", "--number", "2"), "Its sheets: 1 (2026-Q4)."),
        (("sheet", "SMST", "--period", "2026-Q3"), "Its sheets: 1 (2026-Q4)."),
        (("sheet", "SMST", "--leaves", "no/such/file"), "no/such/file cannot be written"),
    ],
)
def test_what_cannot_be_is_a_sentence(engine, args, said):
    assert said in refusal(*args)


# Whatever is changed is found, and named.


def test_nothing_differs(engine):
    assert verify(engine) == []
    assert skm("verify").stdout.startswith("Nothing differs")


FIRST = "(SELECT min(leaf) FROM sheet_leaf)"
TAMPERED = [
    ("UPDATE sheet SET content = replace(content, '\"n\":13', '\"n\":14')",
     "its content is not what its hash stands for."),
    ("UPDATE sheet SET number = 2",
     "it names another number, unit or period than it is kept under."),
    ("UPDATE sheet SET period = '2026-Q3'",
     "it names another number, unit or period than it is kept under."),
    ("UPDATE sheet SET unit_id = 2",
     "it names another number, unit or period than it is kept under."),
    (f"DELETE FROM sheet_leaf WHERE leaf = {FIRST}",
     "the 12 leaves listed with it do not make its root."),
    (f"DELETE FROM response WHERE leaf = {FIRST}",
     "1 of its responses are gone and were not erased."),
    (f"UPDATE sheet_leaf SET erased = true WHERE leaf = {FIRST}",
     "1 of its responses are marked as erased and are still there."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), TAMPERED)
def test_a_tampered_sheet_or_leaf_is_named(engine, change, said):
    run(engine, change)
    differences = verify(engine)
    assert [each for each in differences if said in each], differences
    result = skm("verify")
    assert result.exit_code == 1
    assert said in result.stdout


def test_a_leaf_slipped_in_is_named(engine):
    with engine.begin() as connection:
        row = {"sheet_id": 1, "leaf": bytes(32), "erased": False}
        connection.execute(insert(table_of(SheetLeaf)), row)
    assert verify(engine) == ["Sheet 1 of SMST: the 14 leaves listed with it do not make its root."]


def rewritten(engine: Engine, old: str, new: str) -> None:
    """Change a sheet's content and its hash with it, as somebody would who knows how."""
    with engine.begin() as connection:
        (content,) = connection.execute(
            text("SELECT content FROM sheet WHERE number = 1")
        ).scalars()
        assert old in content
        content = content.replace(old, new)
        hash = hashlib.sha256(content.encode()).digest()
        change = text("UPDATE sheet SET content = :content, hash = :hash WHERE number = 1")
        connection.execute(change, {"content": content, "hash": hash})


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"sum":42', '"sum":43', "its figures are not what its 13 responses add up to."),
        ('"number":13', '"number":12', "the 13 leaves listed with it do not make its root."),
        ('"sums":', '"totals":', "its content is no sheet's."),
        ('"instrument":"skm-14-2017"', '"instrument":"x"', "its content is no sheet's."),
    ],
)
def test_a_sheet_rewritten_with_its_hash_is_found_by_its_responses(engine, old, new, said):
    rewritten(engine, old, new)
    assert f"Sheet 1 of SMST: {said}" in verify(engine)


def test_a_sheet_rewritten_with_its_hash_breaks_the_chain(engine):
    run(engine, "UPDATE unit SET period = 'month'")
    with engine.begin() as connection:
        respond(connection, "SMST", Chance(8), draft(LATER))
        closed(connection, "SMST", "2027-01", LATER + 40 * 86_400)
    assert verify(engine) == []
    rewritten(engine, "Pemprov Contoh", "Pemprov Lain")
    found = verify(engine)
    assert found[0] == "Sheet 2 of SMST does not hold the hash of the sheet before it."
    assert [line for line in found[1:] if not line.endswith("is in the log and is gone.")] == []


def test_a_sheet_taken_out_of_the_chain_is_missed(engine):
    run(engine, "UPDATE unit SET period = 'month'")
    with engine.begin() as connection:
        respond(connection, "SMST", Chance(8), draft(LATER))
        closed(connection, "SMST", "2027-01", LATER + 40 * 86_400)
    run(
        engine,
        "DELETE FROM sheet_leaf WHERE sheet_id IN (SELECT id FROM sheet WHERE number = 1)",
        "DELETE FROM sheet WHERE number = 1",
    )
    found = verify(engine)
    assert found[0] == "Sheet 1 of SMST is missing before sheet 2."
    assert [line for line in found[1:] if not line.endswith("is in the log and is gone.")] == []


def test_a_response_slipped_into_a_closed_period_is_found(engine):
    with engine.begin() as connection:
        respond(connection, "SMST", Chance(9), draft())
    assert verify(engine) == ["Sheet 1 of SMST: 1 responses of its period are not in it."]


def test_an_answer_changed_under_a_sheet_is_found_by_all_three(engine):
    run(engine, f"""UPDATE response SET answers = '{{"cost": 1}}' WHERE leaf = {FIRST}""")
    assert len(verify(engine)) == 3
    assert "Sheet 1 of SMST: its figures are not what its 13 responses add up to." in verify(engine)
    assert erased_since(engine) == []
