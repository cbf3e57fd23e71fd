"""The index as a table for people at a terminal, Indonesian first."""

from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.files import CURRENT, instrument, words
from flows.instrument import Instrument
from reports.digest_words import number
from reports.figures import Figures
from reports.index import Index, Method, rounded
from reports.statistics import LEAST_FOR_INTERVAL

WIDTH = 80

_WORDS = words("id")
_METHODS: dict[Method, str] = {
    "exact": "exact (bobot 1/k, dibulatkan sekali di akhir)",
    "0.11": "0.11 (bobot 0,11 laporan lama; paling tinggi 99,00)",
    "0.071": "0.071 (bobot 0,071 laporan lama; paling tinggi 99,40)",
}


def show(of: str, figures: Figures, by: Instrument | None = None) -> None:
    """Print to stdout; plain text where it is no terminal. `of` says what was counted, `by` with
    which instrument, if not the newest SKM."""
    asked = by or instrument(CURRENT)
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(
        f"{_index(asked)} · {_ENGLISH[_is_skm(asked)]} · {of}", style="bold", markup=False
    )
    if asked.id != CURRENT:
        console.print(asked.name, markup=False)
    console.print(_elements(figures.index, asked))
    for line in (*_lines(figures, asked), *asked.unconfirmed):
        console.print(line, markup=False)


_ENGLISH = {True: "satisfaction index", False: "index"}


def _is_skm(asked: Instrument) -> bool:
    return asked.survey == instrument(CURRENT).survey


def _index(asked: Instrument) -> str:
    return "IKM" if _is_skm(asked) else "Indeks"


def _elements(index: Index, asked: Instrument) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Unsur / element")
    table.add_column("Jawaban / n", justify="right")
    table.add_column("Rata-rata / mean", justify="right")
    for key, element in index.elements.items():
        mean = "–" if element.mean is None else _number(element.mean, 4)
        table.add_row(asked.element_name(key), str(element.n), mean)
    return table


def _lines(figures: Figures, asked: Instrument) -> list[str]:
    index, sample = figures.index, figures.sample
    if index.ikm is None or index.skm is None:
        return ["Belum ada jawaban. / No responses yet."]
    mean = "SKM" if _is_skm(asked) else "Rata-rata"
    lines = [
        f"{_index(asked)} {_number(index.ikm, 2)} · {_grade(index, asked)} · {index.n} responden",
        f"{mean} {_number(index.skm, 4)} · metode {_METHODS[index.method]}",
        _interval(index, figures.ci95),
    ]
    if index.left_out:
        names = ", ".join(asked.element_name(key) for key in index.left_out)
        k = len(index.elements) - len(index.left_out)
        lines.append(f"Tidak dihitung karena tidak ada yang menjawab: {names}; bobot 1/{k}")
    if sample:
        enough = "cukup" if sample["enough"] else "belum cukup"
        lines.append(
            f"Sampel {index.n} dari {sample['needed']} yang perlu (populasi "
            f"{sample['population']}): {enough}"
        )
    return lines


def _grade(index: Index, asked: Instrument) -> str:
    """The grade; without grades, what the figure may lie between."""
    if index.grade:
        return f"{index.grade} ({index.label})"
    low, high = asked.lowest * asked.times, asked.scale * asked.times
    return f"skala {_number(low, 2)}–{_number(high, 2)}"


def _number(value: Fraction, places: int) -> str:
    return number(rounded(value, places), _WORDS)


def _interval(index: Index, ci95: tuple[float, float] | None) -> str:
    if ci95 is not None:
        low, high = (f"{bound:.2f}".replace(".", ",") for bound in ci95)
        return (
            f"Selang 95 %: {low}–{high}, seolah-olah responden dipilih acak; "
            "tidak mencakup siapa yang memilih menjawab"
        )
    if index.n < LEAST_FOR_INTERVAL:
        return f"Selang 95 %: tidak dihitung di bawah {LEAST_FOR_INTERVAL} responden"
    return "Selang 95 %: tidak ada, semua jawaban sama"
