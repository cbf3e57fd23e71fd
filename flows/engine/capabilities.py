"""What a channel can carry, as data. Nothing outside of a channel knows a platform's numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.engine.form import Form
    from flows.engine.say import Words

CONVERSATION = 11  # bytes of a conversation's id
LEAST_DATA = 64  # bytes behind a button, which every channel carries


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Lengths of texts are counted in UTF-16 units, which is never less than characters."""

    edits: bool  # a message can be changed after it was sent
    text: int  # length of a message
    caption: int  # … of the words under a picture
    label: int  # … of the words on a button
    row: int  # buttons side by side
    buttons: int  # buttons under one message
    choices: int  # … of them answers to one question
    data: int  # bytes behind a button
    files: bool  # documents can be sent
    pictures: bool
    menu: bool  # a chat has a list of commands beside its input
    pace: int  # bulk messages a second
    window: int | None = None  # seconds after a person's last message; None: may always be sent to

    def __post_init__(self) -> None:
        """Raises ValueError for a channel that carries less than forms are built on."""
        if self.data < LEAST_DATA:
            raise ValueError(f"{self.data} bytes behind a button are fewer than {LEAST_DATA}")


class FormUnfit(ValueError):
    """A channel cannot carry a form; the message says which, and what is too long."""


def button_data(conversation: str, step: str, choice: str) -> str:
    """What stands behind a button, on every channel."""
    return f"{conversation}:{step}:{choice}"


def require_fit(form: "Form", channel: str, can: Capabilities, words: "Words") -> None:
    """Raises FormUnfit where a channel could not show one of the form's own buttons."""
    faults = list(_unfit(form, can, words))
    if faults:
        said = "; ".join(faults)
        raise FormUnfit(f"Form '{form.id}' cannot be shown on {channel}: {said}")


def _unfit(form: "Form", can: Capabilities, words: "Words") -> Iterator[str]:
    for step in form.steps:
        if len(step.choices) > can.choices:
            yield f"step '{step.id}' has more than {can.choices} choices"
        for choice in step.choices:
            label = words.line(choice.label)
            if length(label) > can.label:
                yield f"the button “{label}” is longer than {can.label}"


def length(text: str) -> int:
    """In UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
