"""An admin who edits questions in the form, without a bot."""

from flows.engine.events import Found, Look, Tapped, Typed, Write
from flows.engine.form import Line
from flows.engine.say import say
from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Questionnaire
from flows.loader import words
from flows.office.questions.change import Change
from flows.office.questions.draft import QuestionState, change_of
from flows.office.questions.editor import QUESTION_FORM
from tests.support.events_of_forms import ME, Run, begun
from tests.support.instruments import CURRENT

CAME = Extra(
    "a1", "Naik apa?", "choice", ("Motor", "Mobil"),
    translations=(Translation("en", "How?", ("Motorbike", "Car")),),
)  # fmt: skip
LATE = Extra("b2", "Terlambat?", "yes_no", asked=Asked("x_a1", ("2",)))
ASKED = Questionnaire(CURRENT, (CAME, LATE))


class Admin:
    """Somebody in the editor; `made` is what came of it."""

    def __init__(self, asked: Questionnaire = ASKED) -> None:
        talk = begun(QUESTION_FORM)
        kept = QuestionState(asked.to_json(), {"mutasi": "Mutasi"}).to_json()
        rows = [{"id": f"x_{extra.key}", "label": extra.text} for extra in asked.extras]
        offered = {**talk.offered, "pick": rows, "move": rows}
        offered["service"] = [{"id": "mutasi", "label": "Mutasi"}]
        offered["item"] = [{"id": "cost", "label": "Biaya"}]
        talk = talk.but(kept=kept, answers={"units": "SAMSAT-BC"}, offered=offered)
        self.made: list[Change | None] = []
        self.looked: list[Look] = []
        self.run = Run(QUESTION_FORM, talk, self._answering)
        self.events = 0

    def _answering(self, effect):
        if isinstance(effect, Write):
            self.made.append(change_of(QUESTION_FORM, self.run.conversation))
            return None
        self.looked.append(effect)
        if effect.kind == "earlier":
            return Found("of", [{"id": "cost", "label": "Biaya"}, {"id": "x_a1", "label": "?"}])
        if effect.kind == "choices" and effect.query != "cost":
            return Found("is", [{"id": "2", "label": "Mobil"}])
        return None

    def type(self, text: str) -> "Admin":
        self.events += 1
        self.run.take(Typed(str(self.events), self.events, text))
        return self

    def tap(self, step: str, *choices: str) -> "Admin":
        for choice in choices:
            self.events += 1
            self.run.take(Tapped(str(self.events), self.events, ME, step, choice))
        return self

    def add(self, text: str, kind: str) -> "Admin":
        return self.tap("pick", "add").type(text).tap("kind", kind)

    def always(self) -> "Admin":
        """Asked of everybody, who may skip it: up to the preview."""
        return self.tap("when", "always").tap("skippable", "yes")

    @property
    def text(self) -> str:
        return say(self.run.screens[-1], words("id")).text

    @property
    def note(self) -> Line:
        return self.run.screens[-1].notes[0]
