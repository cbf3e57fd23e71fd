"""What stands before the chapters: the cover, and the preface that is signed."""

from flows.formats import long_day
from reports.official_report import wording
from reports.official_report.collection import RULE
from reports.official_report.report import Report
from reports.official_report.results import why_not
from reports.papers.document import Chapter, Cover, Paragraph, Signature
from storage.office.paper_details import PaperDetails

TITLE = "Laporan Pelaksanaan Survei Kepuasan Masyarakat (SKM)"
DOTS = "." * 36
"""Room to write by hand what nobody has said yet."""


def cover(report: Report) -> Cover:
    unit, details = report.unit, report.details
    letter = [f"Nomor: {details.letter}"] if details.letter else []
    return Cover(
        TITLE,
        tuple(line for line in (unit.agency, details.address) if line),
        (unit.name, *([unit.region] if unit.region else []), wording.period_name(report.period),
         *letter),
        str(report.period.last.year),
        summary(report),
        details.logo,
    )  # fmt: skip


def summary(report: Report) -> str:
    found = report.figures.headline
    if found is None:
        return why_not(report)
    name = "IKM sementara" if report.weeks else "IKM"
    return f"{name} {wording.graded(found)}, dari {report.figures.n} responden"


def preface(report: Report) -> Chapter:
    unit = report.unit
    texts = paragraphs(report.details.preface) or (
        "Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa atas selesainya laporan "
        f"pelaksanaan Survei Kepuasan Masyarakat (SKM) {unit.name} untuk "
        f"{wording.period_name(report.period)}.",
        f"Laporan ini disusun menurut {RULE}. Isinya cara survei dilaksanakan, hasilnya, unsur "
        "pelayanan yang masih lemah, dan rencana tindak lanjutnya.",
        "Kami berterima kasih kepada masyarakat yang telah menilai pelayanan kami. Penilaian dan "
        "saran itu menjadi dasar perbaikan pelayanan berikutnya.",
    )
    return Chapter("Kata Pengantar", "Kata Pengantar",
                   (*map(Paragraph, texts), signature(report)), front=True)  # fmt: skip


def signature(report: Report) -> Signature:
    return signed(report.details, long_day(report.made_on), f"Kepala {report.unit.name}")


def signed(details: PaperDetails, day: str, position: str) -> Signature:
    """`position`: where none is said."""
    rank = [details.rank] if details.rank else []
    return Signature(
        f"{details.place or DOTS}, {day}",
        details.position or position,
        (details.person or DOTS, *rank, f"NIP {details.nip or DOTS}"),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """A text that somebody wrote, a paragraph a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
