"""What proves that something was done: a link or a few words, a photo, a document, or nothing.

As it is kept: the words as they were written, or "photo:ID" and "document:ID", the platform's id.
"""

from dataclasses import dataclass
from typing import Literal

from flows.form import SKIPPED, Choice, Condition, Line, Step, Value, literal
from flows.screen import quoted

LONGEST = 300  # characters

Kind = Literal["photo", "document"]
FILES: tuple[Kind, ...] = ("photo", "document")


@dataclass(frozen=True, slots=True)
class File:
    """`file`: the platform's id of it."""

    kind: Kind
    file: str


def proof_step(*when: Condition) -> Step:
    return Step(
        "proof",
        Line("proof"),
        (Choice(SKIPPED, Line("skip")),),
        writes=LONGEST,
        attaches=FILES,
        when=when,
        title=Line("proof.title"),
    )


def proof_of(value: Value) -> str:
    """As it is kept; "": none."""
    if not isinstance(value, dict):
        return ""
    return f"{value['kind']}:{value['file']}" if "file" in value else value["text"]


def file_of(proof: str) -> File | None:
    """Of one that was kept; None where it is words."""
    kind, _, file = proof.partition(":")
    return File(kind, file) if kind in FILES else None


def kept_line(proof: str) -> Line:
    """One that was kept: of a photo or a document its id, by which the bot's platform has it."""
    sent = file_of(proof)
    return Line(f"proof.kept.{sent.kind}", {"file": sent.file}) if sent else literal(proof)


def shown_line(proof: str) -> Line:
    """One that was kept, for people."""
    if not proof:
        return Line("proof.none")
    sent = file_of(proof)
    return Line(f"proof.{sent.kind}") if sent else Line("proof.written", {"text": literal(proof)})


def proof_line(value: Value) -> Line:
    if not isinstance(value, dict):
        return Line("proof.none")
    if "file" in value:
        return Line(f"proof.{value['kind']}")
    return Line("proof.written", {"text": literal(quoted(value["text"]))})
