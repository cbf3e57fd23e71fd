"""The publication card: one page to hang up (PDF), or a square picture for a phone and the web.

It says nothing that the report does not, and there is none where there is no index to publish.
"""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from flows.loader import instrument
from reports.official_report import wording
from reports.official_report.report import Counts, Report
from reports.papers.document import Figure, said
from reports.printed.typesetting import archived, drawn

Size = Literal["square", "a4", "a3"]
"""1080 × 1080 pixels, or paper."""

_ON_CARD = ("sex", "education")
_PAPER = Path(__file__).parent / "card.typ"


@dataclass(frozen=True, slots=True)
class Card:
    """`facts`: lists of who answered, each with its name. `told`: all of it, for whoever cannot see
    it. `logo`: a PNG, as numbers."""

    title: str
    agency: str
    unit: str
    service: str
    period: str
    ikm: str
    grade: str
    label: str
    facts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    thanks: str
    foot: str
    logo: list[int]

    @property
    def told(self) -> str:
        grade = f", mutu {self.grade} ({self.label})" if self.grade else ""
        return f"{self.title} {self.unit}, {self.period}: {self.ikm}{grade}"


def card_of(report: Report) -> Card | None:
    """None where there is nothing to hang up."""
    found, unit = report.figures.headline, report.unit
    if found is None or report.state == "provisional":
        return None
    labels = [each["label"] for each in unit.services]
    number = Figure(str(report.figures.n)).said
    facts: list[tuple[str, tuple[tuple[str, str], ...]]] = [("Responden", (("Jumlah", number),))]
    tables = {counts.key: counts for counts in report.profile}
    lists = ((key, _said(report, tables[key])) for key in _ON_CARD if key in tables)
    facts += [(wording.band(key), said) for key, said in lists if said]
    foot = f"{instrument(report.instrument).rule} · bobot {wording.weight(report)} tepat"
    if report.state != "published":
        foot = f"Belum diterbitkan, jangan ditempel dulu · {foot}"
    elif report.proof:
        foot += f" · lembar {report.proof.number}"
    return Card(
        "Indeks Kepuasan Masyarakat (IKM)",
        "" if report.is_of_agency else unit.agency,
        unit.name,
        labels[0] if len(labels) == 1 else "",
        f"{wording.period_name(report.period)} · {wording.days(report.period)}",
        Figure(found.ikm).said,
        found.grade or "",
        found.label or "",
        tuple(facts),
        "Terima kasih atas penilaian Anda. Masukan Anda kami pakai untuk memperbaiki pelayanan.",
        foot,
        [*(report.details.logo or b"")],
    )


def drawn_card(card: Card, size: Size) -> bytes:
    """A PNG if it is square, else a PDF."""
    data = {**asdict(card), "told": card.told, "size": size}
    return drawn(_PAPER, data, "png") if size == "square" else archived(_PAPER, data)


def _said(report: Report, counts: Counts) -> tuple[tuple[str, str], ...]:
    """Those that somebody chose; none where nobody said anything."""
    told = [
        (id, wording.choice(report, counts, id), said(wording.count(number)))
        for id, number in zip(counts.choices, counts.counts, strict=True)
        if number != 0
    ]
    if [id for id, _, _ in told] == ["unsaid"]:
        return ()
    return tuple((name, text) for _, name, text in told)
