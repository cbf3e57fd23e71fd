"""What a unit promises: brought in whole or not at all, and shown beside the question about it."""

from datetime import date
from pathlib import Path

import pytest

from flows.engine.advance import advance
from flows.engine.events import Noted, Tapped
from flows.engine.form import Line
from flows.engine.say import say
from flows.engine.screen import choices_of
from flows.loader import instrument, words
from flows.survey.form import SEE
from flows.survey.state import SurveyState
from storage import standards
from storage.database.connect import open_engine
from storage.files.standard_file import TEXT
from storage.standards import Promise
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.events_of_forms import ME, begun
from tests.support.instruments import CURRENT
from tests.support.offices import unit_of
from tests.support.survey_form import PLAIN, form_of


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    return with_units(monkeypatch, sqlite_url)


def table(*rows: str, header: str = "service,element,text,valid_from") -> tuple[str, ...]:
    Path("standards.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return ("import", "standards", "standards.csv", "--unit", "SAMSAT-BC")


def in_force(url: str, service: str, day: str) -> dict[str, str]:
    engine = open_engine(url)
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        found = standards.in_force(connection, unit.id, service, date.fromisoformat(day))
    engine.dispose()
    return found


def test_a_service_promises_its_own_before_the_units_and_the_latest_first(url: str):
    said = skm(*table(
        "Balik nama,cost,Rp 100.000,2026-01-05",
        "balik-nama,cost,Rp 90.000,15/07/2026",
        ",cost,Sesuai tarif,2026-08-01",
        ",completion_time,Sehari,2026-01-05",
    )).stdout  # fmt: skip
    assert said == "SAMSAT-BC: 4 promises kept; the next citizens can see them.\n"
    assert in_force(url, "balik-nama", "2026-01-04") == {}
    assert in_force(url, "balik-nama", "2026-07-14") == {
        "cost": "Rp 100.000",
        "completion_time": "Sehari",
    }
    assert in_force(url, "balik-nama", "2026-09-01")["cost"] == "Rp 90.000"
    assert in_force(url, "pajak-tahunan", "2026-09-01")["cost"] == "Sesuai tarif"


def test_sums_and_notes_below_are_left_out_and_named(url: str):
    made = skm(*table(
        "Balik nama,cost,Rp 100.000,2026-01-05",
        "Jumlah,,1,",
        '"Catatan: berlaku sejak Januari",,,',
    ))  # fmt: skip
    assert made.stdout == "SAMSAT-BC: 1 promise kept; the next citizens can see them.\n"
    assert made.stderr.splitlines() == [
        "Rows of sums were left out: 3.",
        "Row 4 is no data and was left out: “Catatan: berlaku sejak Januari”",
    ]


def test_the_same_table_with_another_text_corrects_it(url: str):
    skm(*table(",cost,Rp 100.000,2026-01-05"))
    skm(*table(",cost,Rp 10.000,2026-01-05"))
    assert in_force(url, "balik-nama", "2026-01-05") == {"cost": "Rp 10.000"}


def test_without_a_day_it_holds_from_today_and_a_service_need_not_be_named(url: str):
    skm(*table("cost,Gratis", header="element,text"))
    assert in_force(url, "balik-nama", "2000-01-01") == {}
    assert in_force(url, "balik-nama", "2099-01-01") == {"cost": "Gratis"}


def test_every_bad_cell_is_named_and_nothing_is_kept(url: str):
    long = "x" * (TEXT + 1)
    said = refusal(*table(
        ",cost,Gratis,2026-01-05",
        f"Mutasi,price,{long},31/31/2026",
        ",product,,",
        ",cost,Lain,05/01/2026",
        ",cost,Gratis,2026-01-06,lebih",
    )).splitlines()  # fmt: skip
    assert said == [
        "Row 3, column service: “Mutasi” is none of SAMSAT-BC's: Pajak tahunan, Balik nama.",
        f"Row 3, column element: “price” is none of {', '.join(instrument(CURRENT).keys)}.",
        f"Row 3, column text: “{long[:39]}…” cannot be taken; write one line of at most 120 "
        "characters.",
        "Row 3, column valid_from: “31/31/2026” is no date; write 2026-11-30 or 30/11/2026.",
        "Row 4, column text: it is empty; write what is promised.",
        "Row 5: row 2 promises the same of the same day already.",
        "Row 6 has more cells than the header.",
    ]
    assert in_force(url, "balik-nama", "2026-02-01") == {}


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("element,text,text", "The header names text more than once; keep one column each."),
        ("element,text,janji", "The header has a column “janji” that means nothing here."),
        ("service,text", "The header has no column element."),
    ],
)
def test_a_header_that_is_not_known_is_refused(url: str, header: str, fault: str):
    assert fault in refusal(*table("a,b,c", header=header))


def test_an_empty_table_is_refused(url: str):
    assert "has a header and no rows" in refusal(*table())


def test_a_longest_promise_leaves_six_lines_and_moves_nobody():
    form = form_of(PLAIN)
    talk = begun(form)
    talk = advance(
        form, talk, Noted(kept=SurveyState(promises={"product": "x" * TEXT}))
    ).conversation
    for step, choice in (("consent", "agreed"), ("service", "DUKCAPIL"), *(
        (key, "3") for key in instrument(CURRENT).keys[:4]
    )):  # fmt: skip
        talk = advance(form, talk, Tapped(str(len(talk.seen)), 1, ME, step, choice)).conversation
    turn = advance(form, talk, Tapped("90", 1, ME, "product", "promise"))
    assert turn.conversation.answers == talk.answers
    shown = turn.effects[0].screen
    assert shown.notes == (Line("survey.promise", {"text": "x" * TEXT}),)
    for language in ("id", "en"):
        assert len(say(shown, words(language)).text.splitlines()) <= 6
    stale = advance(form, talk, Tapped("91", 1, ME, "procedure", "promise")).effects[0].screen
    assert stale.notes == (Line("stale"),)


def test_the_promises_of_a_service_take_the_place_of_anothers():
    form, step = form_of(PLAIN), "cost"
    kept = SurveyState(promises={"cost": "Gratis"})
    talk = advance(form, begun(form), Noted(kept=kept)).conversation
    assert SEE in choices_of(form, talk, form.by_id[step])
    talk = advance(form, talk, Noted(kept=SurveyState(promises={"time": "1 hari"}))).conversation
    assert SEE not in choices_of(form, talk, form.by_id[step])
    assert Promise("", "cost", "Gratis", date(2026, 1, 5)).element == "cost"
