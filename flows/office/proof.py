"""What proves that something was done: a link or a few words, a photo, a document, or nothing.

As it is kept: the words as they were written, or "photo:ID" and "document:ID", the platform's id.
"""

from flows.form import SKIPPED, Choice, Line, Step, Value, When, literal
from flows.screen import quoted

LONGEST = 300  # characters


def proof_step(*when: When) -> Step:
    return Step(
        "proof",
        Line("proof"),
        (Choice(SKIPPED, Line("skip")),),
        writes=LONGEST,
        attaches=("photo", "document"),
        when=when,
        title=Line("proof.title"),
    )


def proof_of(value: Value) -> str:
    """As it is kept; "": none."""
    if not isinstance(value, dict):
        return ""
    return f"{value['kind']}:{value['file']}" if "file" in value else value["text"]


def kept_line(proof: str) -> Line:
    """One that was kept: of a photo or a document its id, by which the bot's platform has it."""
    kind, _, file = proof.partition(":")
    sent = kind in ("photo", "document")
    return Line(f"proof.kept.{kind}", {"file": file}) if sent else literal(proof)


def proof_line(value: Value) -> Line:
    if not isinstance(value, dict):
        return Line("proof.none")
    if "file" in value:
        return Line(f"proof.{value['kind']}")
    return Line("proof.written", {"text": literal(quoted(value["text"]))})
