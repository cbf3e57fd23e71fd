"""What citizens wrote reaches their unit masked, folded and only among five responses; complaints
are told where to go."""

from datetime import date

import pytest
from sqlalchemy import Connection, Engine

from flows.engine.capabilities import OPENS
from flows.engine.say import Message
from flows.extra_question import Asked, Extra
from flows.loader import words
from reports.comments.read import comments_message, comments_page, number
from reports.comments.substance import says_something
from reports.digest.unit_week import composed
from reports.jobs import due
from storage.answers.responses import Draft, Unmasked
from storage.office import roles
from storage.periods import parse
from tests.support.fake_channel import Office
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    ask,
    draft,
    office,
    respond,
    run,
    scoped,
    unit_of,
    unit_row,
    working,
)

WEEK = parse("2026-W47")
MONDAY = NOON + 4 * 86_400
COMMENTS = [
    "Petugas Pak Budi Santoso ramah, hubungi 0812-3456-7890.",
    "Loketnya bersih.",
    "Mobil saya BP 1234 XY lama sekali diperiksa, anjing!",
]
PLACE = Extra("1a2b3c4d", "Anda dari kecamatan mana?", "place")
LIFT = Extra("5e6f7a8b", "Apa yang kurang di lift?", "text", asked=Asked("service", ("stnk",)))
WHY = "why_completion_time"
HEAD = (
    "Komentar 16–22 Nov 2026 · Kantor AA-1\n"
    "Nama, nomor, dan kata kasar disamarkan sejauh terbaca; jangan diteruskan."
)


def written(n: int, comments: list[str]) -> list[Draft]:
    texts: list[str | None] = [*comments, *[None] * (n - len(comments))]
    return [draft(NOON, comment=text) for text in texts]


def said(n: int, **extra: str) -> list[Draft]:
    """Responses without a comment; the first has these texts."""
    texts = {key: {"text": text} for key, text in extra.items()}
    return [draft(NOON, 2, extra=texts), *(draft(NOON) for _ in range(n - 1))]


def message(connection: Connection, drafts: list[Draft], *extras: Extra) -> Message | None:
    chance = Chance(len(drafts))
    for each in drafts:
        respond(connection, "AA-1", chance, each)
    for extra in extras:
        ask(connection, [unit_of(connection, "AA-1")], extra)
    unit = unit_of(connection, "AA-1")
    digest = composed(connection, unit, WEEK)
    assert WEEK.first <= date(2026, 11, 18) <= WEEK.last
    return comments_message(connection, unit.id, digest, words("id"))


def shown(url: str, drafts: list[Draft], *extras: Extra) -> str | None:
    with office(url, unit_row("AA-1")) as engine, engine.begin() as connection:
        found = message(connection, drafts, *extras)
        return found.text if found else None


def test_the_unit_reads_comments_without_names_numbers_plates_and_abuse(database_url):
    text = shown(database_url, written(5, COMMENTS))
    assert text is not None
    assert sorted(line for line in text.splitlines() if line.startswith("•")) == [
        "• Loketnya bersih.",
        "• Mobil saya [pelat] lama sekali diperiksa, [kata kasar]!",
        "• Petugas Pak [nama] ramah, hubungi [nomor].",
    ]


def test_masked_is_what_is_shown_and_not_what_was_written(sqlite_url):
    broken = ["hp 0812\n3456\u200b\n7890", "Jl. Melati\nNo. 12\nRT 02"]
    text = shown(sqlite_url, written(5, broken))
    assert text is not None
    assert sorted(text.splitlines()[-2:]) == ["• [alamat]", "• hp [nomor]"]


def test_a_citizens_words_have_no_text_before_they_are_masked():
    said = Unmasked("Budi 081234567890")
    assert "Budi" not in f"{said} {said!r} {[said]}"


