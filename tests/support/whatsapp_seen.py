"""What a person sees on WhatsApp, read back from what was sent: whole labels, marks as spans.

A screen that took several messages (a long text, more than ten rows, a picture with a list below)
is one again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.engine.markup import Kind, Span
from flows.engine.say import Label, Message
from tests.support.whatsapp_limits import Json

_PAGE = re.compile(r".+ \(\d+/\d+\)\Z")
_ALIKE = str.maketrans("∗ˍ∼ˋ", "*_~`")  # signs that stand for those that WhatsApp takes for marks
_MARK = re.compile(r"(?P<mark>\*|```)(?P<inner>[^\n]+?)(?P=mark)")


@dataclass
class Seen:
    """`rows`: (whole label, data behind it, whether in a list)."""

    text: str
    rows: list[tuple[str, str, bool]] = field(default_factory=list)
    opens: str = ""
    kind: str = "text"
    tracker: str = ""

    @property
    def message(self) -> Message:
        text, spans = _unmarked(self.text)
        labels = (Label(label, *data.split(":", 2)[1:]) for label, data, _ in self.rows)
        return Message(text, tuple((label,) for label in labels), spans)

    @property
    def conversation(self) -> str:
        return next((data.split(":", 1)[0] for _, data, _ in self.rows if data[0] != ":"), "")

    def data(self, wanted: str) -> tuple[str, bool] | None:
        for label, data, of_list in self.rows:
            if wanted in (label, re.sub(r"^(\d+|‹) ", "", label)):
                return data, of_list
        return None


def seen(sent: list[Json]) -> list[Seen]:
    found: list[Seen] = []
    for body in sent:
        one = _seen(body)
        if found and _belongs(one, found[-1]):
            found[-1].rows += one.rows
            found[-1].kind = "list"
        else:
            found.append(one)
    return found


def _belongs(one: Seen, before: Seen) -> bool:
    if one.kind != "list":
        return False
    below_a_picture = before.kind == "picture" and before.text.startswith(one.text)
    return below_a_picture or (before.kind == "list" and bool(_PAGE.match(one.text)))


def _seen(body: Json) -> Seen:
    kind, tracker = body["type"], body.get("biz_opaque_callback_data", "")
    if kind == "text":
        return Seen(body["text"]["body"], tracker=tracker)
    if kind == "template":
        return Seen(f"(template {body['template']['name']})", kind=kind)
    if kind in ("image", "document"):
        media = body[kind]
        said = media.get("caption", "") or media.get("filename", "")
        return Seen(said, kind="picture" if kind == "image" else kind)
    holds = body["interactive"]
    rows = list(_of_list(holds) if holds["type"] == "list" else _of_buttons(holds))
    opens = holds["action"].get("button", "")
    return Seen(holds["body"]["text"], rows, opens, holds["type"], tracker)


def _of_buttons(holds: Json) -> Iterator[tuple[str, str, bool]]:
    for button in holds["action"]["buttons"]:
        yield button["reply"]["title"], button["reply"]["id"], False


def _of_list(holds: Json) -> Iterator[tuple[str, str, bool]]:
    """A row's whole label: its title, and where that is a part of it what stands below."""
    for section in holds["action"]["sections"]:
        for row in section["rows"]:
            title, more = row["title"], row.get("description", "")
            if title.endswith("…") and more.startswith(title[:-1]):
                title, more = more, ""
            between = " " if title.isdecimal() else " · "
            yield f"{title}{between}{more}" if more else title, row["id"], True


def _unmarked(text: str) -> tuple[str, tuple[Span, ...]]:
    kinds: dict[str, Kind] = {"*": "bold", "```": "code"}
    words, spans, at = "", [], 0
    for mark in _MARK.finditer(text):
        words += text[at : mark.start()]
        spans.append(Span(kinds[mark["mark"]], len(words), len(words) + len(mark["inner"])))
        words, at = words + mark["inner"], mark.end()
    return (words + text[at:]).translate(_ALIKE), tuple(spans)
