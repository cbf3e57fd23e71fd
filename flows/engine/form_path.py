"""Which steps of a form apply after some answers: what every tap asks, several times.

Conditions are data: each says which choices of which steps it regards. So a path depends on those
answers alone, and is found once for all conversations in which they are alike: all whose services
are the same and who gave no low score, say, go one path. `tests.support.plain_reading` says what a
path is, step by step.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flows.engine.form import Answers, Step, Value

DONE = "-done"  # ends a list of choices: "these, and no more"
REMEMBERED = 1_000  # paths; a form's people go far fewer at a time

Decided = tuple[str | tuple[str, ...] | None, ...]
Path = tuple["Step", ...]


class Reading(NamedTuple):
    """`counted`: those of the answers that count, of steps on the path; of several choices only
    once they are done. `unanswered`: the first step of the path without one."""

    answers: "Answers"
    path: Path
    counted: "dict[str, Value]"
    unanswered: "Step | None"


@dataclass(slots=True)
class Reader:
    """Reads answers to these steps. `regarded`: by step, the choices that conditions look at."""

    steps: Path
    regarded: "Mapping[str, frozenset[str]]" = field(init=False)
    known: dict[Decided, Path] = field(default_factory=dict)
    last: Reading = field(default_factory=lambda: Reading({}, (), {}, None))

    def __post_init__(self) -> None:
        self.steps = tuple(step for step in self.steps if not step.aside)
        self.regarded = _regarded(self.steps)
        self.last = self._of({})

    def read(self, answers: "Answers") -> Reading:
        """One tap asks for it many times, so it is remembered for the answers read last: they are
        never changed in place."""
        last = self.last
        if last.answers is not answers:
            last = self.last = self._of(answers)
        return last

    def _of(self, answers: "Answers") -> Reading:
        path, counted, unanswered = self._path(answers), {}, None
        for step in path:
            given = answers.get(step.id)
            if given is not None and (not isinstance(given, list) or DONE in given):
                counted[step.id] = given
            elif unanswered is None:
                unanswered = step
        return Reading(answers, path, counted, unanswered)

    def _path(self, answers: "Answers") -> Path:
        given = answers.get
        decided = tuple([_decides(given(step), of) for step, of in self.regarded.items()])
        path = self.known.get(decided)
        if path is None:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            path = self.known[decided] = tuple(_followed(self.steps, answers))
        return path


def _regarded(steps: "Iterable[Step]") -> "Mapping[str, frozenset[str]]":
    found: dict[str, frozenset[str]] = {}
    for step in steps:
        for when in step.when:
            for name, choices in when.regards:
                found[name] = found.get(name, frozenset()) | choices
    return found


def _decides(given: "Value | None", regarded: frozenset[str]) -> str | tuple[str, ...] | None:
    """What a condition can see of an answer."""
    if isinstance(given, dict):
        given = given.get("kind", "")
    if isinstance(given, str):
        return given if given in regarded else None
    if isinstance(given, list) and DONE in given:
        return tuple([each for each in given if each in regarded]) or None
    return None


def _followed(steps: "Iterable[Step]", answers: "Answers") -> "Iterable[Step]":
    """A condition sees answers on the path alone: what was said on a path since left opens none."""
    counted: dict[str, Value] = {}
    for step in steps:
        if step.follows(counted):
            given = answers.get(step.id)
            if given is not None and (not isinstance(given, list) or DONE in given):
                counted[step.id] = given
            yield step
