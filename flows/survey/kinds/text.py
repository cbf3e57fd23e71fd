"""Words of one's own, shown without names and numbers and from five answers on."""

from flows.survey.kinds.kind import Kind


class Text(Kind):
    id = "text"
    counted = "texts"
    writes = 300
