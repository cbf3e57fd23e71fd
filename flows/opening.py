"""What begins a conversation, as text: a start link's payload, or a command.

    ""                  look for a unit
    SAMSAT-BC           that unit's survey
    SAMSAT-BC_mutasi    … for that service
    i_TOKEN             an invitation to a role
    /pertanyaan         the extra question editor

Telegram's payload has A–Z a–z 0–9 _ - only, at most 64: a unit's code has no "_", and at least two
characters, so the five cannot be taken for one another.
"""

import re
from dataclasses import dataclass

_UNIT = re.compile(r"(?P<code>[A-Za-z0-9-]{2,20})(_(?P<service>[A-Za-z0-9_-]{1,43}))?\Z")
_INVITE = re.compile(r"i_(?P<token>[A-Za-z0-9_-]{8,62})\Z")

QUESTION = "/pertanyaan"


@dataclass(frozen=True, slots=True)
class FindUnit:
    """No unit named, or (`unknown`) by a payload that names none."""

    unknown: bool = False


@dataclass(frozen=True, slots=True)
class RateUnit:
    code: str
    service: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    token: str


@dataclass(frozen=True, slots=True)
class AddQuestion:
    pass


Opening = FindUnit | RateUnit | Invitation | AddQuestion


def read(opening: str) -> Opening:
    """Never raises: what cannot be read is a unit that is not known."""
    if not opening:
        return FindUnit()
    if opening == QUESTION:
        return AddQuestion()
    if match := _INVITE.match(opening):
        return Invitation(match["token"])
    if match := _UNIT.match(opening):
        return RateUnit(match["code"], match["service"] or "")
    return FindUnit(unknown=True)


def unit_payload(code: str, service: str = "") -> str:
    return f"{code}_{service}" if service else code


def invitation_payload(token: str) -> str:
    return f"i_{token}"
