"""`skm evidence`: a unit's records of a year, and the levels of PEKPPP's F-02 they support."""

import time
from pathlib import Path
from typing import Any

import typer

from bot.commands.ipp.commands import FIRST
from bot.commands.ipp.evidence_table import show, write
from bot.commands.open_database import opened, reading
from bot.commands.output import print_json
from bot.commands.refusal import Refused
from bot.commands.scope import unit_of
from bot.settings import load
from flows.operator_words import tr
from reports.ipp.evidence import Evidence, evidence
from reports.ipp.evidence_rules import EvidenceRules, evidence_rules
from storage.office.follow_ups import FollowUp
from storage.units import Unit


def export(code: str, year: int, as_data: bool, out: Path | None) -> None:
    """Raises Refused: then nothing is written."""
    if out and out.suffix.lower() != ".xlsx":
        raise Refused(tr("--out writes a workbook; name it {0}.", out.with_suffix(".xlsx")))
    by = evidence_rules()
    with opened(load()) as engine, reading(engine) as connection:
        unit = unit_of(connection, code)
        today = unit.day_at(time.time())
        if not FIRST <= year <= today.year:
            raise Refused(tr("--year {0} is none of {1} to {2}.", year, FIRST, today.year))
        found = evidence(connection, unit.id, year, today, by)
    if out:
        write(out, unit, found, by)
        typer.echo(tr("Written to {0}.", out), err=True)
    if as_data:
        print_json(_json(unit, found, by))
    elif not out:
        show(unit, found, by)


def _json(unit: Unit, found: Evidence, by: EvidenceRules) -> dict[str, Any]:
    return {
        "unit": unit.code,
        "year": found.year,
        "on": found.on.isoformat(),
        "rules": by.id,
        "rule": by.rule,
        "source": by.source,
        "levels": {
            "share": {
                "level": found.share,
                "planned": len(found.follow_ups),
                "finished": found.finished,
            },
            "speed": {"level": found.speed},
            "media": {"level": found.media, "media": found.used},
        },
        "follow_ups": [_follow_up(each) for each in found.follow_ups],
        "publications": [
            {"period": each.period, "medium": each.medium, "on": each.on.isoformat()}
            for each in found.publications
        ],
        "unconfirmed": list(by.unconfirmed),
    }


def _follow_up(each: FollowUp) -> dict[str, str | None]:
    return {
        "element": each.plan.element,
        "programme": each.plan.programme,
        "person": each.plan.person,
        "planned_on": each.planned_on.isoformat(),
        "due": each.plan.due.isoformat(),
        "status": each.status,
        "finished_on": each.finished_on.isoformat() if each.finished_on else None,
        "proof": each.proof or None,
        "proof_file": each.file.kind if each.file else None,
        "told": each.told or None,
    }
