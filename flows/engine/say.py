"""A screen and a catalogue make words: pure, the same for every channel."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from flows.engine.agreeing import agreeing
from flows.engine.capabilities import ANY, Capabilities, fits
from flows.engine.form import Button, Line, Param
from flows.engine.markup import Span, clean, parsed
from flows.engine.screen import Screen
from flows.engine.secret import Secret
from flows.engine.typed_words import tokens

ROW = 30  # characters that fit beside each other on a narrow phone
SIDE_BY_SIDE = 3  # buttons
UNOFFICIAL = "unofficial"
REMEMBERED = 1_000  # keyboards in a language


@dataclass(frozen=True, slots=True)
class Words:
    """A language's texts, complete: built by `flows.loader.words`. `large`: in large print.

    `unofficial`: official questions that are said in another language than their own. `named`: how
    a parameter of that name is said, such as a period; None where it is said as it stands. `known`
    gives the words that are in the texts, as `flows.engine.typed_words` reads them. `short`: how
    words are cut short or said otherwise in chats, and what is meant. `fillers`: words that only
    soften.
    """

    language: str
    texts: Mapping[str, str]
    unofficial: frozenset[str] = frozenset()
    large: bool = False
    named: Mapping[str, Callable[[str], Line | None]] = field(default_factory=dict)
    known: Callable[[], frozenset[str]] = field(default=frozenset, compare=False)
    short: Mapping[str, str] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    _phrases: dict[str, list[list[str]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _labels: "dict[int, tuple[tuple[Button, ...], Sequence[Label]]]" = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def phrases(self, key: str) -> list[list[str]]:
        """What `listed` lists, as `bare` words; each list is read once."""
        if key not in self._phrases:
            self._phrases[key] = [self.bare(each) for each in self.listed(key)]
        return self._phrases[key]

    def labels(self, buttons: tuple[Button, ...]) -> "Sequence[Label]":
        """A form makes most of its keyboards once (`flows.engine.screen`), so the words on one are
        found once too: of this very tuple, as Buttons are not to be compared for each tap."""
        known = self._labels.get(id(buttons))
        if known is None or known[0] is not buttons:
            if len(self._labels) >= REMEMBERED:
                self._labels.clear()
            known = self._labels[id(buttons)] = (
                buttons,
                tuple(_label(each, self) for each in buttons),
            )
        return known[1]

    def bare(self, text: str) -> list[str]:
        """Its words in full and without those that only soften; as it is where nothing else is
        said: "tolong hapus dong" is "hapus"."""
        said = self._in_full(text)
        return [word for word in said if word not in self.fillers] or said

    def parts(self, text: str) -> list[list[str]]:
        """Its words in full, parted where a sign or a word that only softens stands between."""
        signs = re.split(r"[,.;:!\n]+", text)
        runs = (groupby(self._in_full(part), self.fillers.__contains__) for part in signs)
        return [list(run) for part in runs for softens, run in part if not softens]

    def _in_full(self, text: str) -> list[str]:
        return [each for word in tokens(text) for each in self.short.get(word, word).split()]

    def listed(self, key: str) -> list[str]:
        """What may be typed, of a text that lists it between " · "; "@KEY" stands for that list.
        Empty for a key that no catalogue has."""
        items = self.texts.get(key, "").split(" · ")
        return [
            word
            for item in items
            for word in (self.listed(item[1:]) if item.startswith("@") else [item])
            if word
        ]

    def line(self, line: Line, *, secrets: bool = False) -> str:
        """Without what makes words stand out. Raises KeyError for a key that no catalogue has: a
        fault of ours, kept out by a test; and TypeError for a secret, unless it is shown now and
        the words are kept nowhere (`secrets`).
        """
        return clean(self.marked(line, secrets=secrets))

    def marked(self, line: Line, *, secrets: bool = False) -> str:
        """As `line`, with what makes words stand out (`flows.engine.markup`)."""
        if line.key == "=":
            return clean(str(line.params.get(self.language, line.params["text"])))
        text = self.texts.get(line.key)
        if text is None:
            raise KeyError(f"no catalogue of flows/words has {line.key!r}")
        if "{" not in text:
            return text
        params = {name: self._param(value, secrets) for name, value in line.params.items()}
        for name in self.named.keys() & params.keys():
            if said := self.named[name](str(params[name])):
                params[name] = self.marked(said)
        return agreeing.vformat(text, (), params) if "|" in text else text.format_map(params)

    def _param(self, value: Param, secrets: bool) -> str | int:
        if isinstance(value, Line):
            return self.marked(value, secrets=secrets)
        if isinstance(value, tuple):
            lines = (self.marked(each, secrets=secrets) for each in value)
            return ("\n" if self.large else " · ").join(lines)
        if isinstance(value, Secret):
            if not secrets:
                raise TypeError("a secret may only be said on a screen that is shown now")
            return clean(value.text)
        return clean(value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Label:
    """`number`: which means it when it is typed; 0: none does."""

    text: str
    step: str
    choice: str
    number: int = field(default=0, compare=False)
    is_numbered: bool = field(default=False, compare=False)  # its words begin with it


@dataclass(frozen=True, slots=True)
class Outline:
    """What is what in a message, for a channel that shows more than text and buttons: so many of
    its first lines are `notes`, the line `asks` asks the `step`, and so many characters may be
    written there (0: only buttons answer). `locates`: a place may be sent."""

    notes: int = 0
    asks: int = 0
    step: str = ""
    writes: int = 0
    locates: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """`opens`: the words on a button that opens those of `rows`, where a channel shows them so."""

    text: str
    rows: tuple[tuple[Label, ...], ...]
    spans: tuple[Span, ...] = ()  # of the text, that stand out
    opens: str = field(default="", compare=False)
    outline: Outline = field(default=Outline(), compare=False)


def say(screen: Screen, words: Words, can: Capabilities = ANY) -> Message:
    """Choices for which a channel has no room stand in the text, to be typed by number or words; if
    only their words are too long for its buttons, these say the numbers. So do moves, by words.

    That questions are no official words is said at the first, and where they are read in another
    language from there on (a note).
    """
    notes = [line for line in screen.notes if line.key != UNOFFICIAL]
    begins = not screen.progress or screen.progress[0] == 1 or len(notes) < len(screen.notes)
    lines = [words.marked(line, secrets=True) for line in (*notes, *screen.body)]
    if begins and any(line.key in words.unofficial for line in screen.body):
        lines.append(words.line(Line(UNOFFICIAL)))
    if screen.progress:
        lines.insert(len(notes), words.marked(_progress(screen)))
    asks = len(notes) + bool(screen.progress) + screen.asks
    heights = _height(lines[: len(notes)]), _height(lines[:asks])
    outline = Outline(*heights, screen.step, screen.writes, screen.locates)
    if screen.locates and not can.only_asked:
        lines.append(words.line(Line("place.send")))
    choices, moves = words.labels(screen.choices), words.labels(screen.moves)
    if not _has_room(can, choices, moves):
        lines += [_typed(each) for each in choices]
        choices = [replace(each, text=str(each.number or each.text)) for each in choices]
        if len(choices) + len(moves) > can.buttons:
            # What belongs to no conversation is not answered by typing.
            choices = [] if screen.conversation else choices[: can.buttons]
    if len(moves) > can.buttons:
        lines.append(" · ".join(each.text for each in moves))
        moves = []
    below = (*_side_by_side(choices, words), *_side_by_side(moves, words))
    text, spans = parsed("\n".join(lines))
    return Message(text, below, spans, opened_by(words), outline)


def _height(lines: Sequence[str]) -> int:
    return sum(line.count("\n") + 1 for line in lines)


def _has_room(can: Capabilities, choices: Sequence[Label], moves: Sequence[Label]) -> bool:
    is_short = all(fits(each.text, can.label) for each in choices)
    return is_short and len(choices) + len(moves) <= can.buttons


def _typed(label: Label) -> str:
    begins = f"{label.number} " if label.number else ""
    return label.text if label.text.startswith(begins) else begins + label.text


def _progress(screen: Screen) -> Line:
    place, of = screen.progress or (0, 0)
    return Line("progress", {"place": place, "of": of})


def opened_by(words: Words) -> str:
    return words.texts.get("buttons.open", "")


def rows(buttons: Iterable[Button], words: Words) -> Iterator[tuple[Label, ...]]:
    return _side_by_side([_label(each, words) for each in buttons], words)


def _side_by_side(labels: Sequence[Label], words: Words) -> Iterator[tuple[Label, ...]]:
    """As far as the longest one has room: a row's buttons are equally wide.

    Numbered choices always stand one below the other: the thumb finds "3" in the same place on
    nine screens in a row. In large print everything does.
    """
    longest = max((len(label.text) for label in labels), default=1)
    numbered = any(label.is_numbered for label in labels)
    wide = 1 if numbered or words.large else min(SIDE_BY_SIDE, max(1, ROW // longest))
    yield from (tuple(labels[at : at + wide]) for at in range(0, len(labels), wide))


def _label(button: Button, words: Words) -> Label:
    is_numbered = button.label.key == "numbered"
    said = words.line(button.label)
    return Label(said, button.step, button.choice, button.number or 0, is_numbered)
