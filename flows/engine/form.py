"""A form: an ordered list of steps. What is asked, never where anybody stands in it.

A step knows its text, its choices and the earlier answers it depends on. Conditions are data, so
that a form can check itself: one that refers forward, or that a channel could not carry, is
refused when it is built.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from flows.engine.capabilities import BUTTON_DATA, CONVERSATION
from flows.engine.form_path import DONE as DONE
from flows.engine.form_path import Reader
from flows.engine.secret import Secret

if TYPE_CHECKING:
    from flows.engine.conversation import Conversation
    from flows.engine.events import Effect
    from flows.engine.screen import Button

# Values that are no choice of the instrument. They begin with "-", which no choice id may.
SKIPPED = "-skipped"
SKIP_ALL = "-skip_all"
NOT_APPLICABLE = "-not_applicable"
LOCATED = "-located"  # a place was sent (`flows.engine.place_input`), which is not kept

# Behind a button stand a conversation's id, two colons, step and choice.
BUTTON_BYTES = BUTTON_DATA - CONVERSATION - 2

# A choice id or one of the first three above; {"text": "…"}, of a file with its "file" and "kind";
# of several choices their ids.
Value = str | dict[str, str] | list[str]
Answers = Mapping[str, Value]
Does = Literal[
    "answer", "back", "visit", "explain", "close", "language", "start", "stay",
    "set", "unset", "done",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A text by its key in the catalogue, with parameters. The key "=" is the parameter `text`, or
    the one named for the language that is spoken."""

    key: str
    params: "Mapping[str, Param]" = field(default_factory=dict)


def literal(text: str, **translated: str) -> Line:
    """A line that no catalogue has: a unit's name, an admin's question. In every language the same,
    but for those it is translated into."""
    return Line("=", {"text": text, **translated})


def cut(text: str, most: int) -> str:
    """On one line, at most so many characters. (What a channel carries is `capabilities.fit`.)"""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Choice:
    """`explains`, of one that explains: what it says at a step; where it says None, the choice is
    not shown. `weighty`: it agrees, sends or erases, so nobody does it by a number. `regret`, of
    one that closes: the label of the button that opens anew what was closed. `says`: its label
    where that depends on the answers. `brings`: the id of a file that was sent before, which the
    channel has to bring first: the answer is that file then, as if it was sent now."""

    id: str
    label: Line
    does: Does = "answer"
    explains: "Callable[[Conversation, Step], Line | None] | None" = None
    weighty: bool = False
    regret: Line | None = None
    says: "Callable[[Form, Conversation], Line] | None" = None
    brings: "Callable[[Conversation], str] | None" = None


Regards = tuple[tuple[str, frozenset[str]], ...]  # what a condition looks at: (step, choices)


@dataclass(frozen=True, slots=True)
class When:
    """The answer to an earlier step is (or, with wanted=False, is not) one of these; of a step
    with several choices: one of these is among them; of a file that was sent: its kind is."""

    step: str
    choices: frozenset[str]
    wanted: bool = True

    @property
    def regards(self) -> Regards:
        return ((self.step, self.choices),)

    def holds(self, answers: Answers) -> bool:
        given = answers.get(self.step)
        if isinstance(given, dict):
            given = given.get("kind", "")
        names = [given] if isinstance(given, str) else given or []
        return (not self.choices.isdisjoint(names)) is self.wanted


@dataclass(frozen=True, slots=True)
class Lowest:
    """One of `mine` is among the `most` lowest answers to `steps` that are `low`; of equal ones
    those asked first. Choices are numbers."""

    mine: frozenset[str]
    steps: tuple[str, ...]
    low: frozenset[str]
    most: int

    @property
    def regards(self) -> Regards:
        return tuple((step, self.low) for step in (*self.steps, *self.mine))

    def holds(self, answers: Answers) -> bool:
        for step in self.mine:  # most are not low, and then nothing else is looked at
            if answers.get(step) in self.low:
                break
        else:
            return False
        low = [step for step in self.steps if answers.get(step) in self.low]
        lowest = sorted(low, key=lambda step: int(str(answers[step])))[: self.most]
        return not self.mine.isdisjoint(lowest)


@dataclass(frozen=True, slots=True)
class Either:
    """One of several conditions holds."""

    of: tuple[When, ...]

    @property
    def regards(self) -> Regards:
        return tuple(each for when in self.of for each in when.regards)

    def holds(self, answers: Answers) -> bool:
        return any(when.holds(answers) for when in self.of)


