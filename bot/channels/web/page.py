"""A message as a page: one question, a plain form, nothing that has to run in the browser.

Texts are escaped by the templates; nothing here is markup. What stands out, and the commands that a
text names, come as pieces of a line.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.channels.web.channel import Shown
from bot.dialogues import DIALOGUES
from flows.commands import UNSUBSCRIBE
from flows.engine.capabilities import OPENS, button_data
from flows.engine.form import Line
from flows.engine.language_tag import language_of
from flows.engine.say import Label, Message, Words
from flows.engine.screen import BACK
from flows.loader import words

LONG = 120  # characters: what is longer gets several lines
RESTART, WRITING = 60, 180  # seconds after the last touch until a tablet begins anew
POLICY = (  # https://www.w3.org/TR/CSP3/
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",  # without any a browser does not say whose page sends a form
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",  # the browser's way back asks again
}
FOR_GOOD = "public, max-age=31536000, immutable"
_KINDS = {"css": "text/css", "js": "text/javascript"}
_FOLDER = files("bot.channels.web") / "static"
_SAID = {
    "next": Line("web.next"),
    "now": Line("web.now"),
    "again": Line("web.again"),
    "more": Line("web.menu"),
    "place": Line("web.place"),
    "unread": Line("web.place.unread"),
}
_COMMAND = re.compile(r"(?<!\S)/[a-z]+\b")

Piece = tuple[str, str]  # bold | code | command | "", and the words


@dataclass(frozen=True, slots=True)
class Hidden:
    """Fields of a form that nobody sees. `of`: the conversation whose page it is; `open`: the link
    that its first answer opens."""

    token: str = ""
    page: str = ""
    of: str = ""
    open: str | None = None


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("bot.channels.web"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals.update(
        style=_address("survey.css"),
        script=_address("survey.js"),
        restarting=_address("restart.js"),
    )
    return made


def begin(kiosk: str = "") -> str:
    """Where a survey begins: at a tablet that of its own unit."""
    return f"/k/{kiosk}" if kiosk else "/s"


def home(kiosk: str = "") -> str:
    """Where answers are sent to, and what is asked now is shown."""
    return f"{begin(kiosk)}/_"


def question(shown: Shown, hidden: Hidden, note: str = "", kiosk: str = "") -> Response:
    said, spoken = shown.message, words(shown.language or "id")
    lines, asks = _lines(said), said.outline.asks
    notes = [*note.split("\n")] if note else []
    labels = [label for row in said.rows for label in row]
    return _rendered(
        "question.html",
        spoken,
        200,
        kiosk,
        seconds=WRITING if said.outline.writes else RESTART,
        home=home(kiosk),
        notes=[_pieces(each) for each in notes] + lines[: said.outline.notes],
        above=lines[said.outline.notes : asks],
        heading=lines[asks] if lines else [],
        below=lines[asks + 1 :],
        title=" – ".join([*notes[:1], *said.text.split("\n")[asks : asks + 1]]),
        writes=said.outline.writes,
        locates=said.outline.locates,
        long=said.outline.writes > LONG,
        step=said.outline.step,
        answers=[_button(each, shown) for each in labels if not _is_move(each)],
        moves=[_button(each, shown) for each in labels if _is_move(each)],
        hidden=hidden,
        menu=[] if kiosk else _menu(spoken),
        **{name: spoken.line(line) for name, line in _SAID.items()},
    )


def sentence(
    key: str,
    status: int,
    ways: Mapping[str, str] | None = None,
    above: str = "",
    kiosk: str = "",
) -> Response:
    """A sentence, below what it is about, and links by what they say."""
    spoken = words("id")
    said = spoken.line(Line(key)).split("\n")
    more = {"above": above, "said": said, "links": dict(ways or {})}
    return _rendered("sentence.html", spoken, status, kiosk, seconds=RESTART, **more)


def _rendered(template: str, spoken: Words, status: int, kiosk: str, **context: Any) -> Response:
    """`kiosk`: the link of the tablet that begins anew by itself after so many `seconds`."""
    lang, large = language_of(spoken.language), spoken.large
    restart = begin(kiosk) if kiosk else ""
    page = _templates().get_template(template)
    made = page.render(lang=lang, large=large, restart=restart, **context)
    return HTMLResponse(made, status, headers=HEADERS)


def _lines(message: Message) -> list[list[Piece]]:
    """The text in lines, each in pieces."""
    pieces, at = list[Piece](), 0
    for span in sorted(message.spans, key=lambda span: span.start):
        pieces += _pieces(message.text[at : span.start])
        pieces.append((span.kind, message.text[span.start : span.end]))
        at = span.end
    lines = list[list[Piece]]([[]])
    for kind, text in (*pieces, *_pieces(message.text[at:])):
        first, *more = text.split("\n")
        lines[-1].append((kind, first))
        lines += [[(kind, each)] for each in more]
    return [[piece for piece in line if piece[1]] for line in lines]


def _pieces(text: str) -> list[Piece]:
    """Commands that everybody may give are buttons, as in a chat."""
    pieces, at = list[Piece](), 0
    for found in _COMMAND.finditer(text):
        if found[0] in DIALOGUES.everybody:
            pieces += [("", text[at : found.start()]), ("command", found[0])]
            at = found.end()
    return [*pieces, ("", text[at:])]


def _button(label: Label, shown: Shown) -> dict[str, Any]:
    is_now = bool(shown.given) and (label.step, label.choice) == (
        shown.message.outline.step,
        shown.given,
    )
    data = button_data(shown.conversation, label.step, label.choice)
    return {"text": label.text, "data": data, "now": is_now}


def _is_move(label: Label) -> bool:
    return label.choice == BACK.id or label.step == OPENS


def _menu(spoken: Words) -> Iterable[tuple[str, str]]:
    """What a chat offers beside its input, but the end of news, which reach no browser."""
    offered = [each for each in DIALOGUES.everybody if each != UNSUBSCRIBE]
    return [(each, spoken.line(Line(f"menu.{each[1:]}"))) for each in offered]


@cache
def _file(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


@cache
def _address(name: str) -> str:
    """With its content's hash in it, so that a browser keeps it for good."""
    stem, _, kind = name.rpartition(".")
    return f"/s/_/file/{stem}.{hashlib.sha256(_file(name)).hexdigest()[:12]}.{kind}"


def assets() -> list[Route]:
    return [_asset(name) for name in ("survey.css", "survey.js", "restart.js")]


def _asset(name: str) -> Route:
    headers = {"Cache-Control": FOR_GOOD, "X-Content-Type-Options": "nosniff"}

    async def give(request: Request) -> Response:
        return Response(_file(name), media_type=_KINDS[name.rpartition(".")[2]], headers=headers)

    return Route(_address(name), give)
