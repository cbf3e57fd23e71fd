"""What a person wrote or sent, as the answer to a step: a value, or a line that says what to do.

Of a photo or a document only its name with the platform is kept. Of a table (.xlsx, .csv) the cells
have to be there, of a picture (a logo) what it shows: an event without them changes nothing and
asks for them (`Screen.fetch`); the channel brings and reads the file, and hands over the same event
again, with its `table`. What is in the cells is for the database to judge (`Step.look`).
"""

from collections.abc import Callable, Mapping
from typing import Literal

from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation, asking
from flows.engine.events import Attached, PersonEvent, Typed
from flows.engine.form import Form, Line, Step, Value

TABLE_BYTES = 2_000_000
PICTURE_BYTES = 1_000_000
TABLES, PICTURES = (".xlsx", ".csv"), (".png", ".svg", ".jpg", ".jpeg")
Brought = Literal["table", "picture"]
LARGEST: Mapping[Brought, int] = {"table": TABLE_BYTES, "picture": PICTURE_BYTES}
NAME = 100  # characters kept of a file's name
CHOOSE = ("choose", "choose.numbered")  # lines that say to choose


def worded(event: PersonEvent, step: Step | None) -> PersonEvent:
    """The words below a photo or a file as a message, unless what is sent is asked for."""
    if not isinstance(event, Attached) or not event.caption or (step and step.attaches):
        return event
    message, album = event.message, event.album
    return Typed(event.id, event.at, event.caption, message=message, album=album)


def written(step: Step, text: str, at: int) -> Value | Line:
    """Of a text already tidy, written at that time."""
    if not text:
        return Line("write")
    reads: Callable[[str, int], str] | None = step.reads
    text = reads(text, at) if reads else text
    if len(text) > step.writes:
        return Line("too_long", {"length": len(text), "most": step.writes})
    check: Callable[[str], Line | None] | None = step.check
    fault = check(text) if check else None
    return fault or {"text": text}


def sent(step: Step, event: Attached) -> Value | Line:
    if event.kind in step.attaches:
        return _file(event)
    brings = brought_as(step, event)
    if brings is None:
        return how(step)
    if event.size > LARGEST[brings]:
        return Line("attach.large", {"most": LARGEST[brings] // 1_000_000})
    if isinstance(event.table, dict):
        return _file(event)
    return event.table or how(step)


def _file(event: Attached) -> Value:
    return {"text": tidy(event.name)[:NAME], "file": event.file, "kind": event.kind}


def text_of(value: Value) -> str:
    """What was written, or the id of what was chosen."""
    return value["text"] if isinstance(value, dict) else str(value)


def how(step: Step | None, is_numbered: bool = False) -> Line:
    """How a step that takes no words is answered; of numbers only where they stand on buttons."""
    if step and step.attaches:
        return Line(f"attach.{step.attaches[0]}")
    return Line("choose.numbered" if is_numbered else "choose")


def is_to_fetch(form: Form, conversation: Conversation, event: Attached) -> bool:
    """Whether it has to be brought and read before it can be taken."""
    brings = brought_as(asking(form, conversation), event)
    return brings is not None and event.table is None and event.size <= LARGEST[brings]


def brought_as(step: Step | None, event: Attached) -> Brought | None:
    """What the file is taken for at this step, of those whose content has to be there."""
    if step is None:
        return None
    name = event.name.lower()
    if "picture" in step.attaches and (event.kind == "photo" or name.endswith(PICTURES)):
        return "picture"
    return "table" if "table" in step.attaches and name.endswith(TABLES) else None
