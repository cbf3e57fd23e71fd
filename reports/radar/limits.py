"""The thresholds of the steering radar, read from `radar.toml`, where each has its reason."""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Limits:
    """Field by field `radar.toml`, as table_key. Decimals are exact."""

    id: str
    straight_lined_items: int
    share_units: int
    share_responses: int
    share_spreads: Fraction
    share_gap: Fraction
    own_drift: Fraction
    own_spreads: Fraction
    own_gap: Fraction
    speeding_seconds_per_question: int
    burst_responses: int
    burst_seconds: int
    burst_days: int
    burst_chance: Fraction
    identical_neighbours_run: int
    identical_neighbours_chance: Fraction
    outside_hours_grace_minutes: int
    population_share: Fraction
    left_out_marks: int


@cache
def current() -> Limits:
    text = (files("reports.radar") / "radar.toml").read_text("utf-8")
    data = tomllib.loads(text, parse_float=Fraction)
    values = {
        f"{table}_{key}": value
        for table, keys in data.items()
        if isinstance(keys, dict)
        for key, value in keys.items()
        if key != "why"
    }
    return Limits(id=data["id"], **values)
