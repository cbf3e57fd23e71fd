"""Chapters I and II: why the survey is run, and how its answers were collected."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flows.formats import long_day
from flows.loader import instrument
from reports.jobs.holidays import working_days
from reports.official_report import units, wording
from reports.official_report.report import Report
from reports.papers.document import (
    Block,
    Cell,
    Chapter,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)
from storage.periods import parse

RULE = (
    "Peraturan Menteri PANRB Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan "
    "Masyarakat Unit Penyelenggara Pelayanan Publik"
)
BASIS = (
    "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik;",
    "Peraturan Pemerintah Nomor 96 Tahun 2012 tentang Pelaksanaan Undang-Undang Nomor 25 Tahun "
    "2009 tentang Pelayanan Publik;",
    f"{RULE};",
    "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi.",
)
_WAYS = {
    "chat": "mengisi sendiri lewat obrolan (bot) atau tautan kunjungan di ponsel",
    "assisted": "dibantu petugas mengisi di loket",
    "imported": "mengisi kertas atau formulir lain, yang lalu dimasukkan sebagai berkas",
    "web": "mengisi sendiri di web tanpa tautan kunjungan",
    "kiosk": "mengisi sendiri di tablet loket",
}
SCHEDULE, SAMPLE, SOURCES = "Jadwal pelaksanaan SKM", "Jumlah responden", "Cara mengisi survei"


def background(report: Report) -> Chapter:
    unit = report.unit
    office = unit.name if report.is_of_agency else f"{unit.name} ({unit.agency})"
    own = [line.strip() for line in report.details.background.splitlines() if line.strip()]
    texts = own or [
        f"Mutu pelayanan publik perlu diukur menurut warga yang menerimanya. {office} "
        "menyelenggarakan Survei Kepuasan Masyarakat (SKM) secara berkala. "
        "Hasilnya diumumkan dan menjadi dasar perbaikan pelayanan."
    ]
    blocks: tuple[Block, ...] = (
        Heading("1.1 Latar Belakang"),
        *map(Paragraph, texts),
        Heading("1.2 Dasar Pelaksanaan SKM"),
        Points(BASIS),
        Heading("1.3 Maksud dan Tujuan"),
        Paragraph(
            "Survei ini dimaksudkan untuk memperoleh Indeks Kepuasan Masyarakat (IKM). Tujuannya "
            "mengetahui unsur pelayanan yang lemah dan yang baik, menetapkan tindak lanjut, dan "
            "memantau perkembangan mutu pelayanan dari periode ke periode."
        ),
    )
    return Chapter("BAB I Pendahuluan", "I Pendahuluan", blocks)


def collection(report: Report) -> Chapter:
    blocks: tuple[Block, ...] = (
        Heading("2.1 Pelaksana SKM"),
        Paragraph(f"Survei dilaksanakan oleh {_surveyors(report)}."),
        Heading("2.2 Metode Pengumpulan Data"),
        *_method(report),
        Heading("2.3 Lokasi Pengumpulan Data"),
        Paragraph(_place(report)),
        Heading("2.4 Waktu Pelaksanaan SKM"),
        *_schedule(report),
        Heading("2.5 Penentuan Jumlah Responden"),
        *_sample(report),
    )
    return Chapter("BAB II Pengumpulan Data SKM", "II Pengumpulan", blocks)


def _method(report: Report) -> Iterator[Block]:
    """What was really done, by the sources of the answers."""
    by = instrument(report.instrument)
    asked = f"Kuesioner resmi menanyakan {len(by.items)} unsur, bernilai 1 sampai {by.scale}"
    yield Paragraph(f"{asked} (Lampiran 1). Nama, NIK, dan nomor telepon tidak ditanyakan.")
    there = [part for part in report.sources if part.n]
    if not there:
        return
    said = [f"{_number(part.n)} responden {_WAYS.get(part.name, part.name)}" for part in there]
    yield Paragraph(f"Pada periode ini {wording.listed(said)}.", see=(SOURCES,))
    if report.verified:
        yield Paragraph(
            f"{_number(report.verified)} di antaranya memakai tautan sekali pakai yang diberikan "
            "saat berkunjung."
        )


def _number(n: int | None) -> str:
    return str(wording.HIDDEN) if n is None else Figure(str(n)).said


def _surveyors(report: Report) -> str:
    unit = report.unit
    if report.is_of_agency:
        return f"{len(report.units)} unit penyelenggara pelayanan di {unit.name}"
    return f"{unit.name}, {unit.agency}"


def _place(report: Report) -> str:
    unit = report.unit
    if report.is_of_agency:
        return "Di tempat setiap unit melayani; unitnya disebut pada bagian 2.5."
    place = f"{unit.name}, {unit.region}" if unit.region else unit.name
    served = "; ".join(each["label"] for each in unit.services)
    return f"{place}. Layanan yang dinilai: {served or 'semua layanan unit'}."


def _schedule(report: Report) -> Iterator[Block]:
    rows = [(Figure(str(place)), *row) for place, row in enumerate(_activities(report), 1)]
    head = ("No.", "Kegiatan", "Tanggal", "Hari kerja")
    yield Table(SCHEDULE, head, tuple(rows), (1, 7, 8, 2))
    yield Paragraph("Hanya jawaban dengan tanggal setempat di dalam periode ini yang dihitung. "
                    "Hari kerja: Senin sampai Jumat, tanpa hari libur nasional dan cuti bersama.",
                    "note")  # fmt: skip


def _activities(report: Report) -> Iterator[tuple[Cell, ...]]:
    first, last = report.period.first, report.period.last
    if report.weeks:
        first, last = parse(report.weeks[0]).first, parse(report.weeks[-1]).last
        name = f"Pengumpulan data, {len(report.weeks)} minggu yang sudah ditampilkan utuh"
        yield _activity(name, first, last)
        return
    yield _activity("Pengumpulan data", first, min(last, max(report.made_on, first)))
    if report.proof:
        published = datetime.fromisoformat(report.proof.published).date()
        begun = min(last + timedelta(days=1), published)
        yield _activity("Pengolahan data dan penetapan hasil", begun, published)
    yield _activity("Penyusunan laporan", report.made_on, report.made_on)
    for each in report.publications:
        medium = wording.WORDS.texts[f"announce.medium.{each.medium}"]
        yield _activity(f"Publikasi hasil: {medium}", each.on, each.on)


def _activity(name: str, first: date, last: date) -> tuple[Cell, ...]:
    days = long_day(first) if first == last else f"{long_day(first)} sampai {long_day(last)}"
    return name, days, Figure(str(working_days(first, last)))


def _sample(report: Report) -> Iterator[Block]:
    figures = report.figures
    if report.is_of_agency:
        yield from units.sample(report)
        return
    if report.weeks:
        yield Paragraph(f"Responden pada minggu yang dihitung: {Figure(str(figures.n)).said}.")
        return
    yield Paragraph(
        "Jumlah responden minimum dihitung menurut Krejcie dan Morgan dari banyaknya pengguna "
        "layanan (taraf kepercayaan 95 %, galat 5 %)."
    )
    rows: list[tuple[Cell, ...]] = [
        ("Populasi (pengguna layanan pada periode ini)", _known(figures.population)),
        ("Responden minimum", _known(figures.needed)),
        ("Responden terkumpul", Figure(str(figures.n))),
    ]
    if figures.enough is not None:
        rows.append(("Kecukupan", "Tercapai" if figures.enough else "Belum tercapai"))
    yield Table(SAMPLE, (), tuple(rows), (6, 4))


def _known(number: int | None) -> Cell:
    return "Tidak diketahui" if number is None else Figure(str(number))
