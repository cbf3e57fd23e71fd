"""What can happen to a conversation, and what follows from it. All of it data.

Events from people carry an id and a time (Unix seconds, UTC). The id is a text of the channel, the
same where the platform delivers an event again, and nothing else is read from it. Events from the
database (`Found`, `Told`, `Noted`) answer an effect inside the same transaction.
"""

from dataclasses import dataclass, field
from typing import Literal

from flows.engine.conversation import Conversation, FeatureState
from flows.engine.form import Erase, Line, Start, Submit, Write, write_answers
from flows.engine.screen import Screen
from flows.engine.secret import Secret


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button. `conversation` is the one whose screen it stood on."""

    id: str
    at: int
    conversation: str
    step: str
    choice: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A message; without any text (a sticker) `text` is empty. `near`: labels that it may have
    meant, `asks`: the answer where it is a question (`flows.engine.hear`). `message`: the channel's
    id of it, by which it may be edited. `kind`: what was sent in place of words, where something is
    said of that. `album`: the channel's id of those that were sent as one."""

    id: str
    at: int
    text: str
    near: tuple[Line, ...] = ()
    asks: Line | None = None
    message: str = ""
    kind: Literal["", "voice", "contact", "poll"] = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that was typed before, in other words. `step`: the one whose page it was written
    on, on a channel where each has a page of its own; by it a step is answered that was passed
    over."""

    id: str
    at: int
    message: str
    text: str
    step: str = ""

    def answers(self, conversation: Conversation) -> str:
        """The step that it answers there; "" where it answers none."""
        return self.step or conversation.written.get(self.message, "")


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo or a document, with the words below it. `file` is the platform's id of it, `size` its
    bytes. `table`: its sheets, of a picture one cell, or what is wrong with it; there only
    where it was asked for (`flows.engine.input_parsing`). `album`: see `Typed`. `chosen`: a button
    stood for it; it was sent before."""

    id: str
    at: int
    kind: Literal["photo", "document"]
    file: str
    name: str = ""
    size: int = 0
    table: dict[str, list[list[str]]] | Line | None = field(default=None, repr=False)
    caption: str = ""
    message: str = ""
    album: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A place that was sent, in degrees; it may be none on earth."""

    id: str
    at: int
    latitude: float = field(repr=False)
    longitude: float = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A link or a command that begins something; `label` names it, `same` if it is already open."""

    id: str
    at: int
    opening: str
    label: str = ""
    same: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    id: str
    at: int
    command: Literal["cancel", "language", "display", "help"]


@dataclass(frozen=True, slots=True)
class Found:
    """Rows for a step that offers choices, ids as in a button: {"id", "label"} each, or {"id",
    "key", …} where the words are a catalogue's. The step is asked anew. `none` is said where there
    are none; `about` is what the texts may use besides from now on, `kept` what the feature keeps
    (None: as it is)."""

    step: str
    rows: list[dict[str, str]]
    none: str = "none_found"
    about: dict[str, str] = field(default_factory=dict)
    kept: FeatureState | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The database's last word; closes a conversation that is still open. `rows` are what may
    follow, each with the "opening" that it begins. `secrets` are parameters too, shown this once:
    the conversation is kept without them, and from then on ends in the sentence KEY.once."""

    key: str
    params: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    secrets: dict[str, Secret] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Noted:
    """What the database adds to a conversation: its `about`, or what its feature keeps, from now
    on; None: as it is."""

    about: dict[str, str] | None = None
    kept: FeatureState | None = None


@dataclass(frozen=True, slots=True)
class Unfit:
    """The database cannot take what was answered at a step: it is asked anew, under a sentence.
    `about`, `offered`, `kept`: what has become different, for its texts, its rows, its feature."""

    step: str
    why: Line
    about: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    kept: FeatureState | None = None


PersonEvent = Located | Tapped | Typed | Edited | Attached | Opened | Asked
Event = PersonEvent | Found | Told | Noted | Unfit


@dataclass(frozen=True, slots=True)
class Show:
    screen: Screen


@dataclass(frozen=True, slots=True)
class Look:
    """A question to the database, answered by `Found`, `Told`, `Unfit`, or not at all."""

    kind: str
    query: str


Effect = Show | Look | Start | Submit | Erase | Write


__all__ = [
    "Asked",
    "Attached",
    "Edited",
    "Effect",
    "Erase",
    "Event",
    "Found",
    "Located",
    "Look",
    "Noted",
    "Opened",
    "PersonEvent",
    "Show",
    "Start",
    "Submit",
    "Tapped",
    "Told",
    "Typed",
    "Unfit",
    "Write",
    "write_answers",
]
