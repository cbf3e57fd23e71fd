"""Names, days and figures as an official Indonesian report writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from fractions import Fraction

from flows.formats import MONTHS, ROMAN, indonesian, long_day
from flows.instrument import Instrument
from flows.loader import instrument, words
from reports.official_report.report import Counts, Headline, Report
from reports.papers.document import Cell, Figure
from reports.statistics.index import grade_of, rounded
from storage.periods import Period, parse

WORDS = words("id")
HIDDEN = "•••"
NONE = "–"
SOURCES = {
    "chat": "Mengisi sendiri lewat obrolan (bot) atau tautan kunjungan",
    "assisted": "Dibantu petugas di loket",
    "imported": "Kertas atau formulir lain, diimpor",
    "web": "Mengisi sendiri di web, tanpa tautan kunjungan",
    "kiosk": "Mengisi sendiri di tablet loket",
}


def period_name(period: Period) -> str:
    year, _, part = period.name.partition("-")
    if period.kind == "year":
        return f"Tahun {year}"
    if period.kind == "month":
        return f"{MONTHS[period.first.month - 1]} {year}"
    number = int(part[1:])
    if period.kind == "week":
        return f"Minggu ke-{number} Tahun {year}"
    kind = "Triwulan" if period.kind == "quarter" else "Semester"
    return f"{kind} {ROMAN[number - 1]} Tahun {year}"


def period_named(name: str) -> str:
    return period_name(parse(name))


def period_short(name: str) -> str:
    """Such as "Triwulan III 2026"."""
    return period_named(name).replace(" Tahun ", " ")


def a_moment(iso: str) -> str:
    at = datetime.fromisoformat(iso)
    return f"{long_day(at.date())}, {at:%H.%M}"


def since(now: Headline, before: Headline, overlap: bool | None) -> str:
    """A difference of two indices in words; `overlap`: of their intervals, None if there are not
    two."""
    points = Fraction(now.ikm) - Fraction(before.ikm)
    size = indonesian(rounded(abs(points), 2))
    said = f"{'naik' if points > 0 else 'turun'} {size} poin" if points else "sama"
    if overlap is None:
        return said
    if overlap:
        return f"{said} (selang 95 % keduanya bertumpuk, jadi belum tentu perubahan nyata)"
    return f"{said} (selang 95 % keduanya tidak bertumpuk)"


def days(period: Period) -> str:
    return f"{long_day(period.first)} sampai {long_day(period.last)}"


def quarter_of(day: date) -> str:
    return f"TW {ROMAN[(day.month - 1) // 3]} {day.year}"


def office(report: Report) -> str:
    return "instansi" if report.is_of_agency else "unit pelayanan"


def element(report: Report, key: str) -> str:
    return instrument(report.instrument).element_name(key)


def elements(report: Report, keys: Iterable[str]) -> str:
    return listed([element(report, key) for key in keys])


def listed(names: list[str]) -> str:
    """A; B; dan C: an element's name may hold a comma."""
    if len(names) < 3:
        return " dan ".join(names)
    return f"{'; '.join(names[:-1])}; dan {names[-1]}"


def service(report: Report, id: str) -> str:
    known = report.unit.service_ever(id)
    return known["label"] if known else id


def choice(report: Report, counts: Counts, id: str) -> str:
    if counts.key == "service":
        return service(report, id)
    return "Tidak diisi" if id == "unsaid" else WORDS.texts[f"profile.{counts.key}.{id}"]


def band(key: str) -> str:
    return "Layanan yang diterima" if key == "service" else WORDS.texts[f"profile.{key}.title"]


def graded(headline: Headline) -> str:
    """Such as "84,72, mutu B (Baik)"."""
    grade = f", mutu {headline.grade} ({headline.label})" if headline.grade else ""
    return indonesian(headline.ikm) + grade


def ikm_cells(headline: Headline | None) -> tuple[Cell, Cell]:
    """IKM and grade."""
    if headline is None:
        return HIDDEN, NONE
    return Figure(headline.ikm), headline.grade or NONE


def weight(report: Report) -> str:
    """Such as "1/9"."""
    return f"1/{share_of_one(report).denominator}"


def share_of_one(report: Report) -> Fraction:
    """The weight of each element that somebody answered."""
    figures = report.figures
    return Fraction(1, len(figures.elements) - len(figures.left_out) or len(figures.elements))


def count(number: int | None) -> Cell:
    return HIDDEN if number is None else Figure(str(number))


def share(number: int | None, of: int) -> Cell:
    """In percent."""
    if number is None or not of:
        return HIDDEN
    return Figure(rounded(Fraction(100 * number, of), 1))


def of_mean(mean: Fraction, by: Instrument) -> tuple[Cell, Cell, Cell]:
    """A mean on the scale of the index, and its grade and label."""
    value = mean * by.times
    found = grade_of(value, by.grades)
    return Figure(rounded(value, 2)), found.grade, found.label


def mean_figure(mean: Fraction) -> Figure:
    return Figure(rounded(mean, 4))
