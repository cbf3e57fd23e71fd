"""A report as a paper, in the order of the ministry's template: cover, preface, five chapters, four
annexes, and one more for whoever examines it."""

from flows.engine.form import cut
from reports.disclosure import least
from reports.official_report import wording
from reports.official_report.analysis import analysis, conclusion
from reports.official_report.annexes import annexes
from reports.official_report.collection import background, collection
from reports.official_report.front import cover, preface
from reports.official_report.report import Report
from reports.official_report.results import results
from reports.papers.document import Document, numbered

_FOOT = 60  # characters of a unit's name at the foot of a page


def outline(report: Report) -> Document:
    chapters = (
        preface(report),
        background(report),
        collection(report),
        results(report),
        analysis(report),
        conclusion(report),
        *annexes(report),
    )
    return Document(
        cover(report),
        report.unit.name,
        f"{cut(report.unit.name, _FOOT)} · {wording.period_name(report.period)}",
        report.made_on,
        _banner(report),
        tuple(numbered(chapters)),
    )


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
