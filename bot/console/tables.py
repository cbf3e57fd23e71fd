"""What the web console shows: units, standards, questions, roles, plans, the log; of responses
nothing. Each write is the chat's: the same functions, asked again whether it may be, and logged.
"""

from datetime import datetime
from typing import Any

from bot.console.roles import Roles
from bot.console.sitting import Sitting
from bot.console.standards import Standards
from bot.console.table import Row, Table, field
from bot.console.units import Units
from bot.names import name_of
from flows.files import CURRENT, instrument, words
from flows.form import Line
from storage import audit, follow_ups, permissions, questionnaires
from storage.periods import zone

MOST = 50  # plans of a unit, entries of the log


class Questions(Table):
    key = "questions"
    action = "edit_questions"
    searchable_fields = ("unit",)
    fields = (field("unit", searchable=True), field("text"), field("kind"))

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        return [
            Row(id=f"{unit.code}~{extra.key}", unit=unit.name, text=extra.text, kind=extra.kind)
            for unit in self.units(sitting, text)
            for extra in questionnaires.get(sitting.desk.connection, unit.questionnaire).extras
        ]


class FollowUps(Table):
    key = "follow_ups"
    action = "plan_follow_up"
    searchable_fields = ("unit",)
    fields = (
        field("unit", searchable=True),
        field("element"),
        field("programme"),
        field("due"),
        field("person"),
        field("status"),
    )

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        by = instrument(CURRENT)
        return [
            Row(
                id=f"{unit.code}~{each.id}",
                unit=unit.name,
                element=by.element_name(each.plan.element),
                programme=each.plan.programme,
                due=each.plan.due.isoformat(),
                person=each.plan.person,
                status=words("id").line(Line(f"follow_up.status.{each.status}")),
            )
            for unit in self.units(sitting, text)
            for each in follow_ups.open_of(sitting.desk.connection, unit.id, MOST)
        ]


class Log(Table):
    key = "log"
    action = "read_log"
    fields = (field("when"), field("who"), field("did"), field("scope"), field("before"),
              field("after"))  # fmt: skip

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        connection = sitting.desk.connection
        scopes = permissions.scopes(connection, sitting.address, self.action)
        return [
            Row(
                id=str(entry.id),
                when=datetime.fromtimestamp(entry.at, zone("WIB")).strftime("%Y-%m-%d %H:%M"),
                who=name_of(entry.by),
                did=entry.action,
                scope=entry.scope,
                before=_told(entry.before),
                after=_told(entry.after),
            )
            for entry in audit.page(connection, scopes, MOST)
        ]

    def one(self, sitting: Sitting, id: str) -> Row | None:
        return next((row for row in self.rows(sitting, "") if row.id == id), None)


def _told(values: Any) -> str:
    return "; ".join(f"{name}: {value}" for name, value in (values or {}).items())


TABLES: tuple[type[Table], ...] = (Units, Standards, Questions, Roles, FollowUps, Log)
