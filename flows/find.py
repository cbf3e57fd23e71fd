"""Finding a unit by a part of its name: a form of its own that ends in the unit's survey."""

from flows.asides import ASIDES
from flows.conversation import Conversation
from flows.events import Start
from flows.files import LANGUAGES
from flows.form import Choice, Form, Line, Step

NAME = 60  # characters of a name that are worth searching for
QUERY = "by_name"  # a step's id that no unit's code can be: codes have no "_"


def _start(form: Form, conversation: Conversation) -> Start:
    return Start(str(conversation.answers["unit"]))


FIND = Form(
    "find",
    (
        Step(
            QUERY,
            Line("find.query"),
            writes=NAME,
            look="unit",
            also=tuple(("language", language) for language in LANGUAGES),
            revisable=False,
        ),
        Step(
            "unit",
            Line("find.unit"),
            (Choice(QUERY, Line("find.again"), "visit"),),
            offers=True,
            otherwise=QUERY,
        ),
        *ASIDES,
    ),
    _start,
)
