"""The figure of an agency, a region or the nation, in the two ways that are in use, each by name.

The mean of units counts each unit once, however many answered there: it judges offices, and it is
how institutions are ranked (PermenPANRB 29/2022: the plain mean of the units evaluated). Only
units that reach their minimum sample are in it. Pooled respondents counts each respondent once,
of every unit: it judges what people met with, and a large office weighs more. The two differ, and
neither is the other's correction, so a figure of a level is never shown without saying which.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from math import fsum, sqrt

from reports.statistics.ranking import Standing


@dataclass(frozen=True, slots=True)
class MeanOfUnits:
    """The plain mean of the units' IKM, unrounded.

    `units`: those in the mean. `left_out`: those that do not reach their minimum sample, or that
    nobody answered about. `standard_error`: √Σ SE_i² / units, in IKM points. `ikm` and
    `standard_error` are None where no unit is in.
    """

    ikm: Fraction | None
    standard_error: float | None
    units: int
    left_out: int


@dataclass(frozen=True, slots=True)
class PooledRespondents:
    """The index of all respondents as if of one office, whether their unit has enough or not.

    `standard_error`: in IKM points; None for fewer than 2 respondents.
    """

    ikm: Fraction | None
    standard_error: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Level:
    """Both figures of one level: an agency, a region, the nation (or a unit, of its services)."""

    mean_of_units: MeanOfUnits
    pooled_respondents: PooledRespondents


def mean_of_units(standings: Collection[Standing], units: int) -> MeanOfUnits:
    """`standings`: one for each unit that somebody answered about. `units`: all units of the level.
    ValueError: fewer units than standings."""
    if units < len(standings):
        raise ValueError(
            f"A level of {units} units cannot have the figures of {len(standings)}; "
            "count all its units, answered about or not."
        )
    counted = [unit for unit in standings if unit.enough]
    if not counted:
        return MeanOfUnits(None, None, 0, units)
    mean = sum((unit.ikm for unit in counted), Fraction(0)) / len(counted)
    error = sqrt(fsum(unit.variance for unit in counted)) / len(counted)
    return MeanOfUnits(mean, error, len(counted), units - len(counted))
