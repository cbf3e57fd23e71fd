"""A conversation to begin: its form, and what is known before its first question."""

from dataclasses import dataclass, field

from flows.engine.conversation import Conversation, FeatureState
from flows.engine.events import Opened
from flows.engine.form import Line, Value


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences, and buttons below them by label and opening (`flows.engine.push_buttons`)."""

    lines: tuple[Line, ...]
    offers: tuple[tuple[Line, str], ...] = ()


def only(**offered: list[dict[str, str]]) -> dict[str, Value]:
    """The first thing asked, chosen, where there is only one to choose: whoever tapped "new" is not
    shown a screen whose only button is "new"."""
    return {step: rows[0]["id"] for step, rows in offered.items() if len(rows) == 1}


@dataclass(frozen=True, slots=True)
class Begin:
    """A conversation to begin; `name` is what a person knows it by, `opening` what led to it."""

    form: str
    version: str
    name: Line
    opening: str = ""
    about: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)
    offered: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    note: Line | None = None
    kept: FeatureState = field(default_factory=FeatureState)
    ends: int = 0
    revisit: str = ""  # the step that is shown first

    def conversation(self, id: str, opened: Opened, language: str) -> Conversation:
        return Conversation(
            id,
            self.form,
            self.version,
            self.opening,
            language,
            began=opened.at,
            last=opened.at,
            about=dict(self.about),
            kept=self.kept.to_json(),
            answers=dict(self.answers),
            offered=dict(self.offered),
            seen=(opened.id,),
            given=tuple(self.answers),
            ends=self.ends,
            revisit=self.revisit,
        )
