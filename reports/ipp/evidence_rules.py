"""The versions of the rules by which records support levels of F-02, read from `evidence.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CURRENT = "pekppp-29-2022"


@dataclass(frozen=True, slots=True)
class Media:
    """`most`: so many media or more are that level. `weight`: percent of the aspect."""

    name: str
    weight: int
    most: int


@dataclass(frozen=True, slots=True)
class Share:
    """Levels for the share of plans that are finished; `middle_from`, `middle_to` in percent."""

    name: str
    weight: int
    planned: int
    some: int
    middle: int
    middle_from: int
    middle_to: int
    most: int
    all: int


@dataclass(frozen=True, slots=True)
class Within:
    months: int
    level: int


@dataclass(frozen=True, slots=True)
class Speed:
    """The level of the first of `within` that was kept, the shortest first."""

    name: str
    weight: int
    within: tuple[Within, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """`unconfirmed`: what an export has to say of them."""

    id: str
    rule: str
    source: str
    unconfirmed: tuple[str, ...]
    media: Media
    share: Share
    speed: Speed


@cache
def evidence_rules() -> EvidenceRules:
    """Those in force."""
    data = tomllib.loads((files("reports.ipp") / "evidence.toml").read_text("utf-8"))[CURRENT]
    speed = data["speed"]
    within = tuple(Within(**each) for each in speed["within"])
    return EvidenceRules(
        id=CURRENT,
        rule=data["rule"],
        source=data["source"],
        unconfirmed=tuple(data["unconfirmed"]),
        media=Media(**data["media"]),
        share=Share(**data["share"]),
        speed=Speed(speed["name"], speed["weight"], within),
    )
