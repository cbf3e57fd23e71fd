"""The index as a table for people at a terminal, Indonesian first."""

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.files import CURRENT, words
from flows.form import Line
from reports.digest_words import number
from reports.figures import Figures
from reports.index import Index, Method, rounded
from reports.statistics import LEAST_FOR_INTERVAL, Sample

WIDTH = 80

_WORDS = words("id")
_METHODS: dict[Method, str] = {
    "exact": "exact (bobot 1/k, dibulatkan sekali di akhir)",
    "0.11": "0.11 (bobot 0,11 laporan lama; paling tinggi 99,00)",
}


def show(of: str, figures: Figures) -> None:
    """Print to stdout; plain text where it is no terminal. `of` says what was counted."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDTH)
    console.print(f"IKM · satisfaction index · {of}", style="bold", markup=False)
    console.print(_elements(figures.index))
    for line in _lines(figures.index, figures.ci95, figures.sample):
        console.print(line, markup=False)


def _elements(index: Index) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("Unsur / element")
    table.add_column("Jawaban / n", justify="right")
    table.add_column("Rata-rata / mean", justify="right")
    for key, element in index.elements.items():
        name = _WORDS.line(Line(f"{CURRENT}.{key}.name"))
        mean = "–" if element.mean is None else number(rounded(element.mean, 4), _WORDS)
        table.add_row(name, str(element.n), mean)
    return table


def _lines(index: Index, ci95: tuple[float, float] | None, sample: Sample | None) -> list[str]:
    if index.ikm is None or index.skm is None:
        return ["Belum ada jawaban. / No responses yet."]
    ikm, skm = number(rounded(index.ikm, 2), _WORDS), number(rounded(index.skm, 4), _WORDS)
    lines = [
        f"IKM {ikm} · {index.grade} ({index.label}) · {index.n} responden",
        f"SKM {skm} · metode {_METHODS[index.method]}",
        _interval(index, ci95),
    ]
    if sample:
        enough = "cukup" if sample["enough"] else "belum cukup"
        lines.append(
            f"Sampel {index.n} dari {sample['needed']} yang perlu (populasi "
            f"{sample['population']}): {enough}"
        )
    return lines


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
