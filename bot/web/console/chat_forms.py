"""Whatever a role may do in the chat, done at a desk: the same dialogues, one question a page.

Nothing is kept between two pages. The conversation lies in the page, sealed for the chat that is
let in and good for some minutes; each answer is a turn as the chat takes it, in a transaction of
its own, so who may do it, what is written and logged is one code. What a dialogue would send to the
chat as a file is taken back from the outbox, and made when its link is followed. A form that is
sent twice, by a double click or from a page that was gone back to, is done once.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from bot.core.channel import Document, Picture, WithPhotos
from bot.core.dialogue import Dialogue
from bot.core.turns import sent_pictures, sent_tables
from bot.core.turns.turn import take
from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from bot.office.menu import listed, of_roles
from bot.web.console.form_filling import Unfilled, said
from bot.web.console.link import DIALOGUE as CONSOLE
from bot.web.console.pages import Page
from bot.web.console.security import CHAT_FORMS
from bot.web.console.session import Console
from flows.engine.capabilities import Capabilities, button_data
from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation, Unreadable
from flows.engine.ended import GRACE
from flows.engine.events import Attached, Opened, PersonEvent, Tapped, Typed
from flows.engine.form import Brought, Line
from flows.engine.input_parsing import ENDINGS, LARGEST
from flows.engine.push_buttons import meant
from flows.engine.say import Label, say
from flows.engine.screen import Screen
from flows.loader import desk_words
from flows.office.proof import SHOWN
from storage.chat import outbox, seen_events
from storage.chat.conversations import Kept
from storage.office import public_files
from storage.vault import SecretUnfit

FIELDS = ("state", "command", "unit", "do", "text")
AT_A_DESK = Capabilities(only_asked=True)
LONG = 120  # characters: what is longer gets several lines
TALK, FILE = "desk conversation", "desk file"  # what is sealed as what
# What is made of what is kept. Proofs go to the chat: its platform alone has them.
FILES = frozenset({"report", "agency_report", "units", "poster", "example"})

Shown = dict[str, Any]
Given = Mapping[str, Any]


class ChatForms(Page):
    """For whoever has a role: all the commands that it gives, but the one to come here."""

    path = CHAT_FORMS
    route_name = "chat-forms"

    def __init__(self, office: Console) -> None:
        self._office, self.about = office, said(Line("console.about.chat_forms"))
        super().__init__(menu_label=said(Line("console.chat_forms")))

    @route("", methods=["GET", "POST"])
    async def index(self, request: Request) -> Response:
        given = await _given(request) if request.method == "POST" else {}
        work = _answered if request.method == "POST" else _begun
        try:
            shown = await self._office.do(request, lambda context: work(context, given))
        except Unfilled as fault:
            shown = {"fault": said(fault.why), "written": given.get("text", "")}
        context = {"title": self.menu_label, "home": request.url.path, **shown}
        status = 422 if "fault" in shown else 200
        return self.rendered(request, "console/chat_form.html", context, status)

    @route("/file")
    async def file(self, request: Request) -> Response:
        """Made now, and only for whom it may be made still."""
        sealed = request.query_params.get("of", "")
        try:
            found = await self._office.look(request, lambda context: _file(context, sealed))
        except Unfilled as fault:
            context = {"title": self.menu_label, "fault": said(fault.why)}
            return self.rendered(request, "console/chat_form.html", context, 410)
        disposition = f'attachment; filename="{found.name}"'
        headers = {"Content-Disposition": disposition}
        return Response(found.content, media_type="application/octet-stream", headers=headers)


async def _given(request: Request) -> Given:
    """What the form holds; a table or a picture is read here, before any transaction."""
    async with request.form() as form:
        given = {each: tidy(str(form.get(each) or "")) for each in FIELDS}
        brought: Brought = next((each for each in LARGEST if each in form), "table")
        sent = form.get(brought)
        if not isinstance(sent, UploadFile):
            return given
        name, content = tidy(sent.filename or ""), await sent.read(LARGEST[brought] + 1)
        is_table = brought == "table"
        read = sent_tables.read(name, content) if is_table else sent_pictures.read(content, brought)
        file = f"desk-{hashlib.sha256(content).hexdigest()[:22]}"  # the same, however often tried
        return {**given, "table": (file, name, len(content), await read)}


def _begun(context: TurnContext, given: Given) -> Shown:
    may = of_roles(context.connection, context.address)
    own = [command for command in may if command != CONSOLE.command]
    does = [about for _, about in listed(own, desk_words("id"))]
    return {"commands": [*zip(own, does, strict=True)]}


def _answered(context: TurnContext, given: Given) -> Shown:
    """Raises Unfilled, with nothing done."""
    goes_on = given["state"] and not given["command"]
    talk, place = _unsealed(context, given["state"]) if goes_on else (None, 0)
    id = f"{talk.id}-{place}" if talk else context.new_id()
    context = context.but(event=id)
    kept = (Kept(context.address, 1, talk),) if talk else ()
    event = meant(_event(context, given, talk, id))
    if isinstance(event, Opened) and not _opens(event.opening):
        raise Unfilled("", Line("where.denied"))
    sent = seen_events.hold(context.connection, _desk(context), context.at) if talk else ()
    outcome = take(context, kept, event)
    if outcome.screen.fetch:  # it lies with the chat's platform, which is not asked from here
        raise Unfilled("", Line("console.photo.in_chat"))
    left = (*outcome.inserted, *outcome.saved)
    now = left[0].conversation if left else None
    if now and not _is_of_an_office(DIALOGUES.of_form[now.form]):
        raise Unfilled("", Line("where.denied"))
    files = outbox.take_back(context.connection, context.address, id, FILES)
    # Whoever only looked for a unit or took a file may go back and take another.
    if talk and talk.is_open and now and now.id == talk.id and not now.is_open and not files:
        if talk.id in sent:
            raise Unfilled("", Line("console.sent_before"))
        seen_events.keep(context.connection, _desk(context), [talk.id], context.at)
    shown = _shown(context, outcome.screen, now, place + 1)
    if not files:
        return shown
    # It would say that they were sent to the chat.
    links = [_link(context, each) for each in files]
    return {**shown, "lines": said(Line("console.files")), "files": links}


def _event(context: TurnContext, given: Given, talk: Conversation | None, id: str) -> PersonEvent:
    """Raises Unfilled."""
    at = context.at
    if given["do"]:  # a browser sends the field for a table along, empty or not
        conversation, step, choice = (*given["do"].split(":", 2), "", "")[:3]
        return Tapped(id, at, conversation, step, choice)
    if "table" in given and talk:
        return Attached(id, at, "document", *given["table"])
    if talk:
        if not talk.is_open:  # in the chat it would be looked for among the units
            raise Unfilled("", Line("ended.gone"))
        return Typed(id, at, given["text"])
    return Opened(id, at, f"{given['command']} {given['unit']}".strip())


def _opens(opening: str) -> bool:
    known = DIALOGUES.commands.get(opening.partition(" ")[0])
    return known is not None and (known.needs is not None or known.menu == "roles")


def _is_of_an_office(dialogue: Dialogue) -> bool:
    """A survey is no work for a desk, nor is what a citizen does with a receipt, wherever a button
    leads to it."""
    return dialogue.menu != "everybody" and dialogue.link is None


def _desk(context: TurnContext) -> str:
    """Under which is kept what was sent there, beside what the chat keeps of its own events."""
    return f"desk:{context.by}"


def _shown(context: TurnContext, shown: Screen, now: Conversation | None, place: int) -> Shown:
    form = context.form(now) if now and now.is_open else None
    step = form.by_id.get(shown.step) if form else None
    asked = step.attaches if step else ()
    brought = next((each for each in LARGEST if each in asked), None)
    message = say(shown, desk_words(shown.language), AT_A_DESK)
    return {
        "lines": message.text,
        "state": _sealed(context, TALK, [now.to_json(), place]) if now else "",
        "writes": shown.writes if step else 0,
        "long": shown.writes > LONG,
        "table": brought,
        "accept": ",".join(ENDINGS[brought]) if brought else "",
        "photo": _photo(context, now) if step else "",
        "buttons": [_button(label, shown) for row in message.rows for label in row],
    }


def _photo(context: TurnContext, now: Conversation | None) -> str:
    """What everybody sees of what is spoken of, as an address that holds it."""
    unit = context.unit(now.about.get("unit", "")) if now and now.about.get(SHOWN) else None
    if now is None or unit is None:
        return ""
    return shown_photo(context.connection, unit.id, now.about[SHOWN])


def shown_photo(connection: Connection, unit: int, hash: str) -> str:
    """ "" where it was taken off."""
    content = public_files.content(connection, unit, hash)
    return (
        f"data:{public_files.JPEG};base64,{base64.b64encode(content).decode()}" if content else ""
    )


def _button(label: Label, shown: Screen) -> tuple[str, str]:
    return button_data(shown.conversation, label.step, label.choice), label.text


def _link(context: TurnContext, body: Mapping[str, str]) -> dict[str, str]:
    label = said(Line(f"console.file.{body['document']}"))
    return {"label": label, "of": _sealed(context, FILE, body)}


def _file(context: TurnContext, sealed: str) -> Document:
    """Raises Unfilled where the link is too old or another's, or the file may not be had."""
    body = _opened(context, FILE, sealed)
    found = DIALOGUES.file(context.connection, context.address, body, context.links)
    if isinstance(found, WithPhotos):
        return found.made({})  # the chat's platform alone has them
    if isinstance(found, Picture):
        return Document("contoh.jpg", found.jpeg, found.caption)
    if not isinstance(found, Document):
        raise Unfilled("", Line("where.denied"))
    return found


def _unsealed(context: TurnContext, sealed: str) -> tuple[Conversation, int]:
    """Raises Unfilled."""
    text, place = _opened(context, TALK, sealed)
    try:
        return Conversation.from_json(text), place
    except Unreadable:
        raise Unfilled("", Line("console.old")) from None


def _sealed(context: TurnContext, what: str, value: Any) -> str:
    plain = json.dumps([context.at, value]).encode()
    label = f"{what} {context.address}"
    sealed = context.vault.seal(plain, label, context.random)
    return base64.urlsafe_b64encode(sealed).decode()


def _opened(context: TurnContext, what: str, sealed: str) -> Any:
    """Raises Unfilled where it was not sealed for this chat, or longer ago than `GRACE`."""
    try:
        label = f"{what} {context.address}"
        plain = context.vault.unseal(base64.urlsafe_b64decode(sealed), label)
        at, value = json.loads(plain)
    except (SecretUnfit, ValueError):
        raise Unfilled("", Line("console.old")) from None
    if not 0 <= context.at - at < GRACE:
        raise Unfilled("", Line("console.old"))
    return value
