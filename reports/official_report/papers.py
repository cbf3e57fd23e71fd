"""The formats that a report is written in, by their ending."""

from __future__ import annotations

from typing import Literal

from reports.official_report.document import Document
from reports.official_report.outline import outline
from reports.official_report.report import Report

Format = Literal["pdf", "docx", "xlsx"]
FORMATS: tuple[Format, ...] = ("pdf", "docx", "xlsx")


def written(report: Report, format: Format) -> bytes:
    """Up to half a second of CPU: call it in a thread."""
    return _paper(outline(report), format)


def _paper(document: Document, format: Format) -> bytes:
    """Each library is slow to import, and only one is needed."""
    if format == "pdf":
        from reports.official_report.pdf import pdf

        return pdf(document)
    if format == "docx":
        from reports.official_report.word import docx

        return docx(document)
    from reports.official_report.workbook import xlsx

    return xlsx(document)
