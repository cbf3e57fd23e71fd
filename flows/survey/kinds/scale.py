"""From 1, not good, to 4, very good."""

from flows.engine.form import Choice, Line
from flows.extra_question import Extra
from flows.survey.kinds.kind import Kind


class Scale(Kind):
    id = "scale"

    def choices(self, extra: Extra) -> tuple[Choice, ...]:
        return tuple(
            Choice(str(n), Line("numbered", {"number": n, "label": Line(f"scale.{n}")}))
            for n in range(1, 5)
        )
