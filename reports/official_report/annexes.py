"""The annexes: the questionnaire in its official words, the answers in number, the method."""

from __future__ import annotations

from collections.abc import Iterator

from flows.formats import indonesian
from flows.instrument import Instrument
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import wording
from reports.official_report.document import Block, Cell, Chapter, Figure, Paragraph, Points, Table
from reports.official_report.report import Counts, Report
from reports.statistics.index import rounded


def annexes(report: Report) -> Iterator[Chapter]:
    yield Chapter("Lampiran A. Kuesioner", "Lampiran A", tuple(_questionnaire(report)), True)
    yield Chapter("Lampiran B. Tabel Jawaban", "Lampiran B", tuple(_answers(report)))
    yield Chapter("Lampiran C. Metode dan Pembuktian", "Lampiran C", tuple(_method(report)))


def _questionnaire(report: Report) -> Iterator[Block]:
    by = instrument(report.instrument)
    head = ("No.", "Pertanyaan", *map(str, by.values))
    rows = [_asked(by, place) for place in range(len(by.items))]
    yield Table("Pertanyaan resmi dan pilihan jawabannya", head, tuple(rows), _ASKED)
    passed = [by.element_name(by.elements[i.key]) for i in by.items if i.not_applicable]
    said = f"Nilai 1–4 dari kiri ke kanan. Boleh dijawab “tidak berlaku”: {wording.listed(passed)}."
    yield Paragraph(f"{said} Jawaban itu tidak ikut dihitung.", "note")
    for service, said_there in report.wordings:
        yield from _worded(report, by, service, said_there)


_ASKED = (1, 7, 3, 3, 3, 3)


def _asked(by: Instrument, place: int) -> tuple[Cell, ...]:
    item = by.items[place]
    return (Figure(str(place + 1)), item.question, *(item.options or by.options))


def _worded(report: Report, by: Instrument, service: str, said: object) -> Iterator[Block]:
    assert isinstance(said, dict), "flows.instrument.Wording.said"
    label = wording.service(report, service)
    rows = tuple((_named(by, item), *options) for item, options in said.get("options", {}).items())
    if rows:
        head = ("Unsur", *map(str, by.values))
        yield Table(f"Kata-kata pilihan untuk layanan {label}", head, rows, (6, 3, 3, 3, 3))
    points = []
    if without := said.get("without"):
        points.append(f"Tidak ditanyakan untuk {label}: {_names(by, without)}.")
    if (passed := said.get("not_applicable")) is not None:
        names = _names(by, passed) if passed else "tidak ada"
        points.append(f"Boleh dijawab “tidak berlaku” untuk {label}: {names}.")
    if points:
        yield Points(tuple(points))


def _named(by: Instrument, item: str) -> str:
    return by.element_name(by.elements[item])


def _names(by: Instrument, items: list[str]) -> str:
    return wording.listed([_named(by, item) for item in items])


def _answers(report: Report) -> Iterator[Block]:
    if not report.answers:
        yield Paragraph(
            "Tabel jawaban tidak dimuat, dengan alasan yang sama seperti profil responden."
        )
        return
    by, whole = instrument(report.instrument), report.figures.n
    rows = [_counted(report, by, each, whole) for each in report.answers]
    head = ("Unsur", *map(str, by.values), "Dijawab", "Tidak dijawab")
    yield Table(
        "Banyaknya jawaban menurut unsur dan nilai", head, tuple(rows), (6, 2, 2, 2, 2, 2, 2)
    )
    if any(None in each.counts for each in report.answers):
        yield Paragraph(
            f"“{wording.HIDDEN}”: disamarkan, karena ada pilihan yang diambil 1–{least() - 1} "
            "orang. Rata-rata unsur dicetak, jadi seluruh barisnya tidak dimuat agar tidak dapat "
            "dihitung balik.",
            "note",
        )


def _counted(report: Report, by: Instrument, each: Counts, whole: int) -> tuple[Cell, ...]:
    element = by.elements[each.key]
    n = next(e.n for e in report.figures.elements if e.key == element) or 0
    counts = map(wording.count, each.counts)
    return (_named(by, each.key), *counts, Figure(str(n)), Figure(str(whole - n)))


def _method(report: Report) -> Iterator[Block]:
    by = instrument(report.instrument)
    grades = "; ".join(
        f"{g.grade} ({g.label}) ≥ {indonesian(rounded(g.lowest, 2))}" for g in by.grades[:-1]
    )
    yield Points(
        (
            f"Instrumen: {by.name}, versi {by.id}.",
            f"Metode: {report.method} (tepat); bobot {wording.weight(report)} tepat, "
            "bukan 0,11. SKM adalah jumlah rata-rata unsur kali bobot; IKM = SKM × 25.",
            "Dihitung dengan pecahan tepat, dibulatkan sekali di akhir (setengah ke atas, dua "
            "desimal), lalu dibandingkan dengan batas mutu.",
            f"Batas mutu: {grades}; selebihnya {by.grades[-1].grade} ({by.grades[-1].label}).",
            "Semua jawaban dari semua sumber dihitung, bertanda atau tidak.",
            f"Angka yang bertumpu pada 1–{least() - 1} orang tidak dimuat. Laporan ini tidak "
            "memuat nama warga dan tidak memuat jawaban per orang.",
        )
    )
    yield from _proof(report)


def _proof(report: Report) -> Iterator[Block]:
    proof = report.proof
    if proof is None:
        yield Paragraph("Periode ini belum diterbitkan: belum ada nomor lembar dan akar Merkle.")
        return
    rows: list[tuple[Cell, ...]] = [
        ("Nomor lembar", Figure(str(proof.number))),
        ("Diterbitkan", wording.a_moment(proof.published)),
        ("SHA-256 lembar", proof.hash),
        ("Akar Merkle (RFC 6962)", proof.root),
        ("Banyaknya daun", Figure(str(proof.leaves))),
    ]
    if proof.corrects:
        rows.append(("Mengoreksi lembar", Figure(str(proof.corrects))))
    if proof.erased:
        rows.append(("Dihapus warga sejak itu", Figure(str(proof.erased))))
    yield Table("Lembar yang diterbitkan", (), tuple(rows), (3, 7))
    yield Paragraph(
        "Warga dapat memeriksa tanda terimanya dengan /cek. Auditor dapat menghitung ulang lembar "
        "ini dari jawaban dan garamnya (skm verify).",
        "note",
    )
