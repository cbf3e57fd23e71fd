"""The index as a table for people at a terminal, Indonesian first."""

from collections.abc import Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.formats import indonesian, number
from flows.instrument import Instrument
from flows.loader import SKM, ids_of, words
from reports.statistics.index import Index, Method, rounded
from reports.statistics.inference import LEAST_FOR_INTERVAL
from reports.stored.figures import Figures

WIDTH = 80

_WORDS = words("id")
_METHODS: dict[Method, str] = {
    "exact": "exact (bobot 1/k, dibulatkan sekali di akhir)",
    "0.11": "0.11 (bobot 0,11 laporan lama; paling tinggi 99,00)",
    "0.071": "0.071 (bobot 0,071 laporan lama; paling tinggi 99,40)",
}


def show(of: str, figures: Figures, asked: Instrument, beside: Sequence[str] = ()) -> None:
    """Print to stdout; plain text where it is no terminal. `of` says what was counted, `beside` are
    lines about what stands beside it."""
    paper = console()
    head = f"{index_name(asked)} · {_ENGLISH[_is_skm(asked)]} · {of}"
    paper.print(head, style="bold", markup=False)
    if asked.id != ids_of(SKM)[0]:  # the newest there is needs no name
        paper.print(asked.name, markup=False)
    paper.print(_elements(figures, asked))
    for line in (*_lines(figures, asked), *beside, *asked.unconfirmed):
        paper.print(line, markup=False)


def console() -> Console:
    """Of the terminal's width; where it is none, of a page's."""
    paper = Console(highlight=False)
    return paper if paper.is_terminal else Console(highlight=False, width=WIDTH)


def headline(index: Index, asked: Instrument) -> str:
    """The index of a tally that somebody answered in, with its grade and number."""
    assert index.ikm is not None, "somebody answered"
    return (
        f"{index_name(asked)} {decimal(index.ikm)} · {_grade(index, asked)} · {index.n} responden"
    )


_ENGLISH = {True: "satisfaction index", False: "index"}


def _is_skm(asked: Instrument) -> bool:
    return asked.survey == SKM


def index_name(asked: Instrument) -> str:
    return "IKM" if _is_skm(asked) else "Indeks"


def _elements(figures: Figures, asked: Instrument) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Unsur / element")
    table.add_column("Jawaban / n", justify="right")
    table.add_column("Rata-rata / mean", justify="right")
    table.add_column("r", justify="right")
    correlations = figures.item_total
    for key, element in figures.index.elements.items():
        mean = "–" if element.mean is None else decimal(element.mean, 4)
        # An element with several questions has a correlation for each of them, in the JSON.
        r = correlations.get(key)
        shown = "–" if r is None else decimal(Fraction(r))
        table.add_row(asked.element_name(key), str(element.n), mean, shown)
    return table


def _lines(figures: Figures, asked: Instrument) -> list[str]:
    index, sample = figures.index, figures.sample
    if index.ikm is None or index.skm is None:
        return ["Belum ada jawaban. / No responses yet."]
    mean = "SKM" if _is_skm(asked) else "Rata-rata"
    lines = [
        headline(index, asked),
        f"{mean} {decimal(index.skm, 4)} · metode {_METHODS[index.method]}",
        _interval(index, figures.ci95),
        _alpha(figures.alpha),
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
    return f"skala {decimal(low)}–{decimal(high)}"


def _alpha(alpha: Fraction | None) -> str:
    found = "tidak dapat dihitung" if alpha is None else decimal(alpha, 4)
    return f"Alfa Cronbach: {found} (r: korelasi tiap unsur dengan jumlah unsur lainnya)"


def decimal(value: Fraction, places: int = 2) -> str:
    """As Indonesian writes it, rounded half up."""
    return number(rounded(value, places), _WORDS)


def _interval(index: Index, ci95: tuple[float, float] | None) -> str:
    if ci95 is not None:
        low, high = (indonesian(f"{bound:.2f}") for bound in ci95)
        return (
            f"Selang 95 %: {low}–{high}, seolah-olah responden dipilih acak; "
            "tidak mencakup siapa yang memilih menjawab"
        )
    if index.n < LEAST_FOR_INTERVAL:
        return f"Selang 95 %: tidak dihitung di bawah {LEAST_FOR_INTERVAL} responden"
    return "Selang 95 %: tidak ada, semua jawaban sama"
