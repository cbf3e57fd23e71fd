"""What a dialogue's script shows: messages, and what lies in the database, as lines."""

import re
from collections.abc import Iterator, Mapping

from sqlalchemy import Engine, text

from bot.core.pseudonyms import name_of
from flows.engine.say import Message as Said
from tests.support.offices import VAULT


def code_of(address: str) -> str:
    """A chat's pseudonym as others see it."""
    return name_of(VAULT.pseudonym(address))


def replaced(line: str, names: Mapping[str, str]) -> str:
    for name, stands_for in names.items():
        line = line.replace(name, stands_for)
    return line


def fits(wanted: str, label: str) -> bool:
    """A label, or a label without its leading number or sign."""
    return wanted in (label, re.sub(r"^(\d+|‹) ", "", label))


def with_marks(message: Said) -> str:
    """*Bold*, and `code`."""
    text, marks = message.text, {"bold": "*", "code": "`"}
    for span in reversed(message.spans):
        mark = marks[span.kind]
        text = f"{text[: span.start]}{mark}{text[span.start : span.end]}{mark}{text[span.end :]}"
    return text


def drawn(message: Said) -> Iterator[str]:
    """A message as lines: the text beside ┌ and │, rows of buttons at └ and below."""
    for number, line in enumerate(with_marks(message).split("\n")):
        yield f"{'│' if number else '┌'} {line}".rstrip()
    for number, row in enumerate(message.rows):
        yield f"{' ' if number else '└'} {' '.join(f'[{label.text}]' for label in row)}"


def kept(engine: Engine) -> Iterator[str]:
    """What lies in the database of answers, in words."""
    with engine.begin() as connection:
        responses = connection.execute(text("SELECT * FROM response ORDER BY rowid")).mappings()
        for row in responses:
            wanted = ("service", "answers", "profile", "extra", "comment")
            said = " ".join(f"{name} {row[name]}" for name in wanted if row[name])
            said += " verified" * row["verified"] + " assisted" * (row["source"] == "assisted")
            yield f"· response: {said}".replace("\n", "\\n")
        statuses = connection.execute(text("SELECT status FROM conversation ORDER BY rowid"))
        yield f"· conversations: {', '.join(statuses.scalars()) or 'none'}"
