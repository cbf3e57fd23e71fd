"""The picture that a message or a search shows of a unit's page: a PNG, in some milliseconds."""

from pathlib import Path

from flows.engine.form import cut
from reports.printed.typesetting import drawn
from reports.site.badge import COLOURS, NONE
from reports.site.rendering import Writer, plain
from reports.site.shown import Result

NAME = 70  # characters: three lines
_PAPER = Path(__file__).parent / "templates" / "preview.typ"


def preview(writer: Writer, name: str, result: Result | None) -> bytes:
    """In the writer's language."""
    period = writer.period(result.period.name) if result else ""
    none = writer.say("none" if result else "unpublished")
    few = {"n": writer.count(result.n), "needed": writer.count(result.needed)} if result else {}
    said = writer.say("sample", **few) if result else ""
    data = {
        "name": cut(plain(name), NAME),
        "period": period,
        "ikm": writer.number(result.ikm) if result and result.ikm else None,
        "grade": result.grade if result else "",
        "label": writer.grade(result.grade) if result else "",
        "colour": COLOURS.get(result.grade, NONE) if result else NONE,
        "none": none,
        "said": f"{said} · {writer.say('ikm')}" if said else writer.say("name"),
    }
    return drawn(_PAPER, data, "png")
