"""What a person wrote or sent, as the answer to a step: a value, or a line that says what to do.

Of a photo or a document only its name with the platform is kept. A table (.xlsx, .csv) is read, so
its content has to be there: an event without it changes nothing and asks for it (`Screen.fetch`);
the channel brings it and hands over the same event again, with `content`. What is in it is for the
database to judge (`Step.look`).
"""

from collections.abc import Callable

from flows.conversation import Conversation, asking
from flows.events import Attached
from flows.form import Form, Line, Step, Value
from flows.tidy import tidy

TABLE_BYTES = 2_000_000
TABLES = (".xlsx", ".csv")
NAME = 100  # characters kept of a file's name


def written(step: Step, text: str) -> Value | Line:
    """Of a text already tidy."""
    if not text:
        return Line("write")
    if len(text) > step.writes:
        return Line("too_long", {"length": len(text), "most": step.writes})
    check: Callable[[str], Line | None] | None = step.check
    fault = check(text) if check else None
    return fault or {"text": text}


def sent(step: Step, event: Attached) -> Value | Line:
    if event.kind in step.attaches or (_is_table(step, event) and event.content is not None):
        return {"text": tidy(event.name)[:NAME], "file": event.file, "kind": event.kind}
    if "table" in step.attaches and _is_named_so(event):
        return Line("attach.large", {"most": TABLE_BYTES // 1_000_000})
    return how(step)


def text_of(value: Value) -> str:
    """What was written, or the id of what was chosen."""
    return value["text"] if isinstance(value, dict) else str(value)


def how(step: Step | None) -> Line:
    """How a step that takes no words is answered."""
    return Line(f"attach.{step.attaches[0]}" if step and step.attaches else "choose")


def is_to_fetch(form: Form, conversation: Conversation, event: Attached) -> bool:
    """Whether its content has to be brought before it can be taken."""
    step = asking(form, conversation)
    return step is not None and event.content is None and _is_table(step, event)


def _is_table(step: Step, event: Attached) -> bool:
    size = max(event.size, len(event.content or b""))
    return "table" in step.attaches and _is_named_so(event) and size <= TABLE_BYTES


def _is_named_so(event: Attached) -> bool:
    return event.name.lower().endswith(TABLES)
