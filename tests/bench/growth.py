"""How figures grow with the number of responses: `python -m tests.bench.growth FILE.svg
[UNITS RESPONSES …]` draws it. On SQLite; ours beside a plain GROUP BY over the rows.
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from functools import partial
from math import log10
from pathlib import Path

from reports.stored.figures import figures_of
from reports.stored.fold import ALONE, fold
from reports.stored.standings import ranked
from storage import units
from storage.database.connect import open_engine
from storage.scope import EVERYTHING
from tests.bench.million import QUARTERS, _in, _plain, _seconds
from tests.bench.nation import fill
from tests.bench.ours import sqlite_files
from tests.support.instruments import CURRENT

OFFICES, SIZES = 30_000, (100_000, 300_000, 1_000_000)
NAMES = ("national rank of a quarter", "a unit's quarter", "GROUP BY of a quarter")
COLOURS = ("#1f5fa8", "#2e8b57", "#999999")
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 360, 60, 40
LOWEST, HIGHEST = -1, 5  # of the picture: tenths of a millisecond to 100 seconds
SPACED = 14  # between two names


def measured(url: str, number: int, offices: int) -> list[float]:
    """Milliseconds of each of `NAMES`, the medians of four."""
    fill(url, number, offices)
    engine = open_engine(url)
    try:
        fold(engine, ALONE, pause=lambda seconds: None)
        with engine.connect().execution_options(reads=True) as connection:
            every = units.in_scope(connection, EVERYTHING)

            def rank(turn: int) -> object:
                return ranked(connection, every, QUARTERS[turn], CURRENT)

            def quarter(turn: int) -> object:
                days = QUARTERS[turn].first, QUARTERS[turn].last
                return figures_of(connection, every[turn], *days, CURRENT)

            def plain(turn: int) -> object:
                return _plain(connection, "GROUP BY unit_id", _in(turn))

            return [_median(ask) for ask in (rank, quarter, plain)]
    finally:
        engine.dispose()


def _median(ask: Callable[[int], object]) -> float:
    return 1000 * statistics.median(_seconds(partial(ask, turn)) for turn in range(4))


def picture(sizes: Sequence[int], figures: Sequence[Sequence[float]]) -> str:
    """Both axes by powers of ten. `figures`: of each size, those of `NAMES`."""

    def x(size: float) -> float:
        first, last = log10(sizes[0]), log10(sizes[-1])
        return LEFT + (WIDTH - LEFT - 200) * (log10(size) - first) / max(last - first, 1e-9)

    def y(milliseconds: float) -> float:
        share = (log10(max(milliseconds, 10**LOWEST)) - LOWEST) / (HIGHEST - LOWEST)
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 10) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
    ]
    for power in range(LOWEST, HIGHEST + 1):
        name = f"{10 ** (power - 3):g} s" if power >= 3 else f"{10**power:g} ms"
        at = y(10**power)
        parts.append(f'<path d="M{LEFT} {at:.0f}H{WIDTH - 190}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.0f}" text-anchor="end">{name}</text>')
    for size in sizes:
        parts.append(
            f'<text x="{x(size):.0f}" y="{HEIGHT - 18}" text-anchor="middle">{size:,}</text>'
        )
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 2}">responses of a year</text>')
    named: list[float] = []  # where the lines' names stand: none on another
    for place, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        found = [(x(size), y(row[place])) for size, row in zip(sizes, figures, strict=True)]
        line = "L".join(f"{a:.1f} {b:.1f}" for a, b in found)
        parts.append(f'<path d="M{line}" stroke="{colour}" stroke-width="2" fill="none"/>')
        a, b = found[-1]
        while any(abs(b - each) < SPACED for each in named):
            b += 1
        named.append(b)
        parts.append(f'<text x="{a + 8:.0f}" y="{b + 4:.0f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def show(file: Path, sizes: Sequence[int] = SIZES, offices: int = OFFICES) -> None:
    print(f"{offices:,} units, ms" + "".join(f"{name:>30}" for name in NAMES), flush=True)
    figures = []
    with sqlite_files() as files:
        for size in sizes:
            figures.append(measured(files(), size, offices))
            print(f"{size:>12,}" + "".join(f"{each:>30.1f}" for each in figures[-1]), flush=True)
    file.write_text(picture(sizes, figures))


if __name__ == "__main__":
    offices, *sizes = [int(each) for each in sys.argv[2:]] or [OFFICES, *SIZES]
    show(Path(sys.argv[1]), sizes, offices)