def test_why_a_score_was_low_and_what_extra_questions_were_told_is_masked_as_well(database_url):
    why = {WHY: {"text": "Pak Budi Santoso menyuruh tunggu,\nbangsat."}}
    where = {PLACE.key: {"text": "Rumah Bu Siti Aminah"}}
    drafts = [draft(NOON, 2, extra=why | where), *(draft(NOON, 2, extra=why) for _ in range(4))]
    reason = "• Pak [nama] menyuruh tunggu, [kata kasar]."
    assert shown(database_url, drafts, PLACE) == (
        f"{HEAD}\n\nAlasan nilai rendah: Waktu Penyelesaian\n"
        + f"{reason}\n" * 5
        + "\nAnda dari kecamatan mana?\n• Rumah Bu [nama]"
    )


def test_of_fewer_than_five_responses_nothing_written_is_shown(sqlite_url):
    few = [*written(1, COMMENTS[:1]), *said(3, **{WHY: "Lama.", PLACE.key: "Sekupang"})]
    assert shown(sqlite_url, few, PLACE) is None


def test_fewer_than_five_reasons_stand_among_the_comments_and_tell_no_score(sqlite_url):
    low = [draft(NOON, [2] * 9, extra={WHY: {"text": "Antre dua jam."}}) for _ in range(4)]
    praise = draft(NOON, comment="Bersih.")
    text = shown(sqlite_url, [*low, praise])
    assert text is not None
    assert sorted(text.removeprefix(HEAD).split("\n")) == [
        "",
        *["• Antre dua jam."] * 4,
        "• Bersih.",
    ]


def test_nor_do_five_beside_a_mean_that_is_hidden(sqlite_url):
    low = [
        draft(NOON, [3, 3, None, *[3] * 6], extra={WHY: {"text": "Antre dua jam."}})
        for _ in range(5)
    ]
    text = shown(sqlite_url, low)
    assert text == HEAD + "\n• Antre dua jam." * 5


def test_what_not_everybody_is_asked_is_shown_from_five_answers_on(sqlite_url):
    def answered(n: int) -> list[Draft]:
        return [draft(NOON, extra={LIFT.key: {"text": f"Lampu {k}."}}) for k in range(n)]

    with office(sqlite_url, unit_row("AA-1")) as engine, engine.begin() as connection:
        assert message(connection, [*answered(4), *written(3, [])], LIFT) is None
        found = message(connection, answered(1))
        assert found is not None
        assert found.text.count("•") == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        *[(text, False) for text in ("ok", "OK!", "-", ".", "👍", "5", "Nihil")],
        *[(text, False) for text in ("Tidak ada", "gak ada", "Tdk ada saran", "no comment")],
        *[(text, False) for text in ("sudah cukup", "terima kasih")],
        *[(text, True) for text in ("mantap", "Lama", "tidak ok", "belum cukup")],
        *[(text, True) for text in ("Tidak ada kursi", "antre 2 jam", "Ok, tapi parkir sempit")],
    ],
)  # fmt: skip
def test_a_comment_that_only_fills_the_field_is_not_counted(text, says):
    assert says_something(text) is says


def test_all_are_read_page_by_page_each_once(sqlite_url):
    """57 of some 190 characters each: more than one message of 4,096 holds, none left out."""
    names = [a + b for a in "abc" for b in "abcdefghijklmnopqrs"]
    texts = [f"Antrean ke-{name} {'lama sekali ' * 15}" for name in names]
    with office(sqlite_url, unit_row("AA-1")) as engine, engine.begin() as connection:
        message(connection, written(60, [*texts, "ok", "-"]))
        unit, spoken = unit_of(connection, "AA-1"), words("id")
        digest = composed(connection, unit, WEEK)
        assert number(connection, unit.id, digest, spoken) == 57
        read, page, left = [], 1, 57
        while left:
            found = comments_page(connection, unit.id, digest, spoken, page)
            assert found is not None
            text, left = found
            assert len(text) <= 4_096
            read += [line[2:20] for line in text.splitlines() if line.startswith("•")]
            page += 1
        assert page == 4
        assert sorted(read) == sorted(text[:18] for text in texts)
        assert comments_page(connection, unit.id, digest, spoken, page) is None


