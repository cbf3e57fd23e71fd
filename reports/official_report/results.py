"""Chapter III: who answered, the index, and what it is made of."""

from collections.abc import Iterator
from fractions import Fraction

from flows.formats import indonesian
from flows.instrument import Instrument
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import units, wording
from reports.official_report.counts import UNSAID
from reports.official_report.report import Counts, Element, Part, Report
from reports.papers.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Figure,
    Heading,
    Paragraph,
    Table,
)
from reports.statistics.index import rounded

ACCIDENT = (
    "Selang 95 % dihitung seolah-olah responden dipilih acak; tidak mencakup siapa yang memilih "
    "menjawab."
)
PROFILE, INDEX, GRADES = "Profil responden", "IKM dan mutu", "Nilai interval dan mutu"
ELEMENTS, BARS = "Nilai per unsur", "IKM per unsur"


def _masked() -> str:
    return (
        f"“{wording.HIDDEN}”: disamarkan. Sel berisi 1–{least() - 1} orang tidak dimuat, beserta "
        "satu sel lain agar isinya tidak dapat dihitung balik."
    )


def results(report: Report) -> Chapter:
    blocks = [*_profile(report), *_index(report)]
    if report.figures.headline:
        blocks += [*(units.ranking(report) if report.is_of_agency else ())]
        blocks += [*_elements(report), *_services(report)]
    return Chapter("BAB III Hasil Pengolahan Data SKM", "III Hasil", tuple(blocks))


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
    yield Heading("3.1 Jumlah Responden SKM")
    if not report.profile:
        yield Paragraph(_no_profile(report))
        return
    asked = [counts for counts in report.profile if not _is_unsaid(counts)]
    yield Paragraph(f"Responden pada periode ini: {Figure(str(report.figures.n)).said} orang.")
    if asked:
        rows = [row for counts in asked for row in _counts(report, counts)]
        head = ("Karakteristik", "Kategori", "Jumlah", "Persen")
        yield Table(PROFILE, head, tuple(rows), (4, 5, 2, 2))
    if any(None in counts.counts for counts in asked):
        yield Paragraph(_masked(), "note")
    unsaid = [wording.band(counts.key) for counts in report.profile if _is_unsaid(counts)]
    if unsaid:
        names = wording.listed([name.lower() if asked else name for name in unsaid])
        yield Paragraph(f"Tidak ditanyakan, atau tidak diisi oleh siapa pun: {names}.", "note")


def _is_unsaid(counts: Counts) -> bool:
    """Whether nobody said anything: then no table."""
    told = dict(zip(counts.choices, counts.counts, strict=True))
    return UNSAID in told and all(n == 0 for id, n in told.items() if id != UNSAID)


def _no_profile(report: Report) -> str:
    if report.is_of_agency:
        n = Figure(str(report.figures.n)).said
        return f"Responden pada periode ini: {n} orang. Profilnya ada di laporan setiap unit."
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
    """Without a row of those who did not say, where everybody did."""
    told = zip(counts.choices, counts.counts, strict=True)
    return [(id, number) for id, number in told if id != UNSAID or number != 0]


def _index(report: Report) -> Iterator[Block]:
    yield Heading("3.2 Indeks Kepuasan Masyarakat")
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
        (f"IKM {wording.office(report)}", Figure(found.ikm)),
        ("Mutu pelayanan", found.grade or wording.NONE),
        (f"Kinerja {wording.office(report)}", found.label or wording.NONE),
        ("Nilai rata-rata tertimbang (1–4)", Figure(found.skm)),
        ("Jumlah responden", Figure(str(figures.n))),
    ]
    if not report.is_of_agency:
        rows.insert(-1, ("Selang kepercayaan 95 %", _interval(report)))
    yield Table(INDEX, (), tuple(rows), (5, 5))
    said = _weights(report) if report.is_of_agency else f"{ACCIDENT} {_weights(report)}"
    yield Paragraph(said, "note")
    yield _grades(instrument(report.instrument))


def _grades(by: Instrument) -> Table:
    """From which mean and index on each grade is given."""
    rows, above = [], Fraction(by.scale) * by.times + Fraction(1, 100)
    for grade in by.grades:
        low = max(grade.lowest, Fraction(by.lowest) * by.times)
        high = above - Fraction(1, 100)
        on_scale = (_trimmed(end / by.times) for end in (low, high))
        index = (indonesian(rounded(end, 2)) for end in (low, high))
        rows.append(("–".join(on_scale), "–".join(index), grade.grade, grade.label))
        above = grade.lowest
    head = ("Nilai interval", "Nilai interval konversi", "Mutu", "Kinerja")
    return Table(GRADES, head, tuple(rows), (3, 3, 2, 4))


