"""The versions of the IPP's rules: aspects, weights and cuts, read from `ipp.toml`."""

import tomllib
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

CURRENT = "pekppp-29-2022"


@dataclass(frozen=True, slots=True)
class Aspect:
    """`weight`: its part of F-02, of 1. `indicator_weights`: parts of the aspect, of 100, in the
    order of its indicators; empty where they are not confirmed."""

    key: str
    numeral: str
    name: str
    weight: Fraction
    indicator_weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade for values above `above`; None: for all that is left. "" is no confirmed label."""

    grade: str
    above: Fraction | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """`highest`: the top of every score. `unconfirmed`: what a report has to say of them."""

    id: str
    rule: str
    highest: int
    indicators: int
    f02_weight: Fraction
    f03_weight: Fraction
    aspects: tuple[Aspect, ...]
    grades: tuple[Grade, ...]
    unconfirmed: tuple[str, ...]


@cache
def rules(version: str = CURRENT) -> Rules:
    """The rules of a version. KeyError: there is none of that name."""
    text = (files("reports.ipp") / "ipp.toml").read_text("utf-8")
    data = tomllib.loads(text, parse_float=Fraction)[version]
    made = {
        "aspects": tuple(_aspect(aspect) for aspect in data["aspects"]),
        "grades": tuple(Grade(**grade) for grade in data["grades"]),
        "unconfirmed": tuple(data["unconfirmed"]),
    }
    return Rules(id=version, **{**data, **made})


def _aspect(data: dict[str, Any]) -> Aspect:
    made = {
        "weight": Fraction(data["weight"], 100),
        "indicator_weights": tuple(data.get("indicator_weights", ())),
    }
    return Aspect(**{**data, **made})
