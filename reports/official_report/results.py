"""Chapter III: who answered, the index, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

from flows.formats import indonesian
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import wording
from reports.official_report.counts import UNSAID
from reports.official_report.document import (
    Bars,
    Block,
    Cell,
    Chapter,
    Figure,
    Heading,
    Paragraph,
    Table,
)
from reports.official_report.report import Counts, Element, Part, Report
from reports.statistics.index import rounded

ACCIDENT = (
    "Selang 95 % dihitung seolah-olah responden dipilih acak; tidak mencakup siapa yang memilih "
    "menjawab."
)


def _masked() -> str:
    return (
        f"“{wording.HIDDEN}”: disamarkan. Sel berisi 1–{least() - 1} orang tidak dimuat, beserta "
        "satu sel lain agar isinya tidak dapat dihitung balik."
    )


def results(report: Report) -> Chapter:
    blocks = [*_profile(report), *_index(report)]
    if report.figures.headline:
        blocks += [*_elements(report), *_services(report), *_sources(report)]
    return Chapter("III. Hasil Survei", "III Hasil", tuple(blocks))


def why_not(report: Report) -> str:
    """In a sentence, why there is no index."""
    n = report.figures.n
    if report.figures.why == "nobody":
        return "Belum ada jawaban pada periode ini, jadi tidak ada IKM."
    if report.figures.why == "few":
        return (
            f"Baru {n} responden. IKM tidak dicetak di bawah {least()} responden, agar jawaban "
            "seseorang tidak terbaca."
        )
    return (
        f"{n} responden tercatat, tetapi IKM ditahan: bersama angka yang sudah ditampilkan "
        f"sebelumnya, IKM ini akan membuka jawaban 1–{least() - 1} orang."
    )


def _profile(report: Report) -> Iterator[Block]:
    yield Heading("Profil Responden")
    if not report.profile:
        yield Paragraph(_no_profile(report))
        return
    rows = [row for counts in report.profile for row in _counts(report, counts)]
    head = ("Karakteristik", "Kategori", "Jumlah", "Persen")
    yield Table("Profil responden", head, tuple(rows), (4, 5, 2, 2))
    if any(None in counts.counts for counts in report.profile):
        yield Paragraph(_masked(), "note")


def _no_profile(report: Report) -> str:
    if report.state == "provisional":
        return "Profil responden tidak dimuat dalam laporan sementara."
    if report.proof and (report.proof.erased or report.proof.corrects):
        return (
            "Profil responden tidak dimuat: sebagian jawaban sudah dihapus atas permintaan warga."
        )
    if report.figures.headline is None:
        return "Profil responden tidak dimuat, dengan alasan yang sama seperti IKM di bawah."
    return "Profil responden tidak dimuat: terlalu sedikit warga yang menjawab sendiri."


def _counts(report: Report, counts: Counts) -> Iterator[tuple[Cell, ...]]:
    name, n = wording.band(counts.key), report.figures.n
    for place, (id, number) in enumerate(_told(counts)):
        category = wording.choice(report, counts, id)
        shown = wording.count(number), wording.share(number, n)
        yield (name if not place else "", category, *shown)


def _told(counts: Counts) -> list[tuple[str, int | None]]:
    """Without a row of those who did not say, where everybody did; with that row alone, where
    nobody did."""
    told = dict(zip(counts.choices, counts.counts, strict=True))
    unsaid = told.pop(UNSAID, 0)
    rows = list(told.items()) if any(number != 0 for number in told.values()) else []
    return rows if unsaid == 0 else [*rows, (UNSAID, unsaid)]


def _index(report: Report) -> Iterator[Block]:
    yield Heading("Indeks Kepuasan Masyarakat")
    figures, found = report.figures, report.figures.headline
    if found is None:
        yield Paragraph(why_not(report), "strong")
        return
    if report.proof and report.proof.erased:
        yield Paragraph(
            f"{report.proof.erased} dihapus sejak itu: angka tetap seperti saat ditunjukkan.",
            "note",
        )
    rows: list[tuple[Cell, ...]] = [
        ("IKM unit pelayanan", Figure(found.ikm)),
        ("Mutu pelayanan", found.grade or wording.NONE),
        ("Kinerja unit pelayanan", found.label or wording.NONE),
        ("Rata-rata tertimbang (SKM, 1–4)", Figure(found.skm)),
        ("Selang kepercayaan 95 %", _interval(report)),
        ("Jumlah responden", Figure(str(figures.n))),
    ]
    if figures.alpha:
        rows.append(("Keandalan (alfa Cronbach)", Figure(figures.alpha)))
    yield Table("IKM unit pelayanan", (), tuple(rows), (5, 5))
    yield Paragraph(f"{ACCIDENT} {_weights(report)}", "note")


def _interval(report: Report) -> str:
    if report.figures.ci95 is None:
        return "Tidak ada, semua jawaban sama"
    return "–".join(map(indonesian, report.figures.ci95))


def _weights(report: Report) -> str:
    left_out = report.figures.left_out
    said = f"Bobot {wording.weight(report)} tepat untuk setiap unsur, dibulatkan sekali di akhir."
    n = {each.key: each.n for each in report.figures.elements}
    if nobody := [key for key in left_out if not n.get(key)]:
        names = wording.elements(report, nobody)
        said += f" Tidak dihitung karena tidak ada yang menjawab: {names}."
    if few := [key for key in left_out if n.get(key)]:
        names = wording.elements(report, few)
        said += f" Tidak dihitung agar jawaban kurang dari {least()} orang tidak terbaca: {names}."
    return said


def _elements(report: Report) -> Iterator[Block]:
    yield Heading("Nilai per Unsur")
    told = [each for each in report.figures.elements if each.mean is not None]
    if not told:
        yield Paragraph(
            "Nilai per unsur ditahan: bersama angka yang sudah ditampilkan sebelumnya, nilai itu "
            f"akan membuka jawaban 1–{least() - 1} orang."
        )
        return
    with_n = any(each.n is not None for each in report.figures.elements)
    rows = [_row(report, place, each, with_n) for place, each in _placed(report)]
    n, width = (("Responden",), (5,)) if with_n else ((), ())
    head = ("No.", "Unsur", *n, "NRR", "NRR\u00a0×\u00a025", "Mutu", "Kinerja")
    yield Table("Nilai rata-rata (NRR) per unsur", head, tuple(rows), (2, 13, *width, 4, 5, 3, 5))
    yield Paragraph(_order(report), "note")
    bars = [
        (
            wording.element(report, each.key),
            Figure(rounded(each.mean, 2)),
            each.key in report.weakest,
        )
        for each in told
        if each.mean is not None
    ]
    yield Bars("NRR per unsur, skala 1–4; gelap: unsur terlemah", tuple(bars), 1, 4)


def _placed(report: Report) -> Iterator[tuple[int, Element]]:
    return enumerate(report.figures.elements, 1)


def _row(report: Report, place: int, each: Element, with_n: bool) -> tuple[Cell, ...]:
    name, n = wording.element(report, each.key), (wording.count(each.n),) if with_n else ()
    number = Figure(str(place))
    if each.mean is None:
        said = wording.NONE if each.n == 0 else wording.HIDDEN
        return (number, name, *n, said, said, wording.NONE, wording.NONE)
    return (
        number,
        name,
        *n,
        _mean(each),
        *wording.of_mean(each.mean, instrument(report.instrument)),
    )


def _mean(each: Element) -> Figure:
    assert each.mean is not None, "asked only of those that are shown"
    return wording.mean_figure(each.mean)


def _order(report: Report) -> str:
    said = "Urutan unsur mengikuti kuesioner: sarana ke-8, penanganan pengaduan ke-9."
    if report.promised:
        names = wording.elements(report, report.promised)
        said += f" Standar pelayanan berubah di dalam periode untuk: {names}."
    return said


def _services(report: Report) -> Iterator[Block]:
    if not report.services:
        return
    yield Heading("Nilai per Layanan")
    names = [wording.service(report, part.name) for part in report.services]
    yield _parts("IKM per layanan", "Layanan", names, report.services)
    if any(part.headline is None for part in report.services):
        yield Paragraph(_few_parts("layanan"), "note")


def _sources(report: Report) -> Iterator[Block]:
    if len(report.sources) < 2:
        return
    yield Heading("Nilai per Sumber")
    names = [wording.SOURCES.get(part.name, part.name) for part in report.sources]
    yield _parts("IKM per sumber", "Sumber", names, report.sources)
    if any(part.headline is None for part in report.sources):
        yield Paragraph(_few_parts("sumber"), "note")


def _parts(name: str, of: str, names: list[str], parts: tuple[Part, ...]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (said, wording.count(part.n), *wording.ikm_cells(part.headline))
        for said, part in zip(names, parts, strict=True)
    ]
    return Table(name, (of, "Responden", "IKM", "Mutu"), tuple(rows), (6, 2, 2, 2))


def _few_parts(of: str) -> str:
    return (
        f"IKM {of} dengan 1–{least() - 1} responden disamarkan, beserta satu {of} lain agar tidak "
        "dapat dihitung balik."
    )
