"""What begins a conversation, as text: a start link's payload, or a command.

    ""                  look for a unit
    SAMSAT-BC           that unit's survey
    SAMSAT-BC_mutasi    … for that service
    SAMSAT-BC__spak     another survey that the unit runs
    v_TOKEN             … with a visit's single-use link (`storage.answers.visits`)
    i_TOKEN             an invitation to a role
    /pertanyaan         the extra question editor
    /pertanyaan SCOPE #N    … of these units, to bring back how they asked once
    /pertanyaan SCOPE__spak … of another survey that they run
    /cek CODE           what became of the answer with this receipt
    /hapus CODE         … and have it erased
    /ubah               change what was submitted last, in its grace time
    /ubah CONVERSATION  … in that conversation
    /kabari UNIT        be told of that unit's improvements
    /berhenti           … and no more of any unit's
    /kunjungan SEALED   a visit's link again, as a conversation keeps it
    /data               what is kept about this chat
    /komentar UNIT WEEK its digest's comments with the words that were folded
    /peran SCOPE        who holds which role there: invitations, ends
    /cabut INVITATION   end an invitation, or the role that came of it
    /keluar             give up a role of one's own
    /siarkan SCOPE      write to the heads there
    /log                what was changed with a role's power
    /log ENTRY          … before that entry

A link's payload has A–Z a–z 0–9 _ - only, at most 64: a unit's code has no "_", and at least two
characters, so none can be taken for another.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from flows import of_unit
from flows.role_opening import Broadcast, EndInvited, LeaveRole, ManageRoles, ReadLog

_UNIT = re.compile(
    r"(?P<code>[A-Za-z0-9-]{2,20})(_(?P<service>[A-Za-z0-9-][A-Za-z0-9_-]{0,42}))?\Z"
)
_SURVEY = re.compile(r"(?P<code>[A-Za-z0-9-]{2,20})__(?P<survey>[A-Za-z0-9-]{1,20})\Z")
_BESIDE = re.compile(r"(?P<scope>.+)__(?P<survey>[a-z0-9-]{1,20})\Z", re.DOTALL)
_INVITE = re.compile(r"i_(?P<token>[A-Za-z0-9_-]{8,62})\Z")
_VISIT = re.compile(r"v_(?P<token>[A-Za-z0-9_-]{1,62})\Z")

QUESTION, CHECK, ERASE = "/pertanyaan", "/cek", "/hapus"
CORRECT, SUBSCRIBE, UNSUBSCRIBE, KEPT = "/ubah", "/kabari", "/berhenti", "/data"
VISIT = "/kunjungan"
COMMENTS = "/komentar"
ROLES, CUT, LEAVE, LOG = "/peran", "/cabut", "/keluar", "/log"
BROADCAST = "/siarkan"
_COMMANDS = {
    **of_unit.COMMANDS,
    **{command: command for command in (QUESTION, CHECK, ERASE, CORRECT, UNSUBSCRIBE, KEPT)},
    COMMENTS: COMMENTS,
    "/comments": COMMENTS,
    **{command: command for command in (ROLES, LEAVE, LOG, BROADCAST)},
    "/roles": ROLES,
    "/leave": LEAVE,
    "/broadcast": BROADCAST,
    "/check": CHECK,
    "/erase": ERASE,
    "/change": CORRECT,
    "/unsubscribe": UNSUBSCRIBE,
}


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
    """One of the two is given."""

    token: str = ""
    sealed: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    token: str


@dataclass(frozen=True, slots=True)
class EditQuestions:
    """`scope`: of a unit's code, an agency or "*"; none: to be chosen. `since`: as it was once the
    publication of that number was made. `survey`: none is the SKM."""

    scope: str = ""
    since: str = ""
    survey: str = ""


@dataclass(frozen=True, slots=True)
class CheckReceipt:
    """`code` as it was typed, which may be anything."""

    code: str


@dataclass(frozen=True, slots=True)
class EraseResponse:
    """`code` as it was typed, or sealed."""

    code: str


@dataclass(frozen=True, slots=True)
class CorrectResponse:
    """`conversation`: in which it was submitted; none: the last one."""

    conversation: str


@dataclass(frozen=True, slots=True)
class Subscribe:
    code: str


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    pass


@dataclass(frozen=True, slots=True)
class ShowKept:
    pass


@dataclass(frozen=True, slots=True)
class ReadComments:
    """Of a digest's period. Without a code, of the one unit that the chat heads; without a period,
    of the last week that was told."""

    code: str = ""
    period: str = ""


Opening = (
    FindUnit
    | of_unit.OfUnit
    | RateUnit
    | RateVisit
    | Invitation
    | EditQuestions
    | CheckReceipt
    | EraseResponse
    | CorrectResponse
    | Subscribe
    | Unsubscribe
    | ShowKept
    | ReadComments
    | ManageRoles
    | EndInvited
    | LeaveRole
    | ReadLog
    | Broadcast
)


def read(opening: str) -> Opening:
    """Never raises: what cannot be read is a unit that is not known."""
    if not opening:
        return FindUnit()
    command, _, said = opening.partition(" ")
    if command.startswith("/"):
        return of_unit.read(opening) or _command(command, said)
    if match := _INVITE.match(opening):
        return Invitation(match["token"])
    if match := _VISIT.match(opening):
        return RateVisit(match["token"])
    if match := _SURVEY.match(opening):
        return RateUnit(match["code"], survey=match["survey"].lower())
    if match := _UNIT.match(opening):
        return RateUnit(match["code"], match["service"] or "")
    return FindUnit(unknown=True)


_BEGINS: dict[str, Callable[[str], Opening]] = {
    "/pertanyaan": lambda said: _questions(said),
    "/cek": lambda said: CheckReceipt(said),
    "/hapus": lambda said: EraseResponse(said),
    "/ubah": lambda said: CorrectResponse(said),
    "/kabari": lambda said: Subscribe(said),
    "/berhenti": lambda said: Unsubscribe(),
    "/data": lambda said: ShowKept(),
    "/kunjungan": lambda said: RateVisit(sealed=said),
    "/komentar": lambda said: ReadComments(*said.split(maxsplit=1)),
    "/peran": lambda said: ManageRoles(said),
    "/cabut": lambda said: EndInvited(said),
    "/keluar": lambda said: LeaveRole(),
    "/log": lambda said: ReadLog(said),
    "/siarkan": lambda said: Broadcast(said),
}


def _command(command: str, said: str) -> Opening:
    begins = _BEGINS.get(command)
    return begins(said) if begins else FindUnit(unknown=True)


def _questions(said: str) -> EditQuestions:
    scope, _, since = said.rpartition(" #")
    known = since.isascii() and since.isdecimal() and len(since) < 19  # what a database counts to
    scope, since = (scope, since) if scope and known else (said, "")
    if match := _BESIDE.match(scope):
        return EditQuestions(match["scope"], since, match["survey"])
    return EditQuestions(scope, since)


def of_command(text: str) -> str | None:
    """The opening that a typed command is, in any letters and with a bot's name behind it."""
    command, *said = text.split(maxsplit=1) or [""]
    known = _COMMANDS.get(command.partition("@")[0].lower())
    return " ".join([known, *said]).strip() if known else None


def unit_payload(code: str, service: str = "") -> str:
    return f"{code}_{service}" if service else code


def survey_payload(code: str, survey: str) -> str:
    return f"{code}__{survey}"


def read_comments(code: str, period: str) -> str:
    return f"{COMMENTS} {code} {period}"


def visit_payload(token: str) -> str:
    return f"v_{token}"


def invitation_payload(token: str) -> str:
    return f"i_{token}"