def test_what_does_not_fit_is_counted(sqlite_url):
    long = "Antre dua jam di loket cek fisik 👍🏽. " * 20
    both = [draft(NOON, comment=long, extra={WHY: {"text": long}}) for _ in range(40)]
    text = shown(sqlite_url, both)
    assert text is not None
    assert len(text.encode("utf-16-le")) <= 2 * 4_096
    shown_of_80 = text.count("• Antre")
    assert shown_of_80 > 12
    assert text.endswith(f"Dan {80 - shown_of_80} lainnya.")


async def asked(engine: Engine, who: str, code: str = "AA-1", week: str = "2026-W47") -> str:
    """What a chat is told that sends such a button's opening, by hand or not."""
    with working(engine) as turns:
        screen = await Person(turns, who).open(f"/komentar {code} {week}")
    return words("id").line(screen.body[0])


async def test_the_head_and_nobody_else_is_shown_the_folded_words_and_never_a_name(sqlite_url):
    with office(sqlite_url, unit_row("AA-1"), unit_row("BB-2")) as engine:
        here, chance = Office(engine), Chance()
        with engine.begin() as connection:
            for role, scope, address in (
                ("head", "AA-1", "tg:1"), ("head", "BB-2", "tg:2"), ("admin", "*", "tg:3"),
            ):  # fmt: skip
                token = roles.invite(connection, role, scoped(scope), NOON, chance)
                roles.join(connection, token, address, NOON)
            for each in written(5, COMMENTS):
                respond(connection, "AA-1", chance, each)
        assert "tampil bersama ringkasan pertama" in await asked(engine, "tg:1")
        due.digests(engine, MONDAY)
        here.clock.at = MONDAY
        await here.post().round()
        pushed = next(
            content
            for _, content, _ in here.channel.got
            if "Komentar" in getattr(content, "text", "")
        )
        ((button,),) = pushed.rows
        assert (button.text, button.step) == ("Tampilkan kata kasar", OPENS)
        assert button.choice == "/komentar AA-1 2026-W47"
        text = await asked(engine, "tg:1")
        assert "• Mobil saya [pelat] lama sekali diperiksa, anjing!" in text
        assert "Budi" not in text
        masked = "Nama dan nomor disamarkan sejauh terbaca; jangan diteruskan."
        assert text.splitlines()[1] == masked
        same = pushed.text.replace("[kata kasar]", "anjing").splitlines()
        assert text.splitlines()[2:] == same[2:]
        assert await asked(engine, "tg:1", "", "") == text
        for address in ("tg:2", "tg:3", "tg:4"):
            assert "hanya untuk kepala" in await asked(engine, address)
        assert "belum ada ringkasan" in await asked(engine, "tg:1", week="2026-Q4")
        run(engine, "DELETE FROM role WHERE address = 'tg:1'")
        assert "hanya untuk kepala" in await asked(engine, "tg:1")


async def test_a_complaint_is_told_where_complaints_go(sqlite_url):
    with office(sqlite_url, unit_row("AA-1")) as engine, working(engine) as turns:
        thanked = {}
        for number, comment in enumerate(
            ["", "Ruang tunggu nyaman.", "Saya diminta uang rokok, mohon ditindak."], 1
        ):
            person = Person(turns, f"tg:{number}")
            await person.survey("AA-1", stop="comment")
            await (person.type(comment) if comment else person.tap("-skipped"))
            await person.tap("-skip_all")
            thanks = await person.tap("send")
            thanked[comment] = thanks.body[0].key
    assert list(thanked.values()) == [
        "survey.thanks",
        "survey.thanks.comment",
        "survey.thanks.complaint",
    ]
