"""A list of the web console: read in the scope of whoever asks, and never by an id alone."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import BaseField, StringField
from starlette_admin.views import BaseModelView

from bot.console.sitting import Office, Sitting
from bot.console.words import say
from flows.files import words
from flows.form import Line
from storage import permissions, units
from storage.permissions import Action
from storage.units import Unit

LOOKED_AT = 20  # units whose rows a list shows at once; looking for a name shows others

SAID = ("text", "confirmation", "submit_btn_text")  # of a row's buttons

Row = SimpleNamespace


def said(key: str) -> str:
    """A label; the console speaks Indonesian."""
    return words("id").line(Line(f"console.{key}"))


def field(name: str, kind: type[BaseField] = StringField, **more: Any) -> BaseField:
    return kind(name=name, label=said(f"field.{name}"), filters=[], orderable=False, **more)


def unseen(name: str) -> BaseField:
    """What a form carries and shows nobody."""
    return StringField(
        name=name,
        label="",
        filters=[],
        label_template="console/nothing.html",
        form_template="console/hidden.html",
        exclude_from_list=True,
        exclude_from_detail=True,
    )


HIDDEN = {
    "console/nothing.html": "",
    "console/hidden.html": '<input type="hidden" name="{{ field.id }}" value="{{ data or "" }}">',
}


def unfit(name: str, line: Line) -> FormValidationError:
    """What is wrong with a field, in a sentence."""
    return FormValidationError({name: words("id").line(line)})


class Table(BaseModelView):
    """Reading alone, until a table says otherwise. `action`: what a role needs for it."""

    pk_attr = "id"
    action: Action
    exporters: Sequence[Any] = ()
    importers: Sequence[Any] = ()
    actions: Sequence[str] | None = ()
    row_actions: Sequence[str] | None = ("view",)
    page_size = 25
    searchable_fields: Sequence[str] | None = ()
    sortable_fields: Sequence[str] | None = ()

    def __init__(self, office: Office) -> None:
        self.office = office
        self.display_name = self.menu_label = said(str(self.key))
        super().__init__()
        for action in self._row_actions.values():
            action.update({name: say(text) for name, text in action.items() if name in SAID})

    def is_accessible(self, request: Request) -> bool:
        return self.action in request.state.actions

    def can_create(self, request: Request) -> bool:
        return False

    can_edit = can_delete = can_export = can_import = can_create

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        """All that is shown for these words; each with an `id`."""
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
        found = await self.office.do(request, lambda sitting: self.rows(sitting, q or ""))
        return found[skip : skip + limit if limit > 0 else None]

    async def count(self, request: Request, q: str | None = None, filters: Any = None) -> int:
        return len(await self.office.do(request, lambda sitting: self.rows(sitting, q or "")))

    async def find_by_pk(self, request: Request, pk: Any) -> Row | None:
        return await self.office.do(request, lambda sitting: self.one(sitting, str(pk)))

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Row]:
        found = [await self.find_by_pk(request, pk) for pk in pks]
        return [row for row in found if row is not None]

    def one(self, sitting: Sitting, id: str) -> Row | None:
        """In the scope of whoever asks, or None. An id begins with its unit's code."""
        unit = self.unit(sitting, id.partition("~")[0])
        rows = self.rows(sitting, unit.name) if unit else []
        return next((row for row in rows if row.id == id), None)

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        raise NotImplementedError

    def unit(self, sitting: Sitting, code: str) -> Unit | None:
        """A unit in which whoever asks may do what this table is for."""
        unit = sitting.desk.unit(code)
        connection, address = sitting.desk.connection, sitting.address
        return unit if unit and permissions.may(connection, address, self.action, unit) else None

    def units(self, sitting: Sitting, text: str) -> list[Unit]:
        """The first of them with these words in their name."""
        connection = sitting.desk.connection
        scopes = permissions.scopes(connection, sitting.address, self.action)
        return units.page(connection, scopes, text, 0, LOOKED_AT)
