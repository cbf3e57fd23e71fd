"""What a person wrote or sent, as the answer to a step: a value, or a line that says what to do.

Of a photo or a document only its name with the platform is kept. Of a table (.xlsx, .csv) the cells
have to be there, of a picture (a logo, or a photo that everybody may see) what it shows: an event
without them changes nothing and asks for them (`Screen.fetch`); the channel brings and reads the
file, and hands over the same event again, with its `table`. What is in the cells is for the
database to judge (`Step.look`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation
from flows.engine.events import Attached, PersonEvent, Tapped, Typed
from flows.engine.form import Brought, Form, Line, Step, Value, asking

TABLE_BYTES = 2_000_000
PICTURE_BYTES = 1_000_000
PHOTO_BYTES = 5_000_000
TABLES, PHOTOS = (".xlsx", ".csv"), (".png", ".jpg", ".jpeg")
PICTURES = (".png", ".svg", ".jpg", ".jpeg")
LARGEST: Mapping[Brought, int] = {
    "table": TABLE_BYTES, "picture": PICTURE_BYTES, "public": PHOTO_BYTES
}  # fmt: skip
ENDINGS: Mapping[Brought, tuple[str, ...]] = {
    "table": TABLES, "picture": PICTURES, "public": PHOTOS
}  # fmt: skip
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


def taken_at(form: Form, conversation: Conversation, event: Attached) -> Step | None:
    """The step that a file answers: the one asked; where that takes none, the one that was answered
    by the table in whose place this one is sent."""
    step = asking(form, conversation)
    is_table = event.name.lower().endswith(TABLES)
    if not is_table or not conversation.is_open or (step and step.attaches):
        return step
    given = conversation.answers
    former = (
        each for each in reversed(form.steps)
        if "table" in each.attaches and each.id in given and form.applies(each, given)
    )  # fmt: skip
    return next(former, step)


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


def to_fetch(step: Step | None, event: Attached) -> Brought | None:
    """As what it has to be brought and read before it can be taken."""
    brings = brought_as(step, event)
    return brings if brings and event.table is None and event.size <= LARGEST[brings] else None


def file_behind(step: Step, conversation: Conversation, heard: PersonEvent) -> str:
    """The file that a tap at the step that is asked stands for (`Choice.brings`); "": none."""
    if not isinstance(heard, Tapped) or heard.step != step.id:
        return ""
    if heard.conversation != conversation.id:
        return ""
    bring = next((each.brings for each in step.choices if each.id == heard.choice), None)
    return bring(conversation) if bring else ""


def brought(event: PersonEvent, file: str, table: "dict[str, list[list[str]]] | Line") -> Attached:
    """The event once more, with what was brought; a tap as the photo that stands behind it."""
    if isinstance(event, Attached):
        return replace(event, table=table)
    return Attached(event.id, event.at, "photo", file, table=table, chosen=True)


def brought_as(step: Step | None, event: Attached) -> Brought | None:
    """What the file is taken for at this step, of those whose content has to be there."""
    if step is None:
        return None
    if event.chosen and "chosen" in step.attaches:
        return "public"
    for brings, endings in ENDINGS.items():
        is_photo = event.kind == "photo" and brings != "table"
        if brings in step.attaches and (is_photo or event.name.lower().endswith(endings)):
            return brings
    return None
