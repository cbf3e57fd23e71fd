"""A unit's own wording of its services: other words, items left out, what may not apply."""

import hashlib
import json
from pathlib import Path

import pytest

from flows.engine.form import NOT_APPLICABLE, SKIPPED, When
from flows.extra_question import Extra
from flows.instrument import Questionnaire, Wording
from flows.loader import instrument
from flows.survey.form import item_of, survey_form
from storage import questionnaires
from storage.database.connect import open_engine
from tests.support.command_line import KEYS, clean_desk, refusal, skm, with_units
from tests.support.instruments import CURRENT
from tests.support.offices import ask, unit_of
from tests.support.survey_form import Citizen, draft_of

PAID = ("Jauh di atas tarif", "Di atas tarif", "Sesuai tarif", "Di bawah tarif")
# What `tests.support.events_of_forms` offers as services: SAMSAT-BC, and DUKCAPIL by the label "2".
BY_SERVICE = (
    Wording.of("SAMSAT-BC", {"options": {"cost": PAID}, "not_applicable": ["complaint_handling"]}),
    Wording.of("DUKCAPIL", {"without": ["cost", "facilities"]}),
)
WORDED = Questionnaire(CURRENT, (), BY_SERVICE)


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    return with_units(monkeypatch, sqlite_url)


def test_content_without_services_keeps_its_form_and_id():
    """Kept questionnaires of before, and responses that name them, stay what they are."""
    asked = Questionnaire(CURRENT, (Extra("a1", "Parkir?", "choice", ("Ya", "Tidak")),))
    kept = '["skm-14-2017",[["a1","Parkir?","choice",["Ya","Tidak"]]]]'
    assert asked.to_json() == kept
    assert asked.id == "skm-14-2017+" + hashlib.sha256(kept.encode()).hexdigest()[:12]
    assert Questionnaire.from_json(kept) == asked
    assert Questionnaire.from_json('["skm-14-2017",[]]').id == CURRENT


def test_content_with_services_is_a_version_of_its_own_whatever_their_order():
    assert Questionnaire.from_json(WORDED.to_json()) == WORDED
    assert Questionnaire(CURRENT, (), BY_SERVICE[::-1]).id == WORDED.id != CURRENT
    assert json.loads(WORDED.to_json())[2] == {
        "DUKCAPIL": {"without": ["cost", "facilities"]},
        "SAMSAT-BC": {"options": {"cost": list(PAID)}, "not_applicable": ["complaint_handling"]},
    }
    assert Questionnaire(CURRENT, (), (Wording("mutasi"),)).id == CURRENT  # says nothing


def test_a_service_is_asked_in_its_own_words_and_its_values_stay():
    rini = Citizen(WORDED).begin()
    rini.nine("Sesuai", "Mudah", "Cepat", "Jauh di atas tarif", "Sesuai", "Kompeten",
              "Sopan dan ramah", "Baik", "Tidak berlaku")  # fmt: skip
    rini.tap("Lewati")  # why it is low
    assert "4 Biaya/tarif: Jauh di atas tarif" in rini.tap("Lewati").tap("Lewati semua").text
    answers = draft_of(rini.tap("Kirim"), WORDED).answers
    assert answers == dict(zip(KEYS, (3, 3, 3, 1, 3, 3, 3, 3, None), strict=True))


def test_what_a_service_leaves_out_is_neither_asked_nor_kept():
    rini = Citizen(WORDED).tap("Setuju, mulai").tap("2")
    assert rini.text.startswith("Pertanyaan 1 dari 7\n")
    rini.nine("Sesuai", "Mudah", "Cepat", "Sesuai", "Kompeten", "Sopan dan ramah",
              "Dikelola dengan baik")  # fmt: skip
    answers = draft_of(rini.tap("Lewati").tap("Lewati semua").tap("Kirim"), WORDED).answers
    assert set(KEYS) - set(answers) == {"cost", "facilities"}


def test_another_service_with_other_words_asks_the_item_anew():
    rini = Citizen(WORDED).begin()
    rini.nine("Sesuai", "Mudah", "Cepat", "Sesuai tarif", "Sesuai", "Kompeten",
              "Sopan dan ramah", "Baik", "Tidak berlaku")  # fmt: skip
    rini.tap("Lewati").tap("Lewati semua").tap("Ubah").tap("Layanan").tap("2")
    assert "Biaya" not in rini.text  # left out there
    answers = draft_of(rini.tap("Kirim"), WORDED).answers
    assert "cost" not in answers
    assert answers["complaint_handling"] is None


def test_services_that_say_the_same_share_a_step():
    same = {"options": {"cost": PAID}}
    asked = Questionnaire(CURRENT, (), (Wording.of("a", same), Wording.of("b", same)))
    steps = survey_form(asked, instrument(CURRENT)).by_id
    assert steps["cost"].when == (When("service", frozenset({"a", "b"}), wanted=False),)
    assert steps["cost-2"].when == (When("service", frozenset({"a", "b"})),)
    assert "cost-3" not in steps
    assert (item_of("cost-2"), item_of("cost")) == ("cost", "cost")


