"""A screen and a catalogue make words: pure, the same for every channel."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flows.engine.form import Line, Param
from flows.engine.screen import Button, Screen
from flows.engine.secret import Secret

ROW = 30  # characters that fit beside each other on a narrow phone
SIDE_BY_SIDE = 3  # buttons


@dataclass(frozen=True, slots=True)
class Words:
    """A language's texts, complete: built by `flows.loader.words`. `large`: in large print.

    `unofficial`: official questions that are said in another language than their own. `named`: how
    a parameter of that name is said, such as a period; None where it is said as it stands.
    """

    language: str
    texts: Mapping[str, str]
    unofficial: frozenset[str] = frozenset()
    large: bool = False
    named: Mapping[str, Callable[[str], Line | None]] = field(default_factory=dict)

    def line(self, line: Line, *, secrets: bool = False) -> str:
        """Raises KeyError for a key that no catalogue has: a fault of ours, kept out by a test; and
        TypeError for a secret, unless it is shown now and the words are kept nowhere (`secrets`).
        """
        if line.key == "=":
            return str(line.params.get(self.language, line.params["text"]))
        params = {name: self._param(value, secrets) for name, value in line.params.items()}
        for name in self.named.keys() & params.keys():
            if said := self.named[name](str(params[name])):
                params[name] = self.line(said)
        return self.texts[line.key].format_map(params)

    def _param(self, value: Param, secrets: bool) -> str | int:
        if isinstance(value, Line):
            return self.line(value, secrets=secrets)
        if isinstance(value, tuple):
            lines = (self.line(each, secrets=secrets) for each in value)
            return ("\n" if self.large else " · ").join(lines)
        if isinstance(value, Secret):
            if not secrets:
                raise TypeError("a secret may only be said on a screen that is shown now")
            return value.text
        return value


@dataclass(frozen=True, slots=True)
class Label:
    """`number`: of an official choice, which its text begins with; 0: it has none."""

    text: str
    step: str
    choice: str
    number: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    rows: tuple[tuple[Label, ...], ...]


def say(screen: Screen, words: Words, row: int = SIDE_BY_SIDE) -> Message:
    """`row`: how many buttons the channel shows side by side."""
    lines = [words.line(line, secrets=True) for line in (*screen.notes, *screen.body)]
    if any(line.key in words.unofficial for line in screen.body):
        lines.append(words.line(Line("unofficial")))
    if screen.progress:
        lines.insert(len(screen.notes), _progress(screen, words))
    buttons = (*rows(screen.choices, words, row), *rows(screen.moves, words, row))
    return Message("\n".join(lines), buttons)


def _progress(screen: Screen, words: Words) -> str:
    place, of = screen.progress or (0, 0)
    title = f" · {words.line(screen.title)}" if screen.title else ""
    return f"{'▰' * place}{'▱' * (of - place)} {place}/{of}{title}"


def rows(
    buttons: Iterable[Button], words: Words, row: int = SIDE_BY_SIDE
) -> Iterator[tuple[Label, ...]]:
    """Labels side by side as far as the longest one has room: a row's buttons are equally wide.

    Numbered choices always stand one below the other: the thumb finds "3" in the same place on
    nine screens in a row. In large print everything does.
    """
    buttons = tuple(buttons)
    labels = tuple(Label(words.line(b.label), b.step, b.choice, _number(b)) for b in buttons)
    longest = max((len(label.text) for label in labels), default=1)
    numbered = any(button.label.key == "numbered" for button in buttons)
    wide = 1 if numbered or words.large else min(row, SIDE_BY_SIDE, max(1, ROW // longest))
    yield from (labels[at : at + wide] for at in range(0, len(labels), wide))


def _number(button: Button) -> int:
    number = button.label.params.get("number", 0)
    return number if isinstance(number, int) else 0
