"""Which steps of a form apply after some answers: what every tap asks, several times.

Conditions are data: each says which choices of which steps it regards. So a path depends on those
answers alone, and is found once for all conversations in which they are alike: all whose services
are the same and who gave no low score, say, go one path. `tests.support.plain_reading` says what a
path is, step by step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

from flows.engine.conversation import Answers, Value

DONE = "-done"  # ends a list of choices: "these, and no more"
REMEMBERED = 1_000  # paths; a form's people go far fewer at a time

Decided = tuple[str | tuple[str, ...] | None, ...]
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


class Asked(Protocol):
    """What a path needs of a step (`flows.engine.form.Step`)."""

    @property
    def id(self) -> str: ...

    @property
    def aside(self) -> bool: ...

    @property
    def when(self) -> tuple[Condition, ...]: ...

    def follows(self, counted: Answers) -> bool: ...


S = TypeVar("S", bound=Asked)


class Reading(NamedTuple, Generic[S]):
    """`counted`: those of the answers that count, of steps on the path; of several choices only
    once they are done. `unanswered`: the first step of the path without one."""

    answers: Answers
    path: tuple[S, ...]
    counted: dict[str, Value]
    unanswered: S | None


@dataclass(slots=True)
class Reader(Generic[S]):
    """Reads answers to these steps. `regarded`: by step, the choices that conditions look at, each
    as what a condition sees of it."""

    steps: tuple[S, ...]
    regarded: Mapping[str, Mapping[Value | None, str]] = field(init=False)
    known: dict[Decided, tuple[S, ...]] = field(default_factory=dict)
    last: Reading[S] = field(default_factory=lambda: Reading({}, (), {}, None))

    def __post_init__(self) -> None:
        self.steps = tuple(step for step in self.steps if not step.aside)
        self.regarded = _regarded(self.steps)
        self.last = self._of({})

    def read(self, answers: Answers) -> Reading[S]:
        """One tap asks for it many times, so it is remembered for the answers read last: they are
        never changed in place."""
        last = self.last
        if last.answers is not answers:
            last = self.last = self._of(answers)
        return last

    def _of(self, answers: Answers) -> Reading[S]:
        path, counted, unanswered = self._path(answers), {}, None
        for step in path:
            given = answers.get(step.id)
            if given is not None and (not isinstance(given, list) or DONE in given):
                counted[step.id] = given
            elif unanswered is None:
                unanswered = step
        return Reading(answers, path, counted, unanswered)

    def _path(self, answers: Answers) -> tuple[S, ...]:
        given = answers.get
        decided: Decided
        try:
            decided = tuple([of.get(given(step)) for step, of in self.regarded.items()])
        except TypeError:  # a list or a dict is among them, and no key
            decided = tuple([_decides(given(step), of) for step, of in self.regarded.items()])
        path = self.known.get(decided)
        if path is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            path = self.known[decided] = tuple(_followed(self.steps, answers))
        return path


def _regarded(steps: Iterable[Asked]) -> Mapping[str, Mapping[Value | None, str]]:
    found: dict[str, dict[Value | None, str]] = {}
    for step in steps:
        for when in step.when:
            for name, choices in when.regards:
                found.setdefault(name, {}).update((choice, choice) for choice in choices)
    return found


def _decides(
    given: Value | None, regarded: Mapping[Value | None, str]
) -> str | tuple[str, ...] | None:
    """What a condition can see of an answer."""
    if isinstance(given, dict):
        given = given.get("kind", "")
    if not isinstance(given, list):
        return regarded.get(given)
    if DONE in given:
        return tuple([each for each in given if each in regarded]) or None
    return None


def _followed(steps: Iterable[S], answers: Answers) -> Iterable[S]:
    """A condition sees answers on the path alone: what was said on a path since left opens none."""
    counted: dict[str, Value] = {}
    for step in steps:
        if step.follows(counted):
            given = answers.get(step.id)
            if given is not None and (not isinstance(given, list) or DONE in given):
                counted[step.id] = given
            yield step
