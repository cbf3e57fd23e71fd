"""What a channel can carry, as data. Nothing outside of a channel knows a platform's numbers."""

from dataclasses import dataclass

CONVERSATION = 11  # bytes of a conversation's id
BUTTON_DATA = 64  # bytes that stand behind a button at most: every channel carries so many
OPENS = ">"  # stands for a step at a button of no conversation (`flows.engine.push_buttons`)
BOUNDLESS = 1_000_000


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What is not named is not there, or has no limit. Lengths of texts are in UTF-16 units, which
    are never fewer than characters.

    Questions that a channel has no room for are said otherwise (`flows.engine.say`), and what is
    still too long is cut or sent in several messages (`bot.core.sending.delivery`).
    """

    edits: bool = False  # a message can be changed after it was sent
    files: bool = False  # documents can be sent
    pictures: bool = False
    menu: bool = False  # a chat has a list of commands beside its input
    text: int = BOUNDLESS  # length of a message
    asking: int = BOUNDLESS  # … of one with buttons
    caption: int = BOUNDLESS  # … of the words under a picture or a file
    label: int = BOUNDLESS  # … of the words on a button
    row: int = BOUNDLESS  # buttons side by side
    buttons: int = BOUNDLESS  # … under one message
    pace: int = 1  # bulk messages a second
    window: int = 0  # seconds after a person's last event in which anything may be sent; 0: always
    knocks: bool = False  # … outside of which it can be said that something waits
    only_answers: bool = False  # nothing is pushed: whatever no event asks for is dropped
    only_asked: bool = False  # words are typed only where they are asked for, nothing is attached


ANY = Capabilities()


def button_data(conversation: str, step: str, choice: str) -> str:
    """What stands behind a button, on every channel."""
    conversation = "" if step == OPENS else conversation
    return f"{conversation}:{step}:{choice}"


def length(text: str) -> int:
    """In UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def fits(text: str, most: int) -> bool:
    """Whether it has that length at most. No character has more than two units."""
    return 2 * len(text) <= most or length(text) <= most


def head(text: str, most: int) -> str:
    """As much of its beginning as has that length, no character cut in two."""
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def fit(text: str, most: int) -> str:
    """The text, or its beginning and "…"."""
    return text if fits(text, most) else head(text, most - 1).rstrip() + "…"
