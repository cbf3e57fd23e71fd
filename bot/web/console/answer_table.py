"""Answers on paper or of an online form at a desk: the form of `bot.office.units.answer_table`,
filled in page by page. What was chosen so far stands in the page; between two pages the table lies
where the chat's last one does (`storage.office.sent_files`).
"""

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from bot.office.units.answer_table import COMMAND
from bot.web.console.form_filling import Sent, Unfilled, fill, said
from bot.web.console.pages import Page
from bot.web.console.security import ANSWERS
from bot.web.console.session import Console, ConsoleRequest
from bot.web.console.unit_table import sent_before, sent_now
from flows.engine.clean_text import tidy
from flows.engine.form import Line
from flows.office.answers import DO_IMPORT, TABLE, UNDO
from storage.office import permissions

FIELDS = ("unit", "name", "file", "chosen", "choice", "state", "which")
LONGEST = 4_000  # characters of what was chosen so far

Shown = dict[str, Any]


class AnswerTable(Page):
    """For whoever may import answers somewhere."""

    path = ANSWERS
    route_name = "answer-table"

    def __init__(self, office: Console) -> None:
        self._office, self.about = office, said(Line("console.about.answer_table"))
        super().__init__(menu_label=said(Line("answers.do.title")))

    def is_accessible(self, request: Request) -> bool:
        return "import_responses" in request.state.actions

    @route("", methods=["GET", "POST"])
    async def index(self, request: Request) -> Response:
        given = await sent_now(request, FIELDS) if request.method == "POST" else {}
        try:
            shown = await self._office.do(request, lambda console: _done(console, given))
        except Unfilled as fault:
            shown = {"fault": said(fault.why), "unit": given.get("unit", "")}
        status = 422 if "fault" in shown else 200
        context = {"title": self.menu_label, **shown}
        return self.rendered(request, "console/answers.html", context, status)


def _done(console: ConsoleRequest, given: Mapping[str, Any]) -> Shown:
    if not given:
        units = permissions.units_where(
            console.context.connection, console.address, "import_responses"
        )
        return {"unit": units[0].code if len(units) == 1 else ""}
    if "table" not in given and not given["file"]:
        return _undone(console, given["unit"], given["which"])
    return _imported(console, given)


def _undone(console: ConsoleRequest, unit: str, which: str) -> Shown:
    """Take an import back; without one, show which there are."""
    filled = {"do": UNDO, **({"which": which} if which else {})}
    try:
        return {"told": said(fill(console, _opening(unit), filled, "answers.undone")), "unit": unit}
    except Unfilled as fault:
        if fault.step != "which" or fault.talk is None:
            raise
        return {"unit": unit, "imports": fault.talk.offered.get("which", [])}


def _imported(console: ConsoleRequest, given: Mapping[str, Any]) -> Shown:
    sent = sent_before(console, given)
    chosen, choice = _chosen(given), tidy(str(given.get("choice") or ""))
    if choice and choice != DO_IMPORT:
        chosen.append(choice)
    shown = _asked(console, given["unit"], sent, chosen)
    if choice != DO_IMPORT or shown["state"] != given.get("state"):
        return shown
    done = _filled(console, given["unit"], sent, [*chosen, DO_IMPORT])
    return {"told": said(done), "unit": given["unit"]}


def _asked(console: ConsoleRequest, unit: str, sent: Sent, chosen: list[str]) -> Shown:
    """What is asked next, or what would be done."""
    try:
        _filled(console, unit, sent, chosen)
    except Unfilled as fault:
        if fault.step != "ask" or fault.talk is None:
            raise
        if fault.why.key not in ("answers.read", "answers.kept"):
            raise  # what was typed is none
        about = fault.talk.about
        return {
            "unit": unit,
            "name": sent.name,
            "file": sent.file,
            "chosen": json.dumps(chosen),
            "preview": about["shown"],
            "state": about["state"],
            "choices": fault.talk.offered.get("ask", []),
        }
    raise Unfilled("", Line("unit.table.moved"))


def _filled(console: ConsoleRequest, unit: str, sent: Sent, chosen: list[str]) -> Line:
    first = {"ask": chosen[0]} if chosen else {}
    then = [{"ask": each} for each in chosen[1:]]
    filled: dict[str, str | Sent] = {"do": TABLE, "table": sent, **first}
    return fill(console, _opening(unit), filled, "answers.done", then=then)


def _opening(unit: str) -> str:
    return f"{COMMAND} {tidy(unit)}"


def _chosen(given: Mapping[str, Any]) -> list[str]:
    """What the page says was chosen; nothing of what it cannot have said."""
    text = str(given.get("chosen") or "[]")
    try:
        read = json.loads(text) if len(text) < LONGEST else []
    except ValueError:
        return []
    return [tidy(each) for each in read if isinstance(each, str)] if isinstance(read, list) else []
