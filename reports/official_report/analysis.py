"""Chapters IV and V: what is weak and strong, what follows from it, and the trend."""

from __future__ import annotations

from collections.abc import Iterator

from flows.formats import indonesian, long_day
from flows.loader import instrument
from reports.official_report import wording
from reports.official_report.document import (
    Bars,
    Block,
    Cell,
    Chapter,
    Figure,
    Heading,
    Paragraph,
    Points,
    Table,
)
from reports.official_report.report import Point, Report
from reports.official_report.results import why_not
from reports.statistics.index import rounded
from storage.office.follow_ups import FollowUp


def analysis(report: Report) -> Chapter:
    blocks = [
        *_extremes(report),
        *_follow_ups(report),
        *_trend(report),
        *([] if report.weeks else _publications(report)),
        *_radar(report),
    ]
    return Chapter("IV. Analisis", "IV Analisis", tuple(blocks))


def conclusion(report: Report) -> Chapter:
    return Chapter("V. Kesimpulan", "V Kesimpulan", (Points(tuple(_concluded(report))),))


def _extremes(report: Report) -> Iterator[Block]:
    yield Heading("Unsur Terlemah dan Terbaik")
    if not report.weakest:
        said = "Semua unsur bernilai sama." if report.figures.headline else why_not(report)
        if report.figures.headline and all(e.mean is None for e in report.figures.elements):
            said = "Nilai per unsur ditahan, jadi unsur terlemah tidak disebut."
        yield Paragraph(said)
        return
    yield Paragraph(f"Unsur terlemah, terendah lebih dulu: {_with_means(report, report.weakest)}.")
    yield Paragraph(
        f"Unsur terbaik, tertinggi lebih dulu: {_with_means(report, report.strongest)}."
    )
    for key, texts in (report.reasons or {}).items():
        yield Paragraph(f"Alasan warga tentang {wording.element(report, key)}:", "strong")
        yield Points(tuple(f"“{text}”" for text in texts))
    if report.reasons:
        yield Paragraph(
            "Kutipan dipilih tanpa urutan; nama, nomor, dan kata kasar disamarkan.", "note"
        )


def _with_means(report: Report, keys: tuple[str, ...]) -> str:
    means = {each.key: each.mean for each in report.figures.elements if each.mean is not None}
    names = [
        f"{wording.element(report, key)} ({indonesian(rounded(means[key], 2))})" for key in keys
    ]
    return wording.listed(names)


def _follow_ups(report: Report) -> Iterator[Block]:
    yield Heading("Rencana Tindak Lanjut")
    if not report.follow_ups:
        yield Paragraph("Belum ada rencana tindak lanjut yang dicatat untuk periode ini.")
        return
    head = ("Unsur prioritas", "Program", "Waktu", "Penanggung jawab", "Status")
    rows = tuple(_plan(report, each) for each in report.follow_ups)
    yield Table("Rencana tindak lanjut", head, rows, (4, 6, 3, 4, 3))


def _plan(report: Report, follow_up: FollowUp) -> tuple[Cell, ...]:
    plan, status = follow_up.plan, follow_up.status
    said = wording.WORDS.texts[f"follow_up.status.{status}"].capitalize()
    if follow_up.finished_on:
        said += f", {long_day(follow_up.finished_on)}"
    name = wording.element(report, plan.element)
    return name, plan.programme, wording.quarter_of(plan.due), plan.person, said


def _trend(report: Report) -> Iterator[Block]:
    yield Heading("Tren Antarperiode")
    if not report.trend:
        yield Paragraph("Belum ada periode sebelumnya yang angkanya boleh ditampilkan.")
        return
    rows = [*map(_point, report.trend), *_now(report)]
    head = ("Periode", "Responden", "IKM", "Mutu", "Selang 95 %", "Instrumen dan metode")
    yield Table("IKM periode sebelumnya", head, tuple(rows), (4, 3, 2, 2, 3, 5))
    notes = dict.fromkeys(note for point in report.trend for note in point.marks)
    if notes:
        yield Paragraph(" ".join(notes), "note")
    yield from _line(report)


def _point(point: Point) -> tuple[Cell, ...]:
    method = _method(point.measure.instrument)
    if point.marks:
        method += " (tidak sebanding)"
    found, n = point.headline, Figure(str(point.n))
    name = wording.period_short(point.period)
    if found is None:
        return name, n, "n < 5", wording.NONE, wording.NONE, method
    return name, n, *wording.ikm_cells(found), _between(point.ci95), method


def _now(report: Report) -> Iterator[tuple[Cell, ...]]:
    found = report.figures.headline
    if found and report.state != "provisional":
        name = f"{wording.period_short(report.period.name)} (ini)"
        shown = *wording.ikm_cells(found), _between(report.figures.ci95)
        yield (name, Figure(str(report.figures.n)), *shown, _method(report.instrument))


def _method(id: str) -> str:
    return f"{instrument(id).rule}, bobot 1/k tepat"


def _between(ci95: tuple[str, str] | None) -> str:
    return "–".join(map(indonesian, ci95)) if ci95 else wording.NONE


def _line(report: Report) -> Iterator[Block]:
    alike = [p for p in report.trend if p.comparable and p.headline]
    bars = [
        (wording.period_short(p.period), Figure(p.headline.ikm), False) for p in alike if p.headline
    ]
    found = report.figures.headline
    if found and report.state != "provisional":
        bars.append((wording.period_short(report.period.name), Figure(found.ikm), True))
    if len(bars) > 1:
        yield Bars("IKM periode yang sebanding, skala 25–100", tuple(bars), 25, 100)


def _publications(report: Report) -> Iterator[Block]:
    yield Heading("Publikasi Hasil")
    if not report.publications:
        yield Paragraph("Belum ada publikasi hasil yang dicatat untuk periode ini.")
        return
    rows = tuple(
        (long_day(each.on), wording.WORDS.texts[f"announce.medium.{each.medium}"])
        for each in report.publications
    )
    yield Table("Publikasi hasil survei", ("Tanggal", "Media"), rows, (3, 7))


def _radar(report: Report) -> Iterator[Block]:
    if report.radar is None:
        return
    yield Heading("Pemeriksaan Kewajaran Jawaban")
    rows = tuple(
        (wording.WORDS.texts[f"radar.name.{name}"], *_marked(said))
        for name, said in report.radar.marks.items()
    )
    yield Table("Tanda pemeriksaan", ("Tanda", "Ditandai", "Diperiksa"), rows, (6, 2, 2))
    if None in report.radar.marks.values():
        yield Paragraph(f"“{wording.HIDDEN}”: disamarkan, karena menyangkut sedikit orang.", "note")
    said = "Tanda bukan bukti kecurangan. Jawaban bertanda tetap dihitung dalam IKM."
    rest = report.radar.without
    if rest and rest.headline:
        said += f" Tanpa yang bertanda berat: IKM {wording.graded(rest.headline)}, "
        said += f"{rest.n} responden."
    yield Paragraph(said, "note")


def _marked(said: tuple[int, int] | None) -> tuple[Cell, Cell]:
    if said is None:
        return wording.HIDDEN, wording.HIDDEN
    if not said[1]:
        return wording.NONE, "tidak diperiksa"
    return Figure(str(said[0])), Figure(str(said[1]))


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
