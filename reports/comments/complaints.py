"""Whether a comment is a complaint: it asks for action on a case, names an officer without praise,
or reports a levy or discrimination. Complaints belong to SP4N-LAPOR! (lapor.go.id): the chat says
how to file one there, and the comment stays a comment.

Phrases and their negations are in `complaints.toml`; how many are missed, and how many comments
are taken for complaints, tests/reports/test_complaints.py counts.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from reports.comments.informal import formal
from reports.comments.masking import MARKS, masked

Reason = Literal["action", "officer", "levy", "discrimination"]

_NAME = "namaseseorang"
_OWN_NAME = re.compile(rf"\b(?:saya|kami|atas nama|a \. n \.|an \.) {_NAME}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """`reasons`: at least one, in the order of Reason."""

    reasons: tuple[Reason, ...]


def is_complaint(text: str) -> Complaint | None:
    """The complaint that a comment is; None for praise, wishes and plain remarks."""
    said = formal(text)
    found: dict[Reason, bool] = {
        "action": True in _said("action", said),
        "officer": _names_an_officer(text) and not _is_content(said),
        "levy": True in _said("levy", said),
        "discrimination": True in _said("discrimination", said),
    }
    reasons = tuple(reason for reason, is_there in found.items() if is_there)
    return Complaint(reasons) if reasons else None


def _names_an_officer(text: str) -> bool:
    """Whether a name stands in it that is not the writer's own."""
    said = formal(masked(text).replace(MARKS["name"], f" {_NAME} "))
    return _NAME in _OWN_NAME.sub("", said)


def _is_content(said: str) -> bool:
    """Whether praise is in it and no blame; blame that is denied is praise ("tidak lambat")."""
    blame = _said("blame", said)
    return True not in blame and (False in blame or not _praise().isdisjoint(said.split()))


def _said(kind: str, said: str) -> set[bool]:
    """True if it says a phrase of the kind, False too if it denies one."""
    return {
        not _denial().search(said[max(0, found.start() - 80) : found.start()])
        for phrase in _phrases(kind)
        for found in phrase.finditer(said)
    }


@cache
def _phrases(kind: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(phrase_pattern(phrase)) for phrase in _data()[kind])


def phrase_pattern(phrase: str) -> str:
    """A phrase as `complaints.toml` writes it, over words with one space between them."""
    parts = [
        r"(?:[^ .,]+ ){0,4}" if part == "~" else f"{_either(part)} " for part in phrase.split()
    ]
    return rf"(?<!\S){''.join(parts).rstrip()}(?!\S)"


def _either(part: str) -> str:
    words = "|".join(map(re.escape, part.split("|")))
    return f"(?:{words})".replace("_", " ").replace(r"\*", r"\w{0,12}")


@cache
def _praise() -> frozenset[str]:
    return frozenset(_data()["praise"].split())


@cache
def _denial() -> re.Pattern[str]:
    data = _data()
    between, offences = ("|".join(data[key].split()) for key in ("between", "offences"))
    passed = rf"(?: (?:{between})| (?:{offences})(?: ,)?){{0,5}}"
    return re.compile(rf"(?<!\S)(?:{data['negations']}){passed} \Z")


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("reports.comments") / "complaints.toml").read_text("utf-8"))
