"""A native chart in a Word document: its part, the workbook behind it, its place in the text."""

from typing import Any
from xml.sax.saxutils import quoteattr

from docx.document import Document as Open
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from reports.papers import charts
from reports.papers.document import Chart

_OFFICE = "application/vnd.openxmlformats-officedocument"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"

_PRINT = b"<c:printSettings>"
_VALUES = b'<c:showVal val="1"/>'
# What is not said here, some programs show beside the value.
_VALUES_ALONE = (
    b'<c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/>'
    b'<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def insert(paper: Open, line: Line, chart: Chart, wide: int) -> None:
    """`wide`: in mm."""
    number = sum("/word/charts/" in part.partname for part in paper.part.package.iter_parts()) + 1
    xml, workbook = charts.parts(chart)
    package: Any = paper.part.package
    behind = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"), f"{_OFFICE}.spreadsheetml.sheet", workbook,
        package,
    )  # fmt: skip
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), f"{_OFFICE}.drawingml.chart+xml", b"", package
    )
    data = part.relate_to(behind, f"{_RELATED}/package")
    external = f'<c:externalData xmlns:r="{_RELATED}" r:id="{data}"/>'.encode()
    # The schema's order: what is printed comes last.
    part._blob = xml.replace(_PRINT, external + _PRINT).replace(_VALUES, _VALUES_ALONE)
    there = paper.part.relate_to(part, f"{_RELATED}/chart")
    across, down = (Mm(wide), Mm(wide * charts.PIXELS[1] / charts.PIXELS[0]))
    line.add_run()._r.append(
        parse_xml(
            f"<w:drawing {nsdecls('w', 'wp', 'a', 'r')}>"
            '<wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{across}" cy="{down}"/>'
            f'<wp:docPr id="{1000 + number}" name={quoteattr(chart.label)} '
            f"descr={quoteattr(chart.told)}/><wp:cNvGraphicFramePr/>"
            f'<a:graphic><a:graphicData uri="{_CHART}">'
            f'<c:chart xmlns:c="{_CHART}" r:id="{there}"/>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )
