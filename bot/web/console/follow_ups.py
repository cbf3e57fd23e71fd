"""Follow-up plans in the web console: what /tindaklanjut does, at a desk."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.requests import Request

from bot.core.turns.turn_context import TurnContext
from bot.office.improvements import proofs
from bot.office.improvements.follow_up_finished import owner
from bot.web.console.chat_forms import shown_photo
from bot.web.console.fields import (
    EDITED,
    LISTED,
    SEEN,
    WRITTEN,
    choice,
    day,
    element,
    elements,
    field,
    lines,
    place,
)
from bot.web.console.form_filling import Unfilled, fill, said
from bot.web.console.table import Data, Row, Table
from flows.commands import FOLLOW_UP
from flows.engine.form import Line
from flows.loader import element_line
from flows.office.follow_up import NEW
from flows.office.proof import kept_line
from storage.office import follow_ups, public_files
from storage.office.follow_ups import FollowUp
from storage.units import Unit

KIND = "follow_up"  # of a public file
MOST = 50  # plans of a unit that are listed
CHANGES = ("begin", "move", "finish", "drop")
DONE = ("planned", "begun", "moved", "dropped", "done", "done.told")


class FollowUps(Table):
    key = "follow_ups"
    action = "plan_follow_up"
    creates = edits = ends = True  # what ends is that its photo is public
    searchable_fields = ("unit",)
    fields = (
        place("unit", **{**WRITTEN, "exclude_from_edit": True}),
        field("unit_name", read_only=True, exclude_from_create=True),
        element("element", elements, required=True, exclude_from_edit=True),
        field("programme", required=True, exclude_from_edit=True),
        field("plan", read_only=True, **EDITED),
        field("person", required=True, exclude_from_edit=True),
        field("status", **LISTED),
        choice("do", [(each, said(Line(f"follow_up.do.{each}"))) for each in CHANGES],
               required=True, **EDITED),
        day("due", hint="due"),
        field("proof", hint="proof", exclude_from_create=True, exclude_from_list=True),
        lines("told", hint="told", **EDITED),
        field("photo", detail_template="console/photo.html", exclude_from_list=True, **LISTED),
        SEEN,
    )  # fmt: skip

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        """What is open, overdue first, then what was closed of this year's."""
        connection, today = context.connection, unit.day_at(context.at)
        still = follow_ups.open_of(connection, unit.id, MOST)
        planned = follow_ups.planned_in(connection, unit.id, date(today.year, 1, 1), today)
        closed = [each for each in planned if each.finished_on]
        public = public_files.of_units(connection, [unit.id]).get(unit.id, [])
        photos = {each.of: each.hash for each in public if each.kind == KIND}
        return [_row(unit, each, today, photos) for each in (*still, *reversed(closed))]

    def one(self, context: TurnContext, id: str) -> Row | None:
        row = super().one(context, id)
        if row and row.public:
            row.photo = shown_photo(context.connection, row.unit_id, row.public)
        return row

    async def get_row_actions_for_obj(self, request: Request, obj: Any) -> list[dict[str, Any]]:
        found = await super().get_row_actions_for_obj(request, obj)
        taken_off = {"text": said(Line("proof.do.withdraw"))}
        return [{**each, **(taken_off if each["name"] == "delete" else {})} for each in found]

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name == "delete":
            return bool(obj.public)
        return await super().is_row_action_allowed_for_obj(request, name, obj)

    def end(self, context: TurnContext, row: Row) -> Line:
        unit = self.unit(context, row.id.partition("~")[0])
        plan = follow_ups.one(context.connection, row.unit_id, row.plan_id)
        if unit is None or plan is None:
            raise Unfilled("", Line("where.denied"))
        return proofs.withdraw(context, owner(unit, plan))

    def add(self, context: TurnContext, data: Data) -> Line:
        names = ("element", "programme", "due", "person")
        given = {name: str(data.get(name) or "") for name in names}
        written = {**given, "plan": NEW, "confirm": "save"}
        return self._fill(context, str(data["unit"]), written)

    def change(self, context: TurnContext, row: Row, data: Data) -> Line:
        given = {name: str(data.get(name) or "") for name in ("do", "due", "proof", "told")}
        return self._fill(context, row.id.replace("~", " "), {**given, "confirm": "save"})

    def _fill(self, context: TurnContext, which: str, given: dict[str, str]) -> Line:
        return fill(context, f"{FOLLOW_UP} {which}", given, *(f"follow_up.{way}" for way in DONE))


def _row(unit: Unit, each: FollowUp, today: date, photos: Mapping[str, str]) -> Row:
    plan, is_open = each.plan, each.finished_on is None
    status = said(Line(f"follow_up.status.{each.status}"))
    element = said(element_line(plan.element, each.planned_on))
    return Row(
        id=f"{unit.code}~{each.id}",
        titled=f"{unit.name}: {plan.programme}",
        fixed=not is_open,
        unit_name=unit.name,
        element=plan.element,
        programme=plan.programme,
        plan=f"{element}: {plan.programme}",
        person=plan.person,
        status=said(Line("console.late", {"status": status})) if is_open and plan.due < today
        else status,
        due=plan.due,
        day=plan.due,
        unit_id=unit.id,
        plan_id=each.id,
        public=photos.get(str(each.id), ""),
        photo=None,
        proof=said(kept_line(each.proof, each.file)) if each.proof or each.file else None,
    )  # fmt: skip
