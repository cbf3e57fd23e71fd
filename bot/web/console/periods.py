"""The periods of units in the web console: what /periode does, at a desk. The users of one are
written; one that is over is closed for good, beside what its sheet will show."""

from collections.abc import Iterator

from bot.core.turns.turn_context import TurnContext
from bot.office.periods.period_overview import Periods as Shown
from bot.office.periods.period_overview import periods_of
from bot.web.console.fields import EDITED, LISTED, SEEN, choice, field, lines
from bot.web.console.form_filling import Unfilled, fill, said
from bot.web.console.table import Data, Row, Table
from flows.commands import PERIOD
from flows.engine.form import Line
from flows.formats import days
from flows.loader import words
from flows.office.period import SHEET, USERS
from storage.periods import Period
from storage.units import Unit

OPEN, CLOSE = "open", "close"


class Periods(Table):
    key = "periods"
    action = "run_periods"
    edits = True
    searchable_fields = ("unit",)
    fields = (
        field("unit_name", read_only=True),
        field("period", read_only=True),
        field("days", **LISTED),
        field("n", read_only=True),
        field("users"),
        field("state", **LISTED),
        lines("sheet", rows=6, read_only=True, exclude_from_list=True),
        choice("close", [(way, said(Line(f"console.close.{way}"))) for way in (OPEN, CLOSE)],
               required=True, **EDITED),
        SEEN,
    )  # fmt: skip

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        """The one that runs, the next, and those that are over and not published."""
        found = periods_of(context.connection, unit, context.at)
        return [
            Row(
                id=f"{unit.code}~{each.name}",
                titled=f"{unit.name}, {named(each)}",
                unit_name=unit.name,
                period=named(each),
                days=days(each.first, each.last, words("id")),
                day=each.first,
                n=str(found.answers(each.name)),
                users=found.users(each),
                state=said(Line(f"console.period.{_state(found, each)}")),
                is_over=each in found.over,
                sheet=None,
                close=OPEN,
            )
            for each in found.with_users()
        ]

    def one(self, context: TurnContext, id: str) -> Row | None:
        row = super().one(context, id)
        if row:
            runs = said(Line("console.period.open"))
            row.sheet = _sheet(context, *id.split("~")) if row.is_over else runs
        return row

    def change(self, context: TurnContext, row: Row, data: Data) -> Line:
        unit, _, period = row.id.partition("~")
        if data.get("close") == CLOSE and not row.is_over:
            raise Unfilled("close", Line("console.period.open"))
        told = Line("period.cancelled")
        for given in _changes(row, data, period):
            told = fill(context, f"{PERIOD} {unit}", given, *DONE)
        return told


DONE = ("unit.saved", "period.closed", "period.closed.bare")


def _state(found: Shown, period: Period) -> str:
    if period in found.over:
        return "over"
    return "runs" if period == found.runs else "next"


def named(period: Period) -> str:
    return said(Line("period.named", {"period": period.name}))


def _changes(row: Row, data: Data, period: str) -> Iterator[dict[str, str]]:
    users = str(data.get("users") or "")
    if users not in ("", row.users):
        yield {"do": USERS, "period": period, USERS: users, "confirm": "save"}
    if data.get("close") == CLOSE:
        yield {"do": period, "publish": "publish"}


def _sheet(context: TurnContext, unit: str, period: str) -> str:
    """What the sheet of one that is over will show, or why there can be none yet."""
    try:
        fill(context, f"{PERIOD} {unit}", {"do": period})
    except Unfilled as looked:
        if looked.step == "publish" and looked.talk:
            return looked.talk.about[SHEET]
        return said(looked.why)
    raise AssertionError("it is closed by nobody")
