"""A list of the web console: read in the scope of whoever asks, and never by an id alone.

One rule for every write: the form of the chat is filled in (`bot.web.console.form_filling`), or
what it writes with is called; the row that was seen is still what it was; what is wrong is said
beside its field, and nothing was done.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.types import RequestAction
from starlette_admin.views import BaseModelView

from bot.core.turns.turn_context import TurnContext
from bot.web.console.form_filling import Unfilled, said
from bot.web.console.session import Console
from bot.web.console.words import say
from flows.engine.clean_text import tidy
from flows.engine.form import Line
from storage import units
from storage.office import permissions
from storage.office.permissions import Action
from storage.periods import Period, parse
from storage.scope import Scope
from storage.units import Unit

MOST = 100  # rows of a page
FURTHEST = 10**9  # rows that are passed over: a database counts no further than 2^63
UNITS_OF_A_FILE, MOST_OF_A_FILE = 2_000, 20_000  # units, rows
LOOKED_AT = 20  # units whose rows a list shows at once; looking for a name shows others

# A code such as 00415 is none: it would lose what it begins with.
_NUMBER = re.compile(r"([1-9]\d{0,2}(\.\d{3})+|0|[1-9]\d*)(,\d+)?", re.ASCII)

SAID = ("text", "confirmation", "submit_btn_text")  # of a row's buttons

Data = Mapping[str, Any]


class Row(SimpleNamespace):
    """What is listed: an `id` that begins with its unit's code or scope and "~", `titled` for
    people, and a field each. `fixed`: nothing may become of it. `told`: what is said of it once it
    was written. `day`: the first that it tells of, where it tells of any."""

    id: str
    titled: str
    fixed: bool = False
    told: str = ""
    day: date | None = None

    def is_of(self, period: Period) -> bool:
        return self.day is None or period.first <= self.day <= period.last

    @property
    def seen(self) -> str:
        """Changes with it: of two who change it at once, the second has to look again."""
        return hashlib.sha256(repr(sorted(vars(self).items())).encode()).hexdigest()[:16]


def unfit(name: str, line: Line) -> FormValidationError:
    """What is wrong with a field, in a sentence."""
    return FormValidationError({name: said(line)})


class Table(BaseModelView):
    """Reading alone, until a table says otherwise. `action`: what a role needs for it."""

    pk_attr = "id"
    action: Action
    creates = edits = ends = False
    by_unit = True  # its rows are those of the first units
    exporters: Sequence[Any] = ()
    importers: Sequence[Any] = ()
    actions: Sequence[str] | None = ()
    page_size = 25
    page_size_options: Sequence[int] = (25, 50, 100)
    column_visibility = False
    searchable_fields: Sequence[str] | None = ()
    sortable_fields: Sequence[str] | None = ()

    def __init__(self, office: Console) -> None:
        self.office = office
        self.display_name = self.menu_label = said(Line(f"console.{self.key}"))
        self.about = said(Line(f"console.about.{self.key}"))
        self.looks = said(Line("console.looks", {"most": LOOKED_AT})) if self.by_unit else ""
        if self.by_unit:
            listed = (each for each in self.fields if not each.exclude_from_list)
            self.sortable_fields = [each.name for each in listed]
        ways = {"view": True, "edit": self.edits, "delete": self.ends}
        self.row_actions = [name for name, may in ways.items() if may]
        super().__init__()

    def is_accessible(self, request: Request) -> bool:
        return self.action in request.state.actions

    def can_create(self, request: Request) -> bool:
        return self.creates

    def can_edit(self, request: Request) -> bool:
        return self.edits

    def can_delete(self, request: Request) -> bool:
        return self.ends

    def can_export(self, request: Request) -> bool:
        return False

    can_import = can_export

    async def get_row_actions_for_obj(self, request: Request, obj: Any) -> list[dict[str, Any]]:
        found = await super().get_row_actions_for_obj(request, obj)
        return [self._spoken(each) for each in found]

    def _spoken(self, action: Mapping[str, Any]) -> dict[str, Any]:
        spoken = {name: say(each) if name in SAID else each for name, each in action.items()}
        if action["name"] == "delete":
            spoken["confirmation"] = said(Line(f"console.end.{self.key}"))
        return spoken

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        """Nothing is done to many rows at once."""
        return False

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        """What is sent from a row ends it; the other ways are links."""
        is_sent = request.state.action == RequestAction.ROW_ACTION
        return name in (self.row_actions or ()) and is_sent <= (name == "delete")

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        return name == "view" or not obj.fixed

    def rows(self, context: TurnContext, text: str, most: int = LOOKED_AT) -> list[Row]:
        """Those of the first units with these words in their name."""
        found = self.units(context, text, most)
        return [row for unit in found for row in self.of(context, unit)]

    def found(self, context: TurnContext, text: str, most: int = LOOKED_AT) -> list[Row]:
        """All that is shown for these words, each of which is a period or part of a name."""
        spans, names = list[Period](), list[str]()
        for word in text.split():
            try:
                spans.append(parse(word))
            except ValueError:
                names.append(word)
        rows = self.rows(context, " ".join(names), most)
        return [row for row in rows if all(row.is_of(span) for span in spans)]

    def every(self, context: TurnContext, text: str) -> list[Row]:
        """As `found`, for a file, whose last row says so where there is no room for all."""
        if not self.by_unit:
            rows = [*self.page(context, text, 0, MOST_OF_A_FILE + 1)]
        else:
            rows = self.found(context, text, UNITS_OF_A_FILE)
        is_cut = len(self.units(context, "", UNITS_OF_A_FILE + 1)) > UNITS_OF_A_FILE
        if len(rows) <= MOST_OF_A_FILE and not (self.by_unit and is_cut):
            return rows
        said_of = {"rows": MOST_OF_A_FILE, "units": UNITS_OF_A_FILE}
        first = next(each.name for each in self.fields if not each.exclude_from_list)
        cut = Row(id="", titled="", **{first: said(Line("console.export.cut", said_of))})
        return [*rows[:MOST_OF_A_FILE], cut]

    def hold(self, context: TurnContext, id: str) -> None:
        """Keep others from what is about to be changed, where what changes it does not."""

    def add(self, context: TurnContext, data: Data) -> Line:
        """What is told of it; raises Unfilled, FormValidationError."""
        raise NotImplementedError

    def change(self, context: TurnContext, row: Row, data: Data) -> Line:
        """… of a row as it was seen."""
        raise NotImplementedError

    def end(self, context: TurnContext, row: Row) -> Line:
        raise NotImplementedError

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Any = None,
        filters: Any = None,
    ) -> Sequence[Row]:
        most, skip = limit if 0 < limit <= MOST else MOST, min(skip, FURTHEST)

        def look(context: TurnContext) -> Sequence[Row]:
            by = [(name, way) for name, way in sorts or () if name in (self.sortable_fields or ())]
            if not by:
                return self.page(context, tidy(q or ""), skip, most)
            return _sorted(self.found(context, tidy(q or "")), by)[skip : skip + most]

        return await self.office.look(request, look)

    async def count(self, request: Request, q: str | None = None, filters: Any = None) -> int:
        return await self.office.look(request, lambda s: self.number(s, tidy(q or "")))

    def page(self, context: TurnContext, text: str, skip: int, most: int) -> Sequence[Row]:
        """So many of the rows; also from the database page by page, where they are many."""
        return self.found(context, text)[skip : skip + most]

    def number(self, context: TurnContext, text: str) -> int:
        return len(self.found(context, text))

    async def find_by_pk(self, request: Request, pk: Any) -> Row | None:
        return await self.office.look(request, lambda context: self.one(context, tidy(str(pk))))

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Row]:
        found = [await self.find_by_pk(request, pk) for pk in pks]
        return [row for row in found if row is not None]

    async def create(self, request: Request, data: dict[str, Any]) -> Row:
        return await self._write(request, lambda context: self.add(context, _tidied(data)))

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Row:
        def change(context: TurnContext) -> Line:
            self.hold(context, tidy(str(pk)))
            row = self.one(context, tidy(str(pk)))
            if row is None:
                raise Unfilled("", Line("where.denied"))
            if data.get("seen") != row.seen:
                raise Unfilled("", Line("console.moved"))
            return self.change(context, row, _tidied(data))

        return await self._write(request, change)

    async def delete(self, request: Request, pks: list[Any]) -> int:
        def end(context: TurnContext) -> None:
            for pk in pks:
                row = self.one(context, tidy(str(pk)))
                if row is None:
                    raise ActionFailed(said(Line("where.denied")))
                self.end(context, row)

        try:
            await self.office.do(request, end)
        except Unfilled as fault:
            raise ActionFailed(said(fault.why)) from None
        return len(pks)

    async def _write(self, request: Request, work: Callable[[TurnContext], Line]) -> Row:
        try:
            told = await self.office.do(request, work)
        except Unfilled as fault:
            shown = [field.name for field in self.get_fields_list(request) if not field.read_only]
            raise unfit(fault.step if fault.step in shown else shown[0], fault.why) from None
        return Row(id="", titled="", told=said(told, secrets=True))

    async def validate_fields(
        self, request: Request, data: dict[str, Any], exclude: Collection[str] = ()
    ) -> None:
        """A form that is refused shows again what may only be read in it."""
        pk = request.query_params.get("pk", "") if self.edits else ""
        row = await self.find_by_pk(request, pk) if pk else None
        for field in self.get_fields_list(request):
            if row and field.read_only:
                data[field.name] = getattr(row, field.name)
        await super().validate_fields(request, data, exclude)

    async def repr(self, obj: Any, request: Request) -> str:
        return obj.told or obj.titled

    def one(self, context: TurnContext, id: str) -> Row | None:
        """In the scope of whoever asks, or None."""
        unit = self.unit(context, id.partition("~")[0])
        return next((row for row in self.of(context, unit) if row.id == id), None) if unit else None

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        """The rows of a unit."""
        raise NotImplementedError

    def unit(self, context: TurnContext, code: str) -> Unit | None:
        """A unit in which whoever asks may do what this table is for."""
        unit = context.unit(code)
        connection, address = context.connection, context.address
        return unit if unit and permissions.may(connection, address, self.action, unit) else None

    def units(self, context: TurnContext, text: str, most: int = LOOKED_AT) -> list[Unit]:
        """The first of them with these words in their name."""
        return units.page(context.connection, self.scopes(context), text, 0, most)

    def scopes(self, context: TurnContext) -> list[Scope]:
        """In which whoever asks has the right to it."""
        return permissions.scopes(context.connection, context.address, self.action)


def _sorted(rows: list[Row], by: Sequence[tuple[str, str]]) -> list[Row]:
    """By these fields, each with "asc" or "desc"; the first counts most. What is empty stands last
    either way."""
    for name, way in reversed(by):
        ordered = [(_order(row, name), row) for row in rows]
        there = [each for each in ordered if each[0]]
        there.sort(key=itemgetter(0), reverse=way == "desc")
        rows = [row for _, row in (*there, *(each for each in ordered if not each[0]))]
    return rows


def _order(row: Row, name: str) -> tuple[int, float, str] | tuple[()]:
    """Days and numbers as such, also where they are words; () of what is empty."""
    value = row.day if name == "days" else getattr(row, name, None)
    if isinstance(value, date):
        return 0, value.toordinal(), ""
    figure = as_number(value)
    if figure is not None:
        return 0, figure, ""
    return (1, 0, str(value).casefold()) if value else ()


def as_number(value: Any) -> float | None:
    """Of a number, also as it is written: "1.234", "83,33"; None of all else."""
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return float(value.replace(".", "").replace(",", "."))
    return None


def _tidied(data: Data) -> Data:
    """As what is typed into a chat is."""
    return {name: tidy(text) if isinstance(text, str) else text for name, text in data.items()}
