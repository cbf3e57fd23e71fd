"""What of a published sheet pages, tables, badges and cards show: one rule for all of them.

Everything comes from the sheet and from nothing else, so the release rule was obeyed when it was
made. Below the minimum sample no figure is shown, of the whole or of a part: only how many answered
(`Result.enough`). Where the number of users is not known the minimum is that of a ranking.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from flows.loader import instrument
from reports.sheets.sheet import erased_since, uncounted
from reports.stored.standings import LEAST
from storage.index.sheets import Sheet
from storage.periods import Period, parse

Why = Literal["", "few", "withheld"]


class Brief(NamedTuple):
    """What a list says of a sheet."""

    n: int
    needed: int
    ikm: str | None
    grade: str


@dataclass(frozen=True, slots=True)
class Part:
    """Of the responses those of a source, of verified visits, or those without a mark."""

    name: str
    n: int
    ikm: str | None


@dataclass(frozen=True, slots=True)
class Result:
    """`content`: the whole sheet; `why` there is no figure; decimals are texts with a point.
    `elements`: in questionnaire order."""

    content: Mapping[str, Any]
    hash: str
    period: Period
    enough: bool
    why: Why
    ikm: str | None
    grade: str
    ci95: tuple[str, str] | None
    elements: Mapping[str, str | None]
    sources: tuple[Part, ...]
    verified: Part
    unmarked: Part | None

    @property
    def n(self) -> int:
        number: int = self.content["n"]
        return number

    @property
    def number(self) -> int:
        number: int = self.content["number"]
        return number

    @property
    def code(self) -> str:
        code: str = self.content["unit"]["code"]
        return code

    @property
    def needed(self) -> int:
        return _needed(self.content)

    @property
    def instrument(self) -> str:
        id: str = self.content["instrument"]
        return id

    @property
    def erased(self) -> int:
        return erased_since(dict(self.content))

    @property
    def uncounted(self) -> int:
        return uncounted(self.content)


@cache
def parsed(name: str) -> Period:
    return parse(name)


def result_of(sheet: Sheet) -> Result:
    return result(json.loads(sheet.content), sheet.hash)


def brief(content: Mapping[str, Any]) -> Brief:
    index, shows = content["index"], _enough(content)
    ikm = index["ikm"] if shows else None
    return Brief(content["n"], _needed(content), ikm, (index["grade"] or "") if ikm else "")


def _needed(content: Mapping[str, Any]) -> int:
    sample = content["sample"]
    return int(sample["needed"]) if sample else LEAST


def _enough(content: Mapping[str, Any]) -> bool:
    sample = content["sample"]
    return bool(sample["enough"] if sample else content["n"] >= LEAST)


def result(content: Mapping[str, Any], hash: bytes) -> Result:
    index, enough, few = content["index"], _enough(content), brief(content)
    shows = few.ikm is not None
    by = instrument(content["instrument"])
    keys = dict.fromkeys(by.elements.values())
    sources = content["sources"].items()
    without = (content["radar"] or {}).get("without_marked")
    return Result(
        content,
        hash.hex(),
        parsed(content["period"]["name"]),
        enough,
        "" if shows else "withheld" if enough else "few",
        few.ikm,
        few.grade,
        (index["ci95"][0], index["ci95"][1]) if shows and index["ci95"] else None,
        {key: index["elements"].get(key) if shows else None for key in keys},
        tuple(_part(name, part, shows) for name, part in sources),
        _part("verified", content["verified"], shows),
        _part("unmarked", without, shows) if without and without["n"] is not None else None,
    )


def _part(name: str, part: Mapping[str, Any], shows: bool) -> Part:
    return Part(name, part["n"], part["ikm"] if shows else None)
