"""Yes or no."""

from flows.engine.form import Choice, Line
from flows.extra_question import Extra
from flows.survey.kinds.kind import Kind


class YesNo(Kind):
    id = "yes_no"

    def choices(self, extra: Extra) -> tuple[Choice, ...]:
        return (Choice("yes", Line("yes")), Choice("no", Line("no")))