HEADER = "service,item,asked,not_applicable,1,2,3,4\n"


def wording(*rows: str, header: str = HEADER) -> str:
    Path("wording.csv").write_text(header + "\n".join(rows) + "\n")
    return "wording.csv"


def in_force(url: str) -> Questionnaire:
    engine = open_engine(url)
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        found = questionnaires.get(connection, unit.questionnaire)
    engine.dispose()
    return found


def test_a_table_publishes_a_new_version_and_keeps_the_extra_questions(url: str):
    engine = open_engine(url)
    parking = Extra("a1", "Parkir?", "text")
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        assert ask(connection, [unit], parking) == [2]
    engine.dispose()
    file = wording(
        f"Balik nama,cost,,no,{','.join(PAID)}",
        "balik-nama,procedure,,yes,,,,",
        "Pajak tahunan,facilities,tidak,,,,,",
        "Pajak tahunan,cost,,,,,,",
        "Catatan: disetujui 3 November 2026,,,,,,,",
    )
    done = skm("import", "wording", file, "--unit", "samsat-bc")
    assert done.stdout == "SAMSAT-BC: version 3 is in force from the next citizen on.\n"
    assert "Row 6 is no data and was left out" in done.stderr, done.stderr
    asked = in_force(url)
    assert asked.extras == (parking,)
    assert [(w.service, w.said()) for w in asked.services] == [
        (
            "balik-nama",
            {
                "options": {"cost": list(PAID)},
                "not_applicable": ["complaint_handling", "procedure"],
            },
        ),
        ("pajak-tahunan", {"without": ["facilities"]}),
    ]
    again = skm("import", "wording", file, "--unit", "samsat-bc")
    assert again.stdout == "SAMSAT-BC asks so already; nothing was published.\n"
    back = skm("import", "wording", wording("Balik nama,cost,,,,,,"), "--unit", "SAMSAT-BC")
    assert "version 4" in back.stdout
    assert in_force(url) == Questionnaire(CURRENT, (parking,))


def test_every_bad_cell_is_named_and_nothing_published(url: str):
    file = wording(
        "Mutasi,cost,,,a,b,c,d",
        "Balik nama,u4,,,a,b,c,d",
        f"Balik nama,cost,maybe,,a,b,,{'x' * 73}",
        "Balik nama,procedure,no,,a,b,c,d",
        "Balik nama,product,,,a,b,A,d",
        "Balik nama,facilities,no,,,,,",
        "Balik nama,facilities,,yes,,,,",
        "Balik nama,facilities",
        *(f"Pajak tahunan,{key},no,,,,," for key in KEYS),
    )
    assert refusal("import", "wording", file, "--unit", "SAMSAT-BC").splitlines() == [
        "Row 2, column service: “Mutasi” is none of SAMSAT-BC's: Pajak tahunan, Balik nama.",
        f"Row 3, column item: “u4” is none of {', '.join(KEYS)}.",
        "Row 4, column asked: “maybe” is not yes, no or empty.",
        "Row 4, column 3: it is empty; give words for all answers or for none.",
        f"Row 4, column 4: “{'x' * 39}…” cannot be taken; write at most 72 characters.",
        "Row 5: what is not asked needs no words and no not_applicable.",
        "Row 6, column 1: “a” stands for two answers; word each by itself.",
        "Row 9 has 2 cells, the header 8.",
        "Row 8: row 7 speaks of this service and item already.",
        "The service pajak-tahunan would be asked nothing; leave at least one item asked.",
    ]
    assert in_force(url).id == CURRENT


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("service,item,1,2,3\n", ["The header has no column 4."]),
        ("service,items,item\n", ["The header has a column “items” that means nothing here."]),
        ("service,service\n", ["The header names service more than once.",
                               "The header has no column item."]),
        ("", ["The header has no column service.", "The header has no column item."]),
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_read(url: str, header: str, said: list[str]):
    file = wording(header=header)
    columns = "The columns are service, item, asked, not_applicable, 1, 2, 3, 4."
    assert refusal("import", "wording", file, "--unit", "SAMSAT-BC").splitlines() == [
        *said,
        columns,
    ]


def test_a_table_without_rows_and_a_unit_that_there_is_not(url: str):
    assert "has a header and no rows" in refusal("import", "wording", wording(), "--unit", "RSUD-1")
    assert "no unit “X-1”" in refusal("import", "wording", wording(), "--unit", "X-1")


def test_no_wording_of_a_service_makes_an_item_that_can_be_skipped():
    steps = survey_form(WORDED, instrument(CURRENT)).by_id
    choices = [choice.id for choice in steps["cost-2"].choices if choice.does == "answer"]
    assert choices == ["1", "2", "3", "4"]
    assert NOT_APPLICABLE not in choices
    assert SKIPPED not in choices
