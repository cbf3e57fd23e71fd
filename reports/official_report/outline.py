"""A report as a paper: title, what must be known first, five chapters, annexes, the card."""

from __future__ import annotations

from flows.formats import long_day
from flows.loader import instrument
from reports.disclosure import least
from reports.official_report import wording
from reports.official_report.analysis import analysis, conclusion
from reports.official_report.annexes import annexes
from reports.official_report.collection import background, collection
from reports.official_report.document import Card, Cell, Document, Figure, numbered
from reports.official_report.report import Counts, Report
from reports.official_report.results import results, why_not

_ON_CARD = ("sex", "education")


def outline(report: Report) -> Document:
    unit = report.unit
    chapters = (
        background(report),
        collection(report),
        results(report),
        analysis(report),
        conclusion(report),
        *annexes(report),
    )
    lines = (unit.name, unit.agency, wording.period_name(report.period))
    made = f"Dibuat {long_day(report.made_on)}"
    return Document(
        "Laporan Survei Kepuasan Masyarakat",
        (*lines, made),
        report.made_on,
        _summary(report),
        _banner(report),
        tuple(numbered(chapters)),
        _card(report),
    )


def _summary(report: Report) -> str:
    found = report.figures.headline
    if found is None:
        return why_not(report)
    name = "IKM sementara" if report.weeks else "IKM"
    return f"{name} {wording.graded(found)}, dari {report.figures.n} responden"


def _banner(report: Report) -> str:
    if report.state == "provisional":
        return (
            "SEMENTARA. Laporan ini menjumlahkan minggu yang sudah ditampilkan dalam ringkasan, "
            "bukan seluruh periode. Hasil resmi ada setelah periode diterbitkan."
        )
    if report.state == "published":
        return ""
    left = f" {report.left} perubahan belum dihitung." if report.left else ""
    return (
        "JANGAN DISEBARKAN: BELUM DITERBITKAN. Laporan ini untuk pengelola dan masih dapat "
        f"berubah. Angkanya bergerak hanya bila {least()} jawaban atau lebih berubah.{left} "
        "Terbitkan periode ini untuk laporan yang boleh disebarkan."
    )


def _card(report: Report) -> Card | None:
    """None where there is nothing to hang up."""
    found, unit = report.figures.headline, report.unit
    if found is None or report.state == "provisional":
        return None
    labels = [each["label"] for each in unit.services]
    facts = [("Responden", _respondents(report))]
    tables = {counts.key: counts for counts in report.profile}
    facts += [(wording.band(key), _said(report, tables[key])) for key in _ON_CARD if key in tables]
    foot = f"{instrument(report.instrument).rule} · bobot {wording.weight(report)} tepat"
    if report.state != "published":
        foot = f"Belum diterbitkan, jangan ditempel dulu · {foot}"
    elif report.proof:
        foot += f" · lembar {report.proof.number}"
    return Card(
        "Indeks Kepuasan Masyarakat (IKM)",
        unit.name,
        unit.agency,
        labels[0] if len(labels) == 1 else "",
        f"{wording.period_name(report.period)} · {wording.days(report.period)}",
        Figure(found.ikm),
        found.grade or "",
        found.label or "",
        tuple(facts),
        "Terima kasih atas penilaian Anda. Masukan Anda kami pakai untuk memperbaiki pelayanan.",
        foot,
    )


def _respondents(report: Report) -> tuple[tuple[str, Cell], ...]:
    return (("Jumlah", Figure(str(report.figures.n))),)


def _said(report: Report, counts: Counts) -> tuple[tuple[str, Cell], ...]:
    """Those that somebody chose."""
    return tuple(
        (wording.choice(report, counts, id), wording.count(number))
        for id, number in zip(counts.choices, counts.counts, strict=True)
        if number != 0
    )
