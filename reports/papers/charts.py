"""Charts as Excel and Word draw them: native ones, whose figures can be looked at and changed."""

import io
import zipfile
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as Native

from reports.papers.document import Chart

PIXELS = 640, 240  # across, down
_PLAIN, _DARK, _LINES = "#9fb6cf", "#24476b", "#b9c2cb"
_STEPS = 3  # of the scale: those of the values 1 to 4
_SHEET = "Data"


def drawn(book: Workbook, chart: Chart, sheet: str, top: int) -> Native:
    """The chart of a workbook whose sheet has names and figures in its first two columns, from the
    row `top` on, counted from 0."""
    is_line, last = chart.kind == "line", top + len(chart.rows) - 1
    made = book.add_chart({"type": "line" if is_line else "bar"})
    series: dict[str, Any] = {
        "name": chart.name,
        "categories": [sheet, top, 0, last, 0],
        "values": [sheet, top, 1, last, 1],
        "data_labels": {"value": True, "num_format": "0.00"},
    }
    if is_line:
        line = {"color": _DARK, "width": 2}
        series |= {"line": line, "marker": {"type": "circle", "fill": {"color": _DARK}}}
        series["data_labels"]["position"] = "above"
    else:
        fills = [{"fill": {"color": _DARK if dark else _PLAIN}} for _, _, dark in chart.rows]
        series |= {"points": fills, "gap": 45, "fill": {"color": _PLAIN}}
    made.add_series(series)
    step = (chart.high - chart.low) / _STEPS
    scale = {"min": chart.low, "max": chart.high, "major_unit": step, "num_format": "0"}
    scale["major_gridlines"] = {"visible": True, "line": {"color": _LINES}}
    made.set_legend({"none": True})
    made.set_title({"none": True})
    made.set_size({"width": PIXELS[0], "height": PIXELS[1]})
    if is_line:
        made.set_y_axis(scale)
    else:
        made.set_y_axis({"reverse": True, "crossing": "max"})  # the first on top, the scale below
        made.set_x_axis(scale)
    return made


def parts(chart: Chart) -> tuple[bytes, bytes]:
    """For a paper that is no workbook: the chart's XML (DrawingML), and the workbook with its
    figures that stands behind it."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_SHEET)
        for row, (name, figure, _) in enumerate(chart.rows):
            sheet.write_string(row, 0, name)
            sheet.write_number(row, 1, float(figure.text))
        sheet.set_column(0, 0, 40)
        sheet.insert_chart(0, 3, drawn(book, chart, _SHEET, 0))
    whole = zipfile.ZipFile(file)
    return whole.read("xl/charts/chart1.xml"), file.getvalue()
