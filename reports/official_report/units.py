"""What an agency's report says of its units: a table of them, their ranking, and their mean."""

from collections.abc import Iterator

from flows.formats import indonesian
from flows.loader import instrument
from reports.official_report import wording
from reports.official_report.report import Report, UnitLine
from reports.papers.document import Block, Cell, Chart, Figure, Paragraph, Table
from reports.statistics.index import rounded
from reports.stored.standings import LEAST

UNITS, RANKING, CHART = "Unit dan jumlah responden", "Peringkat unit menurut IKM", "IKM per unit"

SUMMED = (
    "Unit yang menerbitkan hasil lebih sering dihitung dari semua lembarnya dalam periode ini. "
    "Populasi, sampel minimum, dan responden dijumlahkan. Lembar yang sudah terbit:"
)
_DRAWN = 30  # units of a chart that fits a page


def sample(report: Report) -> Iterator[Block]:
    """Of every unit, whether it published, and whether enough answered."""
    head = ("No.", "Unit", "Populasi", "Minimum", "Responden", "Kecukupan")
    rows = [_sample(number, line) for number, line in enumerate(report.units, 1)]
    yield Table(UNITS, head, tuple(rows), (2, 10, 4, 4, 4, 5))
    published = sum(line.n is not None for line in report.units)
    yield Paragraph(
        f"{published} dari {len(report.units)} unit sudah menerbitkan hasil periode ini. Laporan "
        "ini hanya menghitung hasil yang sudah diterbitkan.",
        "note",
    )
    summed = [line for line in report.units if line.parts]
    if summed:
        yield Paragraph(f"{SUMMED} {'; '.join(map(_parts, summed))}.", "note")


def _parts(line: UnitLine) -> str:
    told, of = line.parts or (0, 0)
    return f"{line.name} {told} dari {of}"


def _sample(number: int, line: UnitLine) -> tuple[Cell, ...]:
    place = Figure(str(number))
    if line.n is None:
        return (place, line.name, *(wording.NONE,) * 3, "Belum diterbitkan")
    enough = "Tercapai" if line.needed is not None and line.n >= line.needed else "Belum tercapai"
    said = "Tidak diketahui" if line.needed is None else enough
    return (place, line.name, _known(line.population), _known(line.needed), _known(line.n), said)


def _known(number: int | None) -> Cell:
    return wording.NONE if number is None else Figure(str(number))


def ranking(report: Report) -> Iterator[Block]:
    by, mean = instrument(report.instrument), report.mean_of_units
    if mean and mean.ikm is not None:
        yield Paragraph(
            f"IKM di atas menghitung setiap responden sekali. Rata-rata {mean.units} unit yang "
            f"mencapai sampel minimum, setiap unit sekali: {indonesian(rounded(mean.ikm, 2))}.",
            see=(RANKING,),
        )
    there = [line for line in report.units if line.n is not None]
    head = ("Peringkat", "Unit", "Responden", "IKM", "Mutu", "Selang 95 %", "Rentang")
    yield Table(RANKING, head, tuple(map(_ranked, there)), (4, 10, 4, 3, 2, 5, 3))
    yield Paragraph(
        f"Hanya unit yang mencapai sampel minimum diberi peringkat ({LEAST} bila penggunanya tidak "
        "diketahui). Rentang: peringkat yang juga mungkin menurut jawabannya, 95 % untuk semua "
        "unit bersama, seolah-olah responden dipilih acak.",
        "note",
    )
    bars = [(line.name, Figure(line.headline.ikm), False) for line in there if line.headline]
    if 0 < len(bars) <= _DRAWN:
        ends = float(by.lowest * by.times), float(by.scale * by.times)
        yield Chart("bars", CHART, tuple(bars), *ends)


def _ranked(line: UnitLine) -> tuple[Cell, ...]:
    rank = Figure(str(line.ranks[0])) if line.ranks else wording.NONE
    spread = f"{line.ranks[1]}–{line.ranks[2]}" if line.ranks else wording.NONE
    between = "–".join(map(indonesian, line.ci95)) if line.ci95 else wording.NONE
    return rank, line.name, _known(line.n), *wording.ikm_cells(line.headline), between, spread


def sheets(report: Report) -> Iterator[Block]:
    """For whoever examines it."""
    yield Paragraph(
        "Setiap angka laporan ini dapat dihitung ulang dari lembar hasil unit-unit, yang nomornya "
        "disebut di bawah; segelnya ada di laporan unit."
    )
    rows = tuple(
        (line.name, Figure(str(number))) for line in report.units for number in line.sheets
    )
    yield Table("Lembar hasil unit yang dihitung", ("Unit", "Nomor lembar"), rows, (8, 3))
