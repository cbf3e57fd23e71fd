"""One or more of the choices that an admin wrote."""

from flows.engine import multiple_choice
from flows.engine.form import Line, Value
from flows.extra_question import Extra
from flows.survey.kinds.choice import OneChoice


class Multiple(OneChoice):
    id = "multiple"
    counted = "several"
    many = True

    def hint(self, extra: Extra) -> Line | None:
        return Line("survey.extra.many")

    def kept(self, value: Value) -> Value:
        return multiple_choice.chosen(value)
