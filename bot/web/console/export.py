"""What the console's pages show as a workbook.

Every text is text as it was written, so that nothing somebody typed becomes a formula or a link;
what is a figure on the page is a number in the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import cast

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.fields import BaseField, EnumField

from bot.web.console.table import Row, as_number

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 50  # characters of a column
TITLE = 31  # … of a sheet's name

Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]


def download(name: str, *sheets: Sheet) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(workbook(*sheets), media_type=MEDIA_TYPE, headers=headers)


def workbook(*sheets: Sheet) -> bytes:
    from xlsxwriter import Workbook  # 2 MB that few ask for

    content = BytesIO()
    book = Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    day, wrapped = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"text_wrap": 1})
    for each in sheets:
        sheet = book.add_worksheet(each.title[:TITLE])
        for x, name in enumerate(each.header):
            sheet.write_string(0, x, name, bold)
        widths = [len(name) for name in each.header]
        for y, row in enumerate(each.rows, 1):
            for x, value in enumerate(row):
                text = str(value)
                if len(text) > widths[x] < WIDEST:
                    widths[x] = max(widths[x], *map(len, text.split("\n")))
                figure = as_number(value)
                if isinstance(value, date):
                    sheet.write_datetime(y, x, value, day)
                elif figure is not None:
                    sheet.write_number(y, x, figure)
                elif value is not None:
                    sheet.write_string(y, x, text, wrapped)
        for x, width in enumerate(widths):
            sheet.set_column(x, x, min(width + 2, WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(each.rows), len(each.header) - 1)
    book.close()
    return content.getvalue()


def listed(title: str, fields: Sequence[BaseField], rows: Sequence[Row], request: Request) -> Sheet:
    """The rows of a list, as its page shows them."""
    columns = [_column(field, rows, request) for field in fields]
    return Sheet(title, [str(field.label) for field in fields], [*zip(*columns, strict=True)])


def _column(field: BaseField, rows: Sequence[Row], request: Request) -> list[Value]:
    values = [getattr(row, field.name, None) for row in rows]
    if not isinstance(field, EnumField):
        return values
    choices = field.choices_loader(request) if field.choices_loader else field.choices or ()
    pairs = cast(Sequence[tuple[object, object]], choices)
    named = {value: str(label) for value, label in pairs}
    return [named.get(value, value) for value in values]
