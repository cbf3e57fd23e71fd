"""A list of the console as a workbook: what its pages show, of all units, in its order.

Every text is text as it was written, so that nothing somebody typed becomes a formula or a link;
what is a figure on the page is a number in the file.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import cast

from starlette.requests import Request
from starlette_admin.fields import BaseField, EnumField
from xlsxwriter import Workbook

from bot.web.console.table import Row, as_number

WIDEST = 50  # characters of a column


def workbook(
    title: str, fields: Sequence[BaseField], rows: Sequence[Row], request: Request
) -> bytes:
    content = BytesIO()
    book = Workbook(content, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    day, wrapped = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"text_wrap": 1})
    for x, field in enumerate(fields):
        sheet.write_string(0, x, str(field.label), bold)
        names = _names(field, request)
        longest = len(str(field.label))
        for y, row in enumerate(rows, 1):
            value = getattr(row, field.name, None)
            text = names.get(str(value), "" if value is None else str(value))
            longest = max(longest, *map(len, text.split("\n")))
            figure = as_number(text)
            if hasattr(value, "toordinal"):
                sheet.write_datetime(y, x, value, day)
            elif figure is not None:
                sheet.write_number(y, x, figure)
            else:
                sheet.write_string(y, x, text, wrapped)
        sheet.set_column(x, x, min(longest + 2, WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(fields) - 1)
    book.close()
    return content.getvalue()


def _names(field: BaseField, request: Request) -> dict[str, str]:
    """What is shown for what is kept."""
    if not isinstance(field, EnumField):
        return {}
    choices = field.choices_loader(request) if field.choices_loader else field.choices or ()
    pairs = cast(Sequence[tuple[object, object]], choices)
    return {str(value): str(label) for value, label in pairs}
