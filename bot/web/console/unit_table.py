"""A table of units at a desk: sent, what it would change is shown, and applied; as in the chat.

Between the two the table lies where the chat's last one does (`storage.office.sent_files`)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from bot.core.turns import sent_pictures, sent_tables
from bot.web.console.form_filling import Sent, Unfilled, fill, said
from bot.web.console.pages import Page
from bot.web.console.security import TABLE
from bot.web.console.session import Console, ConsoleRequest
from flows.commands import UNIT
from flows.engine.clean_text import tidy
from flows.engine.form import Line
from flows.engine.input_parsing import TABLE_BYTES
from flows.office.unit import UNITS_FORM
from storage.office import permissions, sent_files
from storage.scope import Scope

STATE = "state"  # stands for the changes that were shown (`bot.office.units.unit_table`)
APPLY = "apply"

Shown = dict[str, Any]


class UnitTable(Page):
    """For whoever may edit more than one unit."""

    path = TABLE
    route_name = "unit-table"

    def __init__(self, office: Console) -> None:
        self._office, self.about = office, said(Line("console.about.unit_table"))
        super().__init__(menu_label=said(Line("console.unit_table")))

    def is_accessible(self, request: Request) -> bool:
        return request.state.table_scope is not None

    @route("", methods=["GET", "POST"])
    async def index(self, request: Request) -> Response:
        fields = ("name", "file", STATE)
        given = await sent_now(request, fields) if request.method == "POST" else {}
        try:
            shown = await self._office.do(request, lambda s: _done(s, scope_of(s), given))
        except Unfilled as fault:
            shown = {"fault": said(fault.why)}
        return self._page(request, shown)

    def _page(self, request: Request, shown: Shown) -> Response:
        check = said(Line("console.table.check"))
        context = {"title": self.menu_label, "check": check, **shown}
        status = 422 if "fault" in shown else 200
        return self.rendered(request, "console/table.html", context, status)


def scope_of(console: ConsoleRequest) -> Scope | None:
    """The widest in which many units may be changed at once; which rows fit is asked of each."""
    connection, address = console.context.connection, console.address
    held = permissions.scopes(connection, address, "edit_units")
    return next((scope for scope in held if not scope.is_unit), None)


async def sent_now(request: Request, fields: Sequence[str]) -> Mapping[str, Any]:
    """What the form holds; a table or a picture is read here, before any transaction."""
    async with request.form() as form:
        sent, given = form.get("table"), {each: tidy(str(form.get(each) or "")) for each in fields}
        picture = form.get("picture")
        if isinstance(sent := picture or sent, UploadFile):
            name, content = tidy(sent.filename or ""), await sent.read(TABLE_BYTES + 1)
            read = sent_pictures.read(content) if picture else sent_tables.read(name, content)
            table = await read
            file = (
                f"desk-{hashlib.sha256(content).hexdigest()[:22]}"  # the same, however often tried
            )
            return {**given, "name": name, "size": len(content), "table": table, "file": file}
        return given


def _done(console: ConsoleRequest, scope: Scope | None, given: Mapping[str, Any]) -> Shown:
    if scope is None:
        raise Unfilled("", Line("where.denied"))
    if not given:
        return {}
    sent = sent_before(console, given)
    filled: dict[str, str | Sent] = {"what": "table", "table": sent}
    try:
        fill(console, f"{UNIT} {scope}", filled)
    except Unfilled as shown:
        if shown.step != APPLY or shown.talk is None:
            raise
        state = shown.talk.about[STATE]
        if given.get(STATE) != state:
            body = UNITS_FORM.by_id[APPLY].body
            assert body is not None, "it shows the changes"
            lines = [said(line) for line in body(UNITS_FORM, shown.talk)]
            moved = [said(Line("unit.table.moved"))] if given.get(STATE) else []
            preview = "\n".join([*moved, *lines])
            return {"preview": preview, "file": sent.file, "name": sent.name, STATE: state}
    done = fill(console, f"{UNIT} {scope}", {**filled, APPLY: APPLY}, "units.done")
    return {"told": said(done)}


def sent_before(console: ConsoleRequest, given: Mapping[str, Any]) -> Sent:
    """What was sent now, or lies there since the changes were shown."""
    if "table" in given:
        return Sent(given["file"], given["name"], given["table"], given["size"])
    sheets = sent_files.sheets(console.context.connection, console.address, given["file"])
    if sheets is None:
        raise Unfilled("", Line("unit.table.gone"))
    return Sent(given["file"], given["name"], sheets)
