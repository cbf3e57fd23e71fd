"""What an import would do, and how its table was read, as lines for the operator."""

from collections.abc import Iterator, Sequence

from flows.engine.form import Line
from flows.formats import number
from flows.loader import words
from flows.operator_words import spoken, tr
from reports.incoming.drafts import Filed, Incoming
from reports.incoming.preview import Moved, Preview
from reports.incoming.repeats import Repeats
from reports.incoming.told import told
from reports.statistics.index import rounded

MOST = 4  # periods


def lines(
    filed: Filed,
    read: Incoming,
    would: Preview | None,
    moved: Sequence[Moved],
    same: Repeats,
    *,
    again: bool,
) -> Iterator[str]:
    for line in told(filed, read, would, same, again=again):
        yield words(spoken()).line(line) + _otherwise(line, read)
    for each in moved[:MOST]:
        yield _moved(each)


def _otherwise(line: Line, read: Incoming) -> str:
    """The option that says the contrary."""
    if line.key == "answers.order":
        other = "questionnaire" if read.order == "list" else "list"
        return " " + tr("If it is the other way round: {0}", f"--order {other}")
    if line.key == "answers.skipped":
        return " " + tr("Did other people answer the same? Then add {0}", "--again")
    return ""


def _moved(moved: Moved) -> str:
    (n, before), (more, after) = moved.before, moved.after
    said = [
        "–" if index is None else number(rounded(index, 2), words(spoken()))
        for index in (before, after)
    ]
    return tr("{0}: index {1} of {2} → {3} of {4}.", moved.period.name, said[0], n, said[1], more)
