"""The kinds of extra questions, in the order in which an admin is offered them."""

from flows.extra_question import Extra
from flows.survey.kinds.choice import OneChoice
from flows.survey.kinds.date import Date
from flows.survey.kinds.kind import Kind
from flows.survey.kinds.multiple import Multiple
from flows.survey.kinds.number import Number
from flows.survey.kinds.place import Place
from flows.survey.kinds.scale import Scale
from flows.survey.kinds.text import Text
from flows.survey.kinds.yes_no import YesNo

_KINDS: tuple[Kind, ...] = (
    Scale(), OneChoice(), Multiple(), YesNo(), Number(), Text(), Place(), Date()
)  # fmt: skip
KINDS = {kind.id: kind for kind in _KINDS}


def kind_of(extra: Extra) -> Kind:
    """Raises KeyError for a kind that only another release has."""
    return KINDS[extra.kind]
