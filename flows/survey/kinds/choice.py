"""One of the choices that an admin wrote."""

from flows.engine.form import Choice, Line, literal
from flows.extra_question import Extra
from flows.survey.kinds.kind import Kind


class OneChoice(Kind):
    id = "choice"
    setting = "choices"

    def choices(self, extra: Extra) -> tuple[Choice, ...]:
        return tuple(Choice(str(n), _label(extra, n)) for n in range(1, len(extra.choices) + 1))


def _label(extra: Extra, number: int) -> Line:
    translated = {t.language: t.choices[number - 1] for t in extra.translations}
    return literal(extra.choices[number - 1], **translated)
