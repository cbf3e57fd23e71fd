"""Which levels of PEKPPP's F-02 a unit's records of a year support (numbers in `evidence.toml`).

Theory. The rule names levels, not how to count; where it is silent the count is the one that an
evaluator cannot lower. A plan belongs to the year in which it was made. One that was dropped still
counts, as not finished: else dropping what failed would raise the share. Speed is that of the
slowest plan, and an open one counts with its age so far: a mean would hide the one that took a
year. Months are calendar months: from 31 January one month is until 28 February.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from reports.ipp.evidence_rules import EvidenceRules, Media, Share, Speed
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import FollowUp
from storage.office.result_publications import ResultPublication


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit's records of a year, as they are on the day `on`, and the levels 0..5."""

    year: int
    on: date
    follow_ups: Sequence[FollowUp]
    publications: Sequence[ResultPublication]
    share: int
    speed: int
    media: int

    @property
    def finished(self) -> int:
        return sum(each.status == "done" for each in self.follow_ups)

    @property
    def used(self) -> list[str]:
        """The media, each once."""
        return sorted({each.medium for each in self.publications})


def evidence(
    connection: Connection, unit_id: int, year: int, today: date, rules: EvidenceRules
) -> Evidence:
    """`today`: the unit's local day."""
    days = date(year, 1, 1), date(year, 12, 31)
    plans = follow_ups.planned_in(connection, unit_id, *days)
    published = result_publications.between(connection, unit_id, *days)
    finished = sum(plan.status == "done" for plan in plans)
    return Evidence(
        year,
        today,
        plans,
        published,
        share_level(finished, len(plans), rules.share),
        speed_level(plans, today, rules.speed),
        media_level({each.medium for each in published}, rules.media),
    )


def media_level(media: Iterable[str], rule: Media) -> int:
    """By how many different media there were."""
    return min(len(set(media)), rule.most)


def share_level(finished: int, planned: int, rule: Share) -> int:
    """By how many of the plans are finished."""
    if not planned:
        return 0
    if not finished:
        return rule.planned
    if finished == planned:
        return rule.all
    if 100 * finished < rule.middle_from * planned:
        return rule.some
    return rule.most if 100 * finished > rule.middle_to * planned else rule.middle


def speed_level(plans: Iterable[FollowUp], today: date, rule: Speed) -> int:
    """By the slowest of the plans that are finished or still open; 0 where none is finished."""
    waited = [plan for plan in plans if plan.status != "dropped"]
    if not any(plan.status == "done" for plan in waited):
        return 0
    for each in rule.within:
        if all(_is_within(plan, each.months, today) for plan in waited):
            return each.level
    return 0


def _is_within(plan: FollowUp, months: int, today: date) -> bool:
    return (plan.finished_on or today) <= months_later(plan.planned_on, months)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one that month has."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
