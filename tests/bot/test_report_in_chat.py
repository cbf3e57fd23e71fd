"""The report as a chat gets it: made when it is sent, of what was shown, for whoever may see it."""

from collections.abc import Iterator

import pytest

from bot.core.channel import Document
from storage.office import roles
from tests.support.fake_channel import Office
from tests.support.offices import NOON, Chance, Person, office, run, scoped, unit_row, working
from tests.support.papers import docx_rows, pdf_text, xlsx_rows
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
