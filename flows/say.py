"""A screen and a catalogue make words: pure, the same for every channel."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flows.form import Line
from flows.screen import Button, Screen

ROW = 30  # characters that stand side by side on a narrow phone
SHORT = 14  # labels up to this length share a row


@dataclass(frozen=True, slots=True)
class Words:
    """A language's texts, complete: built by `flows.files.words`."""

    language: str
    texts: Mapping[str, str]

    def line(self, line: Line) -> str:
        """Raises KeyError for a key that no catalogue has: a fault of ours, kept out by a test."""
        if line.key == "=":
            return str(line.params["text"])
        params = {name: self._param(value) for name, value in line.params.items()}
        return self.texts[line.key].format_map(params)

    def _param(self, value: "str | int | Line | tuple[Line, ...]") -> str | int:
        if isinstance(value, Line):
            return self.line(value)
        if isinstance(value, tuple):
            return " · ".join(self.line(each) for each in value)
        return value


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    step: str
    choice: str


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    rows: tuple[tuple[Label, ...], ...]


def say(screen: Screen, words: Words) -> Message:
    lines = [words.line(line) for line in (*screen.notes, *screen.body)]
    if screen.progress:
        lines.insert(len(screen.notes), _progress(screen, words))
    rows = (*_rows(screen.choices, words), *_rows(screen.moves, words))
    return Message("\n".join(lines), rows)


def _progress(screen: Screen, words: Words) -> str:
    place, of = screen.progress or (0, 0)
    title = f" · {words.line(screen.title)}" if screen.title else ""
    return f"{'▰' * place}{'▱' * (of - place)} {place}/{of}{title}"


def _rows(buttons: Iterable[Button], words: Words) -> Iterator[tuple[Label, ...]]:
    """Short labels side by side; if one is long or numbered, each has a row of its own.

    Numbered choices always stand one below the other: the thumb finds "3" in the same place on
    nine screens in a row.
    """
    buttons = tuple(buttons)
    labels = [Label(words.line(b.label), b.step, b.choice) for b in buttons]
    numbered = any(button.label.key == "numbered" for button in buttons)
    if numbered or any(len(label.text) > SHORT for label in labels):
        yield from ((label,) for label in labels)
        return
    row: list[Label] = []
    for label in labels:
        if sum(len(each.text) for each in [*row, label]) > ROW or len(row) == 3:
            yield tuple(row)
            row = []
        row.append(label)
    if row:
        yield tuple(row)
