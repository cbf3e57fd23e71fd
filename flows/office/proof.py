"""What proves that something was done: a link or a few words, a photo, a document, or nothing.

Words and files are kept apart: what a person types is never taken for a file. A photo may be shown
to everybody, on the public site: that is asked of its own, the safe answer first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flows.engine.conversation import Conversation
from flows.engine.form import SKIPPED, Choice, Condition, Line, Step, Value, When, literal
from flows.engine.screen import quoted

LONGEST = 300  # characters

PUBLIC, PUBLISH, WITHDRAW = "yes", "publish", "withdraw"
NOT_PUBLIC = "no"
SHOWN = "public"
"""In `about`: the hash of the photo that everybody sees of what is spoken of; "" for none."""
INSIDE = Choice(NOT_PUBLIC, Line("proof.public.no"))

Kind = Literal["photo", "document"]
FILES: tuple[Kind, ...] = ("photo", "document")


@dataclass(frozen=True, slots=True)
class File:
    """`file`: the id of it in its channel, which alone can send it again."""

    kind: Kind
    file: str
    channel: str


def proof_step(*when: Condition) -> Step:
    return Step(
        "proof",
        Line("proof"),
        (Choice(SKIPPED, Line("skip")),),
        writes=LONGEST,
        attaches=FILES,
        when=when,
        title=Line("proof.title"),
        resets=True,  # another photo is another question
    )


def public_step(*when: Condition) -> Step:
    """Of the photo that proves it: said by a button, never by another photo of the same album."""
    return Step(
        "public",
        Line("proof.public"),
        (INSIDE, Choice(PUBLIC, Line("proof.public.yes"), brings=_proving)),
        attaches=("chosen",),
        when=(*when, When("proof", frozenset({"photo"}))),
        title=Line("proof.public.title"),
    )


def publish_step(photo: Callable[[Conversation], str], *when: Condition) -> Step:
    """Of what was done before. `photo`: the file that proves it, "" where none can be brought."""
    return Step(
        PUBLISH,
        Line("proof.publish"),
        (
            INSIDE,
            Choice(
                PUBLIC,
                Line("proof.publish.same"),
                explains=lambda talk, step: Line("proof.public") if photo(talk) else None,
                brings=photo,
            ),
        ),
        attaches=("public", "chosen"),
        when=when,
        title=Line("proof.public.title"),
    )


def _proving(conversation: Conversation) -> str:
    proof = conversation.answers.get("proof")
    return proof.get("file", "") if isinstance(proof, dict) else ""


def public_line(value: Value | None) -> tuple[Line, ...]:
    """Whether everybody will see it, where that was asked."""
    if value is None:
        return ()
    return (Line("proof.public.stays" if value == NOT_PUBLIC else "proof.public.will"),)


def proof_of(value: Value) -> str:
    """The words; "": none."""
    return value["text"] if isinstance(value, dict) and "file" not in value else ""


def file_of(value: Value, address: str) -> File | None:
    """What was sent from there; None where it is words, or nothing."""
    if not isinstance(value, dict) or "file" not in value:
        return None
    kind: Kind = "photo" if value["kind"] == "photo" else "document"
    return File(kind, value["file"], address.partition(":")[0])


def kept_line(proof: str, file: File | None) -> Line:
    """One that was kept: of a photo or a document its id, by which its channel has it."""
    return Line(f"proof.kept.{file.kind}", {"file": file.file}) if file else literal(proof)


def shown_line(proof: str, kind: str) -> Line:
    """One that was kept, for people. `kind`: of a file."""
    if kind:
        return Line(f"proof.{kind}")
    return Line("proof.written", {"text": literal(proof)}) if proof else Line("proof.none")


def proof_line(value: Value) -> Line:
    if not isinstance(value, dict):
        return Line("proof.none")
    if "file" in value:
        return Line(f"proof.{value['kind']}")
    return Line("proof.written", {"text": literal(quoted(value["text"]))})
