"""A file that is refused whole. Its faults are lines of the catalogues: an operator reads them in
English at the command line, an admin in the chat's language."""

from flows.files import words
from flows.form import Line

OPERATOR = "en"


class FileRefused(Exception):
    """Nothing of the file was taken; `faults` names each fault, its place and the cure."""

    def __init__(self, *faults: Line) -> None:
        super().__init__("\n".join(map(words(OPERATOR).line, faults)))
        self.faults = faults


class CellUnfit(ValueError):
    """A cell that cannot be taken; `line` is the end of the sentence that names it."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.key)
        self.line = line


def said(text: str) -> Line:
    """What stands in a cell, as a fault names it."""
    if not text:
        return Line("file.empty")
    shown = "".join(c if c.isprintable() else "�" for c in text)
    return Line("file.untaken", {"text": shown if len(shown) <= 40 else shown[:39] + "…"})


def cell(row: int, column: str, fault: Line) -> Line:
    return Line("file.cell", {"row": row, "column": column, "fault": fault})
