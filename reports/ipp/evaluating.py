"""The IPP of units and institutions in a year, from what is kept: F-02 scores and F-03 answers."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection

from flows.loader import instrument
from reports.ipp.index import F02, Institution, Score, f02_of, f03_of, grade_of, ipp_of, ranked
from reports.ipp.rules import Grade, Rules, rules
from reports.statistics.index import element_means
from reports.stored.figures import sums_by
from storage.index import evaluations
from storage.index.evaluations import Evaluation, Scored
from storage.periods import parse
from storage.units import Unit

F03 = "f-03"  # the instrument of users' answers


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A unit's year. `f02`, `f03`: None where there are no scores, no answers; `n`: how many users
    answered. `ipp` and `grade`: None unless there are both."""

    unit: Unit
    f02: F02 | None
    f03: Fraction | None
    n: int
    ipp: Fraction | None
    grade: Grade | None


def scored(scores: Sequence[Score]) -> list[Scored]:
    """The scores of an evaluator's file as they are kept."""
    return [
        Scored(
            each.aspect, each.number, each.score, "" if each.weight is None else str(each.weight)
        )
        for each in scores
    ]


def evaluated(connection: Connection, units: Sequence[Unit], year: int) -> list[Evaluated]:
    """In the order of the units. Fold first (`reports.stored.fold.fold`)."""
    ids = [units[0].id] if len(units) == 1 else None  # a year of everybody is one reading
    f02 = evaluations.of_year(connection, year, ids)
    days = parse(str(year))
    (tallies,) = sums_by(
        connection, ids, days.first, days.last, lambda cell: cell.unit_id, asked=F03
    )
    return [
        _evaluated(
            unit,
            f02.get(unit.id),
            f03_of(element_means(tallies[unit.id], {})) if unit.id in tallies else None,
            tallies[unit.id].n if unit.id in tallies else 0,
        )
        for unit in units
    ]


def institutions(found: Collection[Evaluated]) -> list[Institution]:
    """The agencies of these units in order of their IPP (`reports.ipp.index.ranked`)."""
    by_agency: dict[str, list[Fraction]] = defaultdict(list)
    for each in found:
        by_agency[each.unit.agency] += [] if each.ipp is None else [each.ipp]
    return ranked(by_agency, rules())


def unconfirmed(found: Collection[Evaluated]) -> list[str]:
    """What has to be said beside these figures: all that no text of the rules confirms."""
    said = [*rules().unconfirmed, *instrument(F03).unconfirmed]
    plain = {key for each in found if each.f02 for key in each.f02.unweighted}
    names = [f"{a.numeral}. {a.name}" for a in rules().aspects if a.key in plain]
    if not names:
        return said
    return [*said, f"Rata-rata indikator tanpa bobot: {'; '.join(names)} (belum dipastikan)."]


def _evaluated(unit: Unit, kept: Evaluation | None, f03: Fraction | None, n: int) -> Evaluated:
    by = rules(kept.rules) if kept else rules()
    f02 = _f02(kept, by) if kept else None
    if f02 is None or f03 is None:
        return Evaluated(unit, f02, f03, n, None, None)
    ipp = ipp_of(f02.index, f03, by)
    return Evaluated(unit, f02, f03, n, ipp, grade_of(ipp, by))


def _f02(kept: Evaluation, by: Rules) -> F02:
    return f02_of(
        [
            Score(s.aspect, s.number, s.score, Fraction(s.weight) if s.weight else None)
            for s in kept.scores
        ],
        by,
    )
