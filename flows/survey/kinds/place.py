"""The name of a place."""

from flows.engine.form import Line
from flows.extra_question import Extra
from flows.survey.kinds.text import Text


class Place(Text):
    id = "place"
    writes = 60

    def hint(self, extra: Extra) -> Line | None:
        return Line("survey.extra.place")
