"""Finding a unit: by its name as one writes it, by where one is, or by region and agency.

A form of its own that ends in the unit's survey. Rows come from the database (`Found`). Those of
`BROWSE` lead to narrower rows until they name units; those of `QUERY` are units that this chat is
joined to anyway, and begin their survey at once.
"""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import Start
from flows.engine.form import Choice, Form, Line, Step, When, literal
from flows.loader import LANGUAGES

NAME = 120  # characters of a name that are worth searching for
# Steps' ids that no unit's code can be: codes have no "_".
QUERY, BROWSE, UNIT = "by_name", "by_region", "unit"

_AGAIN = Choice(QUERY, Line("find.again"), "visit")


def _start(form: Form, conversation: Conversation) -> Start:
    return Start(str(conversation.answers[UNIT]))


def _where(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What was chosen so far: what all rows offered have in common."""
    rows = conversation.offered.get(BROWSE, [])
    common = [{row[name] for row in rows if name in row} for name in ("region", "agency")]
    within = [name for names in common if len(names) == 1 for name in names]
    return (literal(" · ".join(within)),) if within else ()


FIND = Form(
    "find",
    (
        Step(
            QUERY,
            Line("find.query"),
            (Choice(BROWSE, Line("find.by_region")),),
            offers=True,
            writes=NAME,
            look="unit",
            locates="near",
            also=tuple(("language", language) for language in LANGUAGES),
            revisable=False,
        ),
        Step(
            BROWSE,
            Line("find.browse"),
            (_AGAIN,),
            offers=True,
            when=(When(QUERY, frozenset({BROWSE})),),
            otherwise=QUERY,
            look="within",
            body=_where,
        ),
        Step(
            UNIT,
            Line("find.unit"),
            (_AGAIN,),
            offers=True,
            otherwise=QUERY,
        ),
        *ASIDES,
    ),
    _start,
    asks="asks.survey",
)
