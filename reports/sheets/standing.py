"""Where a unit stands by what its sheet shows."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from reports.statistics.inference import variance_of
from reports.statistics.ranking import Standing
from reports.stored.standings import LEAST


def standing_of(content: Mapping[str, Any]) -> Standing | None:
    """None where its figures are withheld."""
    index, n, sample = content["index"], content["n"], content["sample"]
    if index["ikm"] is None:
        return None
    ikm, variance = Fraction(index["ikm"]), 0.0
    if index["ci95"]:
        low, high = map(Fraction, index["ci95"])
        # One end may have been cut to what an index can be.
        variance = variance_of(float(max(ikm - low, high - ikm)), n, content["population"])
    enough = sample["enough"] if sample else n >= LEAST
    return Standing(content["unit"]["code"], "", n, ikm, variance, enough)
