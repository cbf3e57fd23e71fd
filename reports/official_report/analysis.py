"""Chapters IV and V: what is weak and strong and how surely, what follows from it, the trend."""

from collections.abc import Iterator, Mapping

from flows.formats import ROMAN, indonesian
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import wording
from reports.official_report.report import Element, Point, Report, Standing
from reports.official_report.results import ELEMENTS, why_not
from reports.papers.document import (
    Block,
    Cell,
    Chapter,
    Chart,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)
from reports.statistics.index import rounded
from storage.office.follow_ups import FollowUp

PLANS, TREND, LINE = "Rencana tindak lanjut", "Nilai SKM antarperiode", "Tren nilai SKM"


def analysis(report: Report) -> Chapter:
    blocks = [*_extremes(report), *_follow_ups(report), *_trend(report)]
    return Chapter("BAB IV Analisis Hasil SKM", "IV Analisis", tuple(blocks))


def conclusion(report: Report) -> Chapter:
    return Chapter("BAB V Kesimpulan", "V Kesimpulan", (Points(tuple(_concluded(report))),))


def _extremes(report: Report) -> Iterator[Block]:
    yield Heading("4.1 Analisis Permasalahan/Kelemahan dan Kelebihan Unsur Layanan")
    if not report.weakest and not report.strongest:
        said = "Tidak ada unsur yang menonjol: nilainya sama." if report.figures.headline else ""
        said = said or why_not(report)
        if report.figures.headline and all(e.mean is None for e in report.figures.elements):
            said = "Nilai per unsur ditahan, jadi unsur terlemah tidak disebut."
        yield Paragraph(said)
        return
    if report.weakest:
        weakest = _with_means(report, report.weakest)
        yield Paragraph(f"Unsur terlemah, terendah lebih dulu: {weakest}.", see=(ELEMENTS,))
        if report.standing and len(report.weakest) > 1:
            yield Paragraph(_weakest_differ(report, report.standing))
    if report.strongest:
        strongest = _with_means(report, report.strongest)
        yield Paragraph(f"Unsur terbaik, tertinggi lebih dulu: {strongest}.")
    if report.standing:
        yield Paragraph("Setiap unsur dibandingkan dengan rata-rata semua unsur:")
        yield Points(tuple(_sentences(report, report.standing)))
    yield from _quoted(report, report.reasons, "Alasan warga menilai rendah")
    yield from _quoted(report, report.suggestions, "Saran warga")
    if report.reasons or report.suggestions:
        yield Paragraph(
            "Kutipan dipilih tanpa urutan dan dikelompokkan menurut kata-katanya; nama, nomor, "
            "dan kata kasar disamarkan.",
            "note",
        )


def _with_means(report: Report, keys: tuple[str, ...]) -> str:
    means = {each.key: each.mean for each in report.figures.elements if each.mean is not None}
    names = [
        f"{wording.element(report, key)} ({indonesian(rounded(means[key], 2))})" for key in keys
    ]
    return wording.listed(names)


def _weakest_differ(report: Report, standing: Standing) -> str:
    """Of two or three."""
    many, sure = {2: "kedua", 3: "ketiga"}[len(report.weakest)], standing.weakest_differ
    if sure is None:
        return "Jumlah jawaban belum cukup untuk menilai apakah urutan ini pasti."
    if sure:
        return (
            f"Yang terendah dari {many} unsur ini berbeda nyata dari yang tertinggi di antaranya."
        )
    return (
        f"Perbedaan {many} unsur terendah masih dalam ketidakpastian: urutan di antaranya jangan "
        "dijadikan satu-satunya dasar."
    )


_STANDS = {
    "below": "di bawah rata-rata, dan perbedaannya nyata.",
    "above": "di atas rata-rata, dan perbedaannya nyata.",
    "within": "perbedaannya dari rata-rata masih dalam ketidakpastian.",
}


def _sentences(report: Report, standing: Standing) -> Iterator[str]:
    """For each element, what its figure bears."""
    for each in report.figures.elements:
        if each.mean is not None:
            place = standing.elements.get(each.key)
            stands = _STANDS[place] if place else "jawabannya belum cukup untuk dibandingkan."
            yield f"{wording.element(report, each.key)}, {_graded(report, each)}: {stands}"


def _graded(report: Report, each: Element) -> str:
    assert each.mean is not None, "asked only of those that are shown"
    _, grade, label = wording.of_mean(each.mean, instrument(report.instrument))
    return f"NRR {indonesian(rounded(each.mean, 2))}, mutu {grade} ({label})"


def _quoted(
    report: Report, texts: Mapping[str, tuple[str, ...]] | None, what: str
) -> Iterator[Block]:
    for key, said in (texts or {}).items():
        about = f"tentang {wording.element(report, key)}" if key else "tentang hal lain"
        yield Paragraph(f"{what} {about}:", "strong")
        yield Points(tuple(f"“{text}”" for text in said))


