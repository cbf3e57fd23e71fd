"""Rows as a table of plain text: what is read on a terminal, and cut by other programs."""

from collections.abc import Mapping, Sequence

from flows.operator_words import tr


def table(rows: Sequence[Mapping[str, object]]) -> str:
    """Columns in the order of the first row, two blanks between them; without rows a word that says
    so."""
    if not rows:
        return tr("None.")
    names = list(rows[0])
    lines = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(names))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cell(value: object) -> str:
    if isinstance(value, list):
        return ";".join(map(str, value))
    return "" if value is None else str(value)
