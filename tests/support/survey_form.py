"""A citizen who fills in the survey's form, without a bot."""

import re

from bot.citizen.submitting import drafted
from flows.engine.events import Submit
from flows.engine.form import Form
from flows.engine.say import say
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.form import survey_form
from tests.support.events_of_forms import Press, Run, begun
from tests.support.instruments import CURRENT

PLAIN = Questionnaire(CURRENT)


def form_of(questionnaire: Questionnaire) -> Form:
    return survey_form(questionnaire, instrument(CURRENT))


class Citizen:
    """Somebody in a survey; `sent` is what was submitted."""

    def __init__(self, questionnaire: Questionnaire = PLAIN) -> None:
        self.sent: list[Submit] = []
        self.run = Run(form_of(questionnaire), begun(form_of(questionnaire)), self._noting)
        self.taps = 0

    def _noting(self, effect):
        self.sent += [effect] if isinstance(effect, Submit) else []

    def tap(self, label: str) -> "Citizen":
        """A button of the present screen by its label, or its label without the number."""
        shown = self.run.screens[-1]
        spoken = words("id")
        buttons = (*shown.choices, *shown.moves)
        labels = [spoken.line(button.label) for button in buttons]
        place = next(n for n, said in enumerate(labels) if re.sub(r"^(\d+|‹) ", "", said) == label)
        self.taps += 1
        self.run.take(self.run.of(Press(str(self.taps), self.taps, place, 0)))
        return self

    def nine(self, *labels: str) -> "Citizen":
        for label in labels or ("Sesuai", "Mudah", "Cepat", "Murah", "Sesuai", "Kompeten",
                                "Sopan dan ramah", "Baik", "Dikelola dengan baik"):  # fmt: skip
            self.tap(label)
        return self

    def begin(self) -> "Citizen":
        return self.tap("Setuju, mulai").tap("Samsat {batam} 100% %s")

    @property
    def text(self) -> str:
        return say(self.run.screens[-1], words("id")).text


def draft_of(rini: Citizen, questionnaire: Questionnaire):
    return drafted(questionnaire, rini.run.conversation, rini.sent[0].answers, "tg:7", 100)
