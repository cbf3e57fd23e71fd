"""The code of a receipt, asked of whoever typed only the command that wants one."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import Start
from flows.engine.form import Form, Line, Step
from flows.engine.input_parsing import text_of

LETTERS = 20  # of a code, however they are parted
WRITTEN = 60


def _no_code(text: str) -> Line | None:
    letters = sum(character.isalnum() for character in text)
    return None if letters == LETTERS else Line("receipt.unfit", {"letters": LETTERS})


def _start(form: Form, conversation: Conversation) -> Start:
    return Start(f"{conversation.about['command']} {text_of(conversation.answers['code'])}")


RECEIPT_FORM = Form(
    "receipt",
    (
        Step(
            "code",
            Line("receipt.code", {"letters": LETTERS}),
            writes=WRITTEN,
            check=_no_code,
            revisable=False,
        ),
        *ASIDES,
    ),
    _start,
)