Condition = When | Lowest | Either
Attaches = Literal["photo", "document", "table", "picture", "public"]
Brought = Literal["table", "picture", "public"]  # of them, those whose content has to be there
Param = str | int | Secret | Line | tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing asked.

    `group` numbers a step among its kind (progress); `aside` steps are reached only by a visit
    (language, list of answers, "continue or start"), and only they list answers; `look` names what
    the database is asked once the step is answered; `otherwise` names the step that free text goes
    to; `attaches` says what may be sent (`flows.engine.input_parsing`); `check` returns what is
    wrong with a text, which `reads` has put in plain words by when it was written; `many` choices
    are set and unset until "done" (`flows.engine.multiple_choice`); `hint` stands below the text;
    `body` makes lines from the answers (a review, a preview); `shows` is a written answer as others
    will read it, wherever it is shown again.
    """

    id: str
    text: Line
    choices: tuple[Choice, ...] = ()
    writes: int = 0  # characters that may be written; 0: only choices answer
    when: tuple[Condition, ...] = ()
    group: str = ""
    title: Line | None = None
    offers: bool = False  # further choices are kept in the conversation
    lists: bool = False  # further choices are the steps answered so far
    aside: bool = False
    revisable: bool = True
    resets: bool = False  # answered otherwise, what was answered after it is forgotten
    look: str = ""
    otherwise: str = ""
    locates: str = (
        ""  # what the database is asked once a place is sent (`flows.engine.place_input`)
    )
    also: tuple[tuple[str, str], ...] = ()  # buttons of aside steps: (step, choice)
    leads: tuple[tuple[Line, str], ...] = ()  # … of no step: (label, the opening that it is)
    check: Callable[[str], Line | None] | None = None
    reads: Callable[[str, int], str] | None = None
    shows: Callable[[str], str] = str
    many: bool = False
    attaches: tuple[Attaches, ...] = ()
    hint: Line | None = None
    body: "Callable[[Form, Conversation], tuple[Line, ...]] | None" = None

    def follows(self, counted: Answers) -> bool:
        """Whether it is asked after answers that all count themselves."""
        return all(when.holds(counted) for when in self.when)


@dataclass(frozen=True, slots=True)
class Form:
    """Steps in the order they are asked, and what it means to have answered them all. `asks`: the
    key under which the catalogue lists what people ask back (`flows.engine.hear`).

    Raises ValueError for a form that could not be held: see `_faults` and `_strays`.
    """

    id: str
    steps: tuple[Step, ...]
    finish: "Callable[[Form, Conversation], Effect]"
    asks: str = ""
    by_id: Mapping[str, Step] = field(init=False, compare=False, repr=False)
    reader: Reader = field(init=False, compare=False, repr=False)
    # By step and choices shown: made once (`flows.engine.screen`).
    keyboards: "dict[tuple[str, ...], tuple[Button, ...]]" = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {step.id: step for step in self.steps})
        faults = [*_faults(self.steps), *_strays(self)]
        if faults:
            raise ValueError(f"Form '{self.id}' cannot be held: " + "; ".join(faults))
        object.__setattr__(self, "reader", Reader(self.steps))

    def path(self, answers: Answers) -> tuple[Step, ...]:
        """The steps that apply, in order; asides are never on the path."""
        return self.reader.read(answers).path

    def counted(self, answers: Answers) -> dict[str, Value]:
        """The answers to steps that apply; of several choices only once they are done."""
        return self.reader.read(answers).counted

    def unanswered(self, answers: Answers) -> Step | None:
        """The first step that applies and is not answered."""
        return self.reader.read(answers).unanswered

    def applies(self, step: Step, answers: Answers) -> bool:
        return step.aside or any(each is step for each in self.path(answers))


_ID = re.compile(r"-?[a-zA-Z0-9][a-zA-Z0-9_-]*\Z")


def _faults(steps: tuple[Step, ...]) -> Iterator[str]:
    earlier: set[str] = set()
    for step in steps:
        if step.id in earlier:
            yield f"two steps are called '{step.id}'"
        late = [name for when in step.when for name, _ in when.regards if name not in earlier]
        if late:
            yield f"step '{step.id}' depends on {late}, which are not asked before it"
        if not (step.choices or step.writes or step.offers or step.lists or step.attaches):
            yield f"step '{step.id}' has no way to answer it"
        yield from _unfit_ids(step)
        earlier.add(step.id)


def _unfit_ids(step: Step) -> Iterator[str]:
    ids = [choice.id for choice in step.choices]
    for name in (step.id, *ids):
        if not _ID.match(name):
            yield f"'{name}' in step '{step.id}' is no id: letters, digits, _ and -"
    for name in {name for name in ids if ids.count(name) > 1}:
        yield f"step '{step.id}' has two choices '{name}'"
    if len(step.id) + max(map(len, ids), default=0) > BUTTON_BYTES:
        yield f"a button of '{step.id}' needs more than {BUTTON_BYTES} bytes"


def _strays(form: Form) -> Iterator[str]:
    """Names of steps and buttons that there are not."""
    buttons = {(step.id, choice.id) for step in form.steps for choice in step.choices}
    for step in form.steps:
        led = [choice.id for choice in step.choices if choice.does == "visit"]
        for name in (*led, *([step.otherwise] if step.otherwise else [])):
            if name not in form.by_id:
                yield f"step '{step.id}' leads to '{name}', which is no step"
        for aside, choice in step.also:
            if (aside, choice) not in buttons:
                yield f"step '{step.id}' shows '{aside}:{choice}', which is no button"
