"""Comments reach the unit masked and only among five responses; complaints are told where to go."""

from datetime import date

from flows.files import words
from reports.comments import comments_text
from reports.unit_week import composed
from storage.periods import parse
from storage.responses import Draft
from storage.units import by_code
from tests.offices import NOON, Chance, Person, draft, office, respond, unit_row, working

WEEK = parse("2026-W47")
COMMENTS = [
    "Petugas Pak Budi Santoso ramah, hubungi 0812-3456-7890.",
    "Loketnya bersih.",
    "Mobil saya BP 1234 XY lama sekali diperiksa, anjing!",
]


def written(n: int, comments: list[str]) -> list[Draft]:
    texts: list[str | None] = [*comments, *[None] * (n - len(comments))]
    return [draft(NOON, comment=text) for text in texts]


def shown(url: str, drafts: list[Draft]) -> str | None:
    chance = Chance()
    with office(url, unit_row("AA-1")) as engine, engine.begin() as connection:
        for each in drafts:
            respond(connection, "AA-1", chance, each)
        unit = by_code(connection, "AA-1")
        assert unit is not None
        digest = composed(connection, unit, WEEK)
        assert WEEK.first <= date(2026, 11, 18) <= WEEK.last
        return comments_text(connection, unit.id, digest, words("id"))


def test_the_unit_reads_comments_without_names_numbers_plates_and_abuse(database_url):
    text = shown(database_url, written(5, COMMENTS))
    assert text is not None
    assert sorted(line for line in text.splitlines() if line.startswith("•")) == [
        "• Loketnya bersih.",
        "• Mobil saya [pelat] lama sekali diperiksa, [kata kasar]!",
        "• Petugas Pak [nama] ramah, hubungi [nomor].",
    ]


def test_of_fewer_than_five_responses_no_comment_is_shown(sqlite_url):
    assert shown(sqlite_url, written(4, COMMENTS)) is None


def test_what_does_not_fit_is_counted(sqlite_url):
    text = shown(sqlite_url, written(40, ["Antre dua jam di loket cek fisik. " * 20] * 40))
    assert text is not None
    assert len(text) <= 4_096
    assert text.endswith("Dan 28 komentar lain.")


async def test_a_complaint_is_told_where_complaints_go(sqlite_url):
    with office(sqlite_url, unit_row("AA-1")) as engine, working(engine) as turns:
        said = {}
        for number, comment in enumerate(
            ["", "Ruang tunggu nyaman.", "Saya diminta uang rokok, mohon ditindak."], 1
        ):
            person = Person(turns, f"tg:{number}")
            await person.survey("AA-1", stop="comment")
            await (person.type(comment) if comment else person.tap("-skipped"))
            await person.tap("-skip_all")
            thanks = await person.tap("send")
            said[comment] = thanks.body[0].key
    assert list(said.values()) == [
        "survey.thanks",
        "survey.thanks.comment",
        "survey.thanks.complaint",
    ]
