"""The formats that a report is written in: three papers, and the card in three sizes."""

from collections.abc import Mapping
from typing import Literal

from reports.official_report.card import Size, card_of, drawn_card
from reports.official_report.outline import outline
from reports.official_report.report import Report
from reports.papers.document import Document

Format = Literal["pdf", "docx", "xlsx", "card", "card-a4", "card-a3"]

ENDINGS: Mapping[Format, str] = {
    "pdf": "pdf",
    "docx": "docx",
    "xlsx": "xlsx",
    "card": "png",
    "card-a4": "pdf",
    "card-a3": "pdf",
}
_CARDS: Mapping[str, Size] = {"card": "square", "card-a4": "a4", "card-a3": "a3"}


class NothingToHangUp(Exception):
    """There is no index to publish, so there is no card."""


def written(report: Report, format: Format) -> bytes:
    """Up to half a second of CPU: call it in a thread. Raises NothingToHangUp."""
    if format not in _CARDS:
        return _paper(outline(report), format)
    card = card_of(report)
    if card is None:
        raise NothingToHangUp
    return drawn_card(card, _CARDS[format])


def _paper(document: Document, format: Format) -> bytes:
    """Each library is slow to import, and only one is needed."""
    if format == "pdf":
        from reports.papers.pdf import pdf

        return pdf(document)
    if format == "docx":
        from reports.papers.pdf import contents
        from reports.papers.word import docx

        return docx(document, contents(document))
    from reports.papers.workbook import xlsx

    return xlsx(document)