def _follow_ups(report: Report) -> Iterator[Block]:
    yield Heading("4.2 Rencana Tindak Lanjut")
    if not report.follow_ups:
        weak = f", terutama untuk {wording.elements(report, report.weakest)}"
        yield Paragraph(
            f"Rencana tindak lanjut untuk periode ini masih disusun{weak if report.weakest else ''}"
            ". Rencana itu disepakati dalam Forum Konsultasi Publik."
        )
        return
    yield Paragraph("Rencana tindak lanjut disusun menurut unsur yang diutamakan.", see=(PLANS,))
    quarters = (f"TW\u00a0{roman}" for roman in ROMAN)
    head = ("No.", "Prioritas unsur", "Program/kegiatan", *quarters, "Penanggung jawab")
    rows = tuple(_plan(report, *each) for each in enumerate(report.follow_ups, 1))
    yield Table(PLANS, head, rows, (2, 7, 9, 3, 3, 3, 3, 6))
    yield Paragraph("Tahun dicetak di bawah triwulan saat rencana harus selesai.", "note")


def _plan(report: Report, number: int, follow_up: FollowUp) -> tuple[Cell, ...]:
    plan = follow_up.plan
    quarter = (plan.due.month - 1) // 3
    years = tuple(str(plan.due.year) if place == quarter else "" for place in range(len(ROMAN)))
    name = wording.element(report, plan.element)
    return (Figure(str(number)), name, plan.programme, *years, plan.person)


def _trend(report: Report) -> Iterator[Block]:
    yield Heading("4.3 Tren Nilai SKM")
    if not report.trend:
        yield Paragraph("Belum ada periode sebelumnya yang angkanya boleh ditampilkan.")
        return
    rows = [*map(_point, report.trend), *_now(report)]
    head = ("Periode", "Responden", "IKM", "Mutu", "Selang 95 %", "Instrumen")
    yield Table(TREND, head, tuple(rows), (6, 4, 3, 2, 5, 8))
    notes = dict.fromkeys(note for point in report.trend for note in point.marks)
    if notes:
        yield Paragraph(" ".join(notes), "note")
    yield from _line(report)


def _point(point: Point) -> tuple[Cell, ...]:
    rule = instrument(point.measure.instrument).rule
    if point.marks:
        rule += " (tidak sebanding)"
    found, n = point.headline, Figure(str(point.n))
    name = wording.period_short(point.period)
    if found is None:
        few = f"n < {least()}" if point.n < least() else wording.HIDDEN
        return name, n, few, wording.NONE, wording.NONE, rule
    return name, n, *wording.ikm_cells(found), _between(point.ci95), rule


def _now(report: Report) -> Iterator[tuple[Cell, ...]]:
    found = report.figures.headline
    if found and report.state != "provisional":
        name = f"{wording.period_short(report.period.name)} (ini)"
        shown = *wording.ikm_cells(found), _between(report.figures.ci95)
        rule = instrument(report.instrument).rule
        yield (name, Figure(str(report.figures.n)), *shown, rule)


def _between(ci95: tuple[str, str] | None) -> str:
    return "–".join(map(indonesian, ci95)) if ci95 else wording.NONE


def _line(report: Report) -> Iterator[Block]:
    alike = [p for p in report.trend if p.comparable and p.headline]
    points = [
        (wording.period_short(p.period), Figure(p.headline.ikm), False) for p in alike if p.headline
    ]
    found = report.figures.headline
    if found and report.state != "provisional":
        points.append((wording.period_short(report.period.name), Figure(found.ikm), True))
    if len(points) > 1:
        by = instrument(report.instrument)
        ends = float(by.lowest * by.times), float(by.scale * by.times)
        yield Chart("line", LINE, tuple(points), *ends)
        yield Paragraph("Hanya periode yang sebanding.", "note")


def _concluded(report: Report) -> Iterator[str]:
    figures, found = report.figures, report.figures.headline
    if found is None:
        yield why_not(report)
    else:
        name = "IKM sementara" if report.weeks else "IKM"
        yield (
            f"{name} {report.unit.name} pada {wording.period_name(report.period)} adalah "
            f"{wording.graded(found)}, dari {figures.n} responden."
        )
    if figures.enough is not None:
        reached = "mencapai" if figures.enough else "belum mencapai"
        yield f"Jumlah responden {reached} sampel minimum {figures.needed}."
    if report.weakest:
        yield f"Perbaikan diutamakan pada {wording.elements(report, report.weakest)}."
    if report.strongest:
        yield f"Yang perlu dipertahankan: {wording.elements(report, report.strongest)}."
    yield from _since(report)
    if found or report.follow_ups:
        yield _plans(report)


def _since(report: Report) -> Iterator[str]:
    """The last period before, where the two may be compared."""
    last = report.trend[-1] if report.trend else None
    found = report.figures.headline
    if not (last and last.comparable and last.headline and found) or report.weeks:
        return
    moved = wording.since(found, last.headline, _overlap(report.figures.ci95, last.ci95))
    yield (
        f"Dibandingkan {wording.period_named(last.period)} "
        f"({indonesian(last.headline.ikm)}) IKM {moved}."
    )


def _overlap(now: tuple[str, str] | None, before: tuple[str, str] | None) -> bool | None:
    if not now or not before:
        return None
    (low, high), (from_, to) = (tuple(map(float, each)) for each in (now, before))
    return low <= to and from_ <= high


def _plans(report: Report) -> str:
    plans = report.follow_ups
    if not plans:
        return "Rencana tindak lanjut untuk unsur terlemah masih perlu disusun dan dicatat."
    done = sum(each.status == "done" for each in plans)
    return f"{len(plans)} rencana tindak lanjut tercatat, {done} di antaranya selesai."
