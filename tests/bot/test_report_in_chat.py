"""The report as a chat gets it: made when it is sent, of what was shown, for whoever may see it."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.core.channel import Document
from flows.office.proof import File
from storage.office import follow_ups, roles
from storage.office.follow_ups import Plan
from storage.scope import agency
from tests.support.fake_channel import Office
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    count,
    office,
    run,
    scoped,
    unit_of,
    unit_row,
    working,
)
from tests.support.papers import docx_rows, docx_texts, pdf_text, xlsx_rows
from tests.support.pictures import png
from tests.support.publishing import LATER, answered, closed, show_week, whole_weeks

BTM = "SMST-BTM"


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Office]:
    """20 of all 3s in a week that a digest showed; its head."""
    with office(sqlite_url, unit_row(BTM, name="Samsat Batam")) as engine:
        with engine.begin() as connection:
            token = roles.invite(connection, "head", scoped(BTM), NOON, Chance())
            roles.join(connection, token, "tg:9", NOON)
            answered(connection, BTM, 20, profile={"sex": "male"})
            with whole_weeks():
                show_week(connection, BTM, "2026-W47")
        yield Office(engine)


async def asked(here: Office, *taps: str, at: int = NOON) -> None:
    """/laporan, then these buttons."""
    here.clock.at = at + 60
    with working(here.engine) as turns:
        sari = Person(turns, "tg:9", at=at, event=at - NOON)
        await sari.open(f"/laporan {BTM}")
        for choice in taps:
            await sari.tap(choice)


async def sent(here: Office) -> list[Document]:
    await here.post().long_round()
    return [content for _, content, _ in here.channel.got if isinstance(content, Document)]


async def test_a_provisional_report_holds_no_more_than_was_shown(here):
    with here.engine.begin() as connection:
        answered(connection, BTM, 40, values=1)
    await asked(here, "pdf")
    (paper,) = await sent(here)
    assert (paper.name, paper.caption) == (
        f"laporan-skm-{BTM}-2026-Q4.pdf",
        "Laporan SKM Samsat Batam · Triwulan IV 2026 · SEMENTARA, jangan diumumkan",
    )
    said = pdf_text(paper.content)
    assert "IKM unit pelayanan 75,00" in said
    assert "SEMENTARA." in said
    assert "Laki-laki" not in said


async def test_a_published_report_is_that_of_its_sheet(here):
    with here.engine.begin() as connection:
        answered(connection, BTM, 10, values=4, profile={"sex": "female"})
        closed(connection, BTM)
    for format, rows in (("docx", docx_rows), ("xlsx", xlsx_rows)):
        await asked(here, format, at=LATER + 600 * len(here.channel.got))
        paper = (await sent(here))[-1]
        assert paper.name.endswith(format)
        assert paper.caption == "Laporan SKM Samsat Batam · Triwulan IV 2026"
        # (20 · 3 + 10 · 4) / 30 · 25
        assert ("IKM unit pelayanan", 83.33) in rows(paper.content)
        assert ("Jenis kelamin", "Laki-laki", 20, 66.7) in rows(paper.content)


async def test_the_photos_of_what_was_done_stand_in_it(here):
    """Of one that the platform has no more the report says that there is one."""
    here.channel.files["one"] = png(8)
    with here.engine.begin() as connection:
        unit = unit_of(connection, BTM)
        for file in ("one", "gone"):
            plan = Plan("facilities", f"Kursi {file}", date(2026, 11, 19), "Kasubbag")
            id = follow_ups.keep(connection, unit.id, plan, date(2026, 11, 2), NOON, "x")
            sent_as = File("photo", file, "tg")
            follow_ups.finish(connection, unit.id, id, date(2026, 11, 18), "", "", sent_as)
        closed(connection, BTM)
    await asked(here, "docx", at=LATER + 600)
    (paper,) = await sent(here)
    assert ("Kursi one", "18 November 2026", "Foto di bawah") in docx_rows(paper.content)
    away = ("Kursi gone", "18 November 2026", "Foto, disimpan di obrolan kepala unit")
    assert away in docx_rows(paper.content)
    media = [n for n in ZipFile(BytesIO(paper.content)).namelist() if n.startswith("word/media/")]
    assert len(media) == 1
    assert "Gambar 2. Foto 1, Kursi one, 18 November 2026" in docx_texts(paper.content)
    await asked(here, "xlsx", at=LATER + 1_200)
    book = ZipFile(BytesIO((await sent(here))[-1].content))
    assert len([name for name in book.namelist() if name.startswith("xl/media/")]) == 1


async def test_of_a_sheet_without_a_figure_there_is_no_card_and_that_is_said(sqlite_url):
    with office(sqlite_url, unit_row(BTM)) as engine:
        with engine.begin() as connection:
            token = roles.invite(connection, "head", scoped(BTM), NOON, Chance())
            roles.join(connection, token, "tg:9", NOON)
            answered(connection, BTM, 3)
            closed(connection, BTM)
        with working(engine) as turns:
            sari = Person(turns, "tg:9", at=LATER)
            await sari.open(f"/laporan {BTM}")
            shown = await sari.tap("card")
        assert [line.key for line in shown.body] == ["report.card.withheld"]
        assert count(engine, "outbox") == 0


async def test_whoever_heads_the_unit_no_more_gets_nothing(here):
    await asked(here, "pdf")
    run(here.engine, "DELETE FROM role")
    assert await sent(here) == []


async def test_a_forged_parcel_tells_no_more(here):
    """Of another unit, or of a period of which nothing was shown."""
    from bot.office.periods.report import made

    body = {"document": "report", "unit": BTM, "period": "2026-Q4", "format": "pdf", "at": "0"}
    with here.engine.connect() as connection:
        assert made(connection, "tg:8", {**body, "language": "id"}, "") is None
        empty = {**body, "period": "2026-Q3", "language": "id"}
        assert made(connection, "tg:9", empty, "") is None


async def test_an_agencys_report_goes_to_whoever_reads_all_its_units(here):
    """Not to a head of one, nor to whoever is no admin any more."""
    with here.engine.begin() as connection:
        closed(connection, BTM)
        token = roles.invite(connection, "admin", agency("Pemprov Contoh"), NOON, Chance("a"))
        roles.join(connection, token, "tg:7", NOON)
    here.clock.at = LATER + 60
    with working(here.engine) as turns:
        for person, taps in (("tg:7", ("2026-Q4", "pdf")), ("tg:9", ())):
            who = Person(turns, person, at=LATER)
            await who.open("/laporaninstansi agency:Pemprov Contoh")
            for choice in taps:
                await who.tap(choice)
    (paper,) = await sent(here)
    assert paper.name == "laporan-skm-2026-Q4.pdf"
    assert "IKM instansi 75,00" in pdf_text(paper.content)
    here.put("again", "tg:7", "document", document="agency_report", agency="Pemprov Contoh",
             period="2026-Q4", format="pdf", at=str(LATER), language="id")  # fmt: skip
    run(here.engine, "DELETE FROM role")
    assert len(await sent(here)) == 1
