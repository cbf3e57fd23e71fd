"""Chapters I and II: why the survey is run, and how its answers were collected."""

from __future__ import annotations

from collections.abc import Iterator

from flows.formats import long_day
from reports.official_report import wording
from reports.official_report.document import (
    Block,
    Cell,
    Chapter,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)
from reports.official_report.report import Report
from storage.periods import parse

RULE = (
    "Peraturan Menteri PANRB Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan "
    "Masyarakat Unit Penyelenggara Pelayanan Publik"
)
BASIS = (
    "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik;",
    f"{RULE};",
    "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi.",
)
_DAYS = "Hanya jawaban dengan tanggal setempat di dalam periode ini yang dihitung."


def background(report: Report) -> Chapter:
    unit = report.unit
    blocks = (
        Heading("Latar Belakang"),
        Paragraph(
            f"Mutu pelayanan publik perlu diukur menurut warga yang menerimanya. {unit.name} "
            f"({unit.agency}) menyelenggarakan Survei Kepuasan Masyarakat (SKM) secara berkala. "
            "Hasilnya diumumkan dan menjadi dasar perbaikan pelayanan."
        ),
        Heading("Dasar"),
        Points(BASIS),
        Heading("Maksud dan Tujuan"),
        Paragraph(
            "Survei ini dimaksudkan untuk memperoleh Indeks Kepuasan Masyarakat (IKM). Tujuannya "
            "mengetahui unsur pelayanan yang lemah dan yang baik, menetapkan tindak lanjut, dan "
            "memantau perkembangan mutu pelayanan dari periode ke periode."
        ),
    )
    return Chapter("I. Pendahuluan", "I Pendahuluan", blocks)


def collection(report: Report) -> Chapter:
    blocks: list[Block] = [
        Table("Pengumpulan data", (), tuple(_facts(report)), (3, 7)),
    ]
    if report.sources:
        blocks += _sources(report)
    return Chapter("II. Pengumpulan Data", "II Pengumpulan", tuple(blocks))


def _facts(report: Report) -> Iterator[tuple[Cell, ...]]:
    unit, figures = report.unit, report.figures
    yield "Pelaksana", f"{unit.name}, {unit.agency}"
    yield (
        "Metode",
        "Setiap penerima layanan dapat menilai sendiri lewat obrolan (bot), dibantu petugas, atau "
        "di kertas yang diimpor; sembilan unsur dengan nilai 1 sampai 4",
    )
    yield "Tempat", f"{unit.name}, {unit.region}" if unit.region else unit.name
    yield "Layanan", "; ".join(each["label"] for each in unit.services) or "Semua layanan unit"
    yield "Waktu", f"{wording.period_name(report.period)}, {wording.days(report.period)}"
    if report.weeks:
        first, last = (parse(report.weeks[place]) for place in (0, -1))
        said = f"{long_day(first.first)} sampai {long_day(last.last)}"
        yield "Dihitung", f"{len(report.weeks)} minggu yang sudah ditampilkan utuh, {said}"
        yield "Responden di minggu itu", Figure(str(figures.n))
        return
    yield "Populasi", _population(report)
    yield "Sampel yang diperlukan", _needed(report)
    yield "Responden terkumpul", Figure(str(figures.n))
    if figures.enough is not None:
        yield "Kecukupan sampel", "Tercapai" if figures.enough else "Belum tercapai"
    yield "Kunjungan terverifikasi", Figure(str(report.verified))


def _population(report: Report) -> Cell:
    number = report.figures.population
    return "Tidak diketahui untuk periode ini" if number is None else Figure(str(number))


def _needed(report: Report) -> Cell:
    number = report.figures.needed
    return "Tidak dapat dihitung" if number is None else Figure(str(number))


def _sources(report: Report) -> list[Block]:
    rows: list[tuple[Cell, ...]] = [
        (
            wording.SOURCES.get(part.name, part.name),
            wording.count(part.n),
            Figure(str(part.verified)),
        )
        for part in report.sources
    ]
    note = "Sampel minimum dihitung menurut Krejcie dan Morgan (taraf 95 %, galat 5 %)"
    if report.figures.needed is None:
        note += "; untuk itu jumlah pengguna layanan pada periode ini harus diketahui"
    return [
        Table("Responden menurut sumber", ("Sumber", "Responden", "Terverifikasi"),
              tuple(rows), (6, 2, 2)),
        Paragraph(f"{note}. {_DAYS}", "note"),
    ]  # fmt: skip
