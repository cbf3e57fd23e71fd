"""A form: an ordered list of steps. What is asked, never where anybody stands in it.

A step knows its text, its choices and the earlier answers it depends on. Conditions are data, so
that a form can check itself: one that refers forward, or that a channel could not carry, is
refused when it is built.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.engine.capabilities import BUTTON_DATA, CONVERSATION
from flows.engine.conversation import Answers as Answers
from flows.engine.conversation import Conversation
from flows.engine.conversation import Value as Value
from flows.engine.form_path import DONE as DONE
from flows.engine.form_path import Condition as Condition
from flows.engine.form_path import Either as Either
from flows.engine.form_path import Lowest as Lowest
from flows.engine.form_path import Reader
from flows.engine.form_path import When as When
from flows.engine.secret import Secret

# Values that are no choice of the instrument. They begin with "-", which no choice id may.
SKIPPED = "-skipped"
SKIP_ALL = "-skip_all"
NOT_APPLICABLE = "-not_applicable"
LOCATED = "-located"  # a place was sent (`flows.engine.place_input`), which is not kept

# Behind a button stand a conversation's id, two colons, step and choice.
BUTTON_BYTES = BUTTON_DATA - CONVERSATION - 2

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
    brings: Callable[[Conversation], str] | None = None


# "chosen": by a button alone (`Choice.brings`), as where the next photo of an album would be taken
# for what nobody said of it.
Attaches = Literal["photo", "document", "table", "picture", "public", "chosen"]
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
class Button:
    """`number`: which means it when it is typed; None: none does."""

    step: str
    choice: str
    label: Line
    number: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Start:
    """Begin another conversation, as if its link had been opened."""

    opening: str


@dataclass(frozen=True, slots=True)
class Submit:
    """A finished survey: the answers that count, by step id. Answered by `Told`."""

    answers: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Erase:
    """The response meant is to be erased (`flows.survey.erase`). Answered by `Told`."""

    sealed: str


@dataclass(frozen=True, slots=True)
class Write:
    """A finished form of somebody with a role: the answers that count, by step id. What becomes of
    them is its dialogue's (`bot.core.dialogue`). Answered by `Told`, or by
    `Unfit`."""

    answers: dict[str, Value]


Ending = Start | Submit | Erase | Write  # what a form ends in


@dataclass(frozen=True, slots=True)
class Form:
    """Steps in the order they are asked, and what it means to have answered them all. `asks`: the
    key under which the catalogue lists what people ask back (`flows.engine.hear`).

    Raises ValueError for a form that could not be held: see `_faults` and `_strays`.
    """

    id: str
    steps: tuple[Step, ...]
    finish: "Callable[[Form, Conversation], Ending]"
    asks: str = ""
    by_id: Mapping[str, Step] = field(init=False, compare=False, repr=False)
    reader: Reader[Step] = field(init=False, compare=False, repr=False)
    # By step and choices shown: made once (`flows.engine.screen`).
    keyboards: dict[tuple[str, ...], tuple[Button, ...]] = field(
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


def asking(form: Form, conversation: Conversation) -> Step | None:
    """The step this person is at: the visited one if it applies, else the first unanswered one.

    None exactly when the conversation is closed.
    """
    if not conversation.is_open:
        return None
    visited = form.by_id.get(conversation.revisit)
    if visited and form.applies(visited, conversation.answers):
        return visited
    return first_unanswered(form, conversation)


def first_unanswered(form: Form, conversation: Conversation) -> Step | None:
    return form.unanswered(conversation.answers)


def counted_answers(form: Form, conversation: Conversation) -> dict[str, Value]:
    """The answers to steps that apply; those of a path since left are kept but do not count."""
    return dict(form.counted(conversation.answers))


def write_answers(form: Form, conversation: Conversation) -> Write:
    """What most forms of a role end in."""
    return Write(counted_answers(form, conversation))


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
