"""What begins a conversation, as text: a start link's payload, or a command.

    ""                  look for a unit
    SAMSAT-BC           that unit's survey
    SAMSAT-BC_mutasi    … for that service
    SAMSAT-BC__spak     another survey that the unit runs
    v_TOKEN             … with a visit's single-use link (`storage.answers.visits`)
    i_TOKEN             an invitation to a role
    /cek CODE           a command (`bot.dialogues`) and what is said behind it

A link's payload has A–Z a–z 0–9 _ - only, at most 64: a unit's code has no "_", and at least two
characters, so none can be taken for another.
"""

import re
from dataclasses import dataclass

from flows.engine.clean_text import tidy

_UNIT = re.compile(
    r"(?P<code>[A-Za-z0-9-]{2,20})(_(?P<service>[A-Za-z0-9-][A-Za-z0-9_-]{0,42}))?\Z"
)
_SURVEY = re.compile(r"(?P<code>[A-Za-z0-9-]{2,20})__(?P<survey>[A-Za-z0-9-]{1,20})\Z")
_INVITE = re.compile(r"i_(?P<token>[A-Za-z0-9_-]{8,62})\Z")
_VISIT = re.compile(r"v_(?P<token>[A-Za-z0-9_-]{1,62})\Z")


@dataclass(frozen=True, slots=True)
class FindUnit:
    """No unit named, or (`unknown`) by a payload that names none."""

    unknown: bool = False


@dataclass(frozen=True, slots=True)
class RateUnit:
    """`survey`: `flows.instrument.Instrument.survey`; none: the SKM."""

    code: str
    service: str = ""
    survey: str = ""


@dataclass(frozen=True, slots=True)
class RateVisit:
    token: str


@dataclass(frozen=True, slots=True)
class Invitation:
    token: str


@dataclass(frozen=True, slots=True)
class Command:
    """`said`: what stands behind it, as it was typed."""

    name: str
    said: str


def read(opening: str) -> FindUnit | RateUnit | RateVisit | Invitation | Command:
    """Never raises: what cannot be read is a unit that is not known."""
    if not opening:
        return FindUnit()
    if opening.startswith("/"):
        # Not every database takes all that a message may hold.
        name, _, said = tidy(opening).partition(" ")
        return Command(name, said)
    if match := _INVITE.match(opening):
        return Invitation(match["token"])
    if match := _VISIT.match(opening):
        return RateVisit(match["token"])
    if match := _SURVEY.match(opening):
        return RateUnit(match["code"], survey=match["survey"].lower())
    if match := _UNIT.match(opening):
        return RateUnit(match["code"], match["service"] or "")
    return FindUnit(unknown=True)


def unit_payload(code: str, service: str = "") -> str:
    return f"{code}_{service}" if service else code


def survey_payload(code: str, survey: str) -> str:
    return f"{code}__{survey}"


def visit_payload(token: str) -> str:
    return f"v_{token}"


def invitation_payload(token: str) -> str:
    return f"i_{token}"
