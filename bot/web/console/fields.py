"""Fields of the web console's lists and forms, each with its label in the catalogue."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette_admin.fields import BaseField, EnumField, StringField, TextAreaField

from bot.web.console.form_filling import said
from flows.engine.form import Line
from flows.formats import day_line
from flows.loader import element_line, skm_items

Flags = dict[str, Any]

LISTED: Flags = {"exclude_from_create": True, "exclude_from_edit": True}
WRITTEN: Flags = {"exclude_from_list": True, "exclude_from_detail": True}
CREATED: Flags = {**WRITTEN, "exclude_from_edit": True}
EDITED: Flags = {**WRITTEN, "exclude_from_create": True}

Choices = Sequence[tuple[str, str]]


def field(name: str, kind: type[BaseField] = StringField, hint: str = "", **more: Any) -> BaseField:
    """Labelled "console.field.NAME"; `hint` is the end of the key of what stands below it."""
    label = said(Line(f"console.field.{name}"))
    help_text = said(Line(f"console.hint.{hint}")) if hint else None
    more = {"filters": [], "help_text": help_text, **more}
    return kind(name=name, label=label, **more)


def choice(name: str, choices: Choices, **more: Any) -> BaseField:
    return field(name, EnumField, choices=choices, **more)


def element(name: str, choices: Callable[[date], Choices], **more: Any) -> BaseField:
    """Offers elements of the SKM by the names of today, also those that are asked no more."""
    return field(
        name, EnumField, choices_loader=lambda request: choices(request.state.today), **more
    )


def elements(day: date) -> Choices:
    return [(key, said(element_line(key, day))) for key in skm_items()]


def lines(name: str, **more: Any) -> BaseField:
    return field(name, TextAreaField, **{"rows": 3, **more})


def day(name: str, **more: Any) -> BaseField:
    """Written as in the chat, such as 30/11/2026, and shown as 30 Nov 2026."""
    return field(name, Day, placeholder="31/12/2026", **more)


def place(name: str, **more: Any) -> BaseField:
    """A unit or another scope, offered by name where the chat holds a role there."""
    return field(name, form_template="console/place.html", required=True, **more)


SEEN = StringField(
    name="seen",
    label="",
    filters=[],
    label_template="console/nothing.html",
    form_template="console/hidden.html",
    exclude_from_list=True,
    exclude_from_detail=True,
    exclude_from_create=True,
)
"""What a form carries and shows nobody: `bot.web.console.table.Row.seen`."""


class Day(StringField):
    async def serialize_value(self, request: Request, value: Any) -> str:
        if not isinstance(value, date):
            return str(value)
        return f"{value:%d/%m/%Y}" if request.state.action.is_form() else said(day_line(value))