def _trimmed(value: Fraction) -> str:
    """At most 4 decimals, at least 2: 3,5324; 2,60."""
    text = rounded(value, 4)
    return indonesian(text[:-2] + text[-2:].rstrip("0"))


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
    told = [each for each in report.figures.elements if each.mean is not None]
    if not told:
        yield Paragraph(
            "Nilai per unsur ditahan: bersama angka yang sudah ditampilkan sebelumnya, nilai itu "
            f"akan membuka jawaban 1–{least() - 1} orang."
        )
        return
    by, weight = instrument(report.instrument), wording.share_of_one(report)
    yield Paragraph(
        f"IKM dihitung dari nilai rata-rata (NRR) setiap unsur, dengan bobot "
        f"{wording.weight(report)}.",
        see=(ELEMENTS, BARS, "Pengolahan nilai per pertanyaan"),
    )
    rows = [
        _row(place, each, by, report, weight)
        for place, each in enumerate(report.figures.elements, 1)
    ]
    rows.append(_last_row(report))
    head = ("No.", "Unsur", "NRR", "NRR tertimbang", "IKM unsur", "Mutu", "Kinerja")
    yield Table(ELEMENTS, head, tuple(rows), (2, 13, 4, 5, 4, 3, 5))
    yield Paragraph(_order(report), "note")
    bars = [
        (
            wording.element(report, each.key),
            Figure(rounded(each.mean * by.times, 2)),
            each.key in report.weakest,
        )
        for each in told
        if each.mean is not None
    ]
    low, high = by.lowest * by.times, by.scale * by.times
    yield Chart("bars", BARS, tuple(bars), float(low), float(high))
    if report.weakest:
        yield Paragraph("Batang gelap: unsur terlemah.", "note")


def _row(
    place: int, each: Element, by: Instrument, report: Report, weight: Fraction
) -> tuple[Cell, ...]:
    number, name = Figure(str(place)), wording.element(report, each.key)
    if each.mean is None:
        said = wording.NONE if each.n == 0 else wording.HIDDEN
        return (number, name, said, said, said, wording.NONE, wording.NONE)
    weighted = Figure(rounded(each.mean * weight, 4))
    mean = wording.mean_figure(each.mean)
    return (number, name, mean, weighted, *wording.of_mean(each.mean, by))


def _last_row(report: Report) -> tuple[Cell, ...]:
    found = report.figures.headline
    assert found is not None, "asked only where there is an index"
    grade = found.grade or wording.NONE, found.label or wording.NONE
    return ("", f"IKM {wording.office(report)}", "", Figure(found.skm), Figure(found.ikm), *grade)


def _order(report: Report) -> str:
    said = (
        "NRR tertimbang dibulatkan untuk dicetak; jumlahnya dihitung dari angka yang tidak "
        "dibulatkan. Urutan unsur mengikuti kuesioner: sarana ke-8, penanganan pengaduan ke-9."
    )
    if report.promised:
        names = wording.elements(report, report.promised)
        said += f" Standar pelayanan berubah di dalam periode untuk: {names}."
    return said


def _services(report: Report) -> Iterator[Block]:
    if not report.services:
        return
    names = [wording.service(report, part.name) for part in report.services]
    yield from parts("IKM per layanan", "Layanan", names, report.services)


def parts(name: str, of: str, names: list[str], parts: tuple[Part, ...]) -> Iterator[Block]:
    """A table of some of the responses each, with why an index is not in it."""
    rows: list[tuple[Cell, ...]] = [
        (said, wording.count(part.n), *wording.ikm_cells(part.headline))
        for said, part in zip(names, parts, strict=True)
    ]
    yield Table(name, (of, "Responden", "IKM", "Mutu"), tuple(rows), (6, 2, 2, 2))
    if any(part.headline is None for part in parts):
        kind = of.lower()
        yield Paragraph(
            f"IKM {kind} dengan 1–{least() - 1} responden disamarkan, beserta satu {kind} lain "
            "agar tidak dapat dihitung balik.",
            "note",
        )
