"""Where one person stands: frozen data that goes to and from JSON exactly.

Nothing here says which question comes next: `asking` (`flows.engine.form`) derives it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Self

import msgspec
from msgspec import field

REMEMBERED = 32  # of one person's events, to know one that comes again (docs/decisions/0003)

# A choice id, or what stands for none (`flows.engine.form`); {"text": "…"}, of a file with its
# "file" and "kind"; of several choices their ids.
Value = str | dict[str, str] | list[str]
Answers = Mapping[str, Value]

Status = str  # open | finished | cancelled | replaced, or the id of the choice that closed it


class Unreadable(Exception):
    """A state that this release cannot read. Says nothing of what it holds."""


class Frozen(msgspec.Struct, frozen=True):
    """A value that is not changed, but made anew."""

    def but(self, **changes: Any) -> Self:
        """The same with other values of these fields."""
        return msgspec.structs.replace(self, **changes)


class Conversation(Frozen, frozen=True):
    """One person in one form. Times are Unix seconds, UTC. A Struct, as every tap makes five of
    them, and reads and writes one.

    `opening` is what began it (a link's payload or a command), `about` the parameters its texts
    may use, `kept` what its form's feature keeps (`FeatureState`), `offered` the rows shown as
    choices (step id → [{"id", "label", …}]), `revisit` the one bit of place that is stored, `seen`
    the ids of this person's last events, `last` the time of the last one while it was open,
    `outcome` the last line's key and parameters once told, `given` the steps whose answers were
    filled in when it began, `ends` when it ends or is forgotten in any case (0: see
    `flows.engine.ended`), `written` what was answered by words (a message's id → the step).
    """

    id: str
    form: str
    version: str
    opening: str
    language: str
    began: int
    last: int
    about: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)
    offered: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    revisit: str = ""
    seen: tuple[str, ...] = ()
    status: Status = "open"
    outcome: dict[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)
    ends: int = 0
    written: dict[str, str] = field(default_factory=dict)

    @property
    def began_on(self) -> date:
        """The day (UTC) on which it began."""
        return datetime.fromtimestamp(self.began, UTC).date()

    @property
    def is_open(self) -> bool:
        return self.status == "open"

    @property
    def is_untouched(self) -> bool:
        """No answer in it is the person's own."""
        return all(step in self.given for step in self.answers)

    def knows(self, event: str) -> bool:
        """True if this event was taken before. Nothing is concluded from an id but that."""
        return event in self.seen

    def remember(self, event: str, at: int) -> Self:
        last = max(self.last, at) if self.is_open else self.last
        return self.but(seen=last_ids((*self.seen, event)), last=last)

    def to_json(self) -> str:
        return _encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Conversation":
        """Fields that this release does not know are dropped: while one replaces another, both
        read the same rows. Raises Unreadable."""
        try:
            return _decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
            raise Unreadable("a conversation of another release") from None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Conversation).decode


class FeatureState(Frozen, frozen=True, omit_defaults=True):
    """What a feature keeps in the conversations of its form: a subclass, whose fields have defaults
    and are plain JSON. The engine carries them and reads none.

    Fields that this release does not know are dropped, those that are missing have their defaults:
    while one release replaces another, both read the same rows.
    """

    FORM: ClassVar[str] = ""

    @classmethod
    def of(cls, conversation: Conversation) -> Self:
        """Of a conversation in another form: nothing but the defaults."""
        return msgspec.convert(conversation.kept, cls) if conversation.form == cls.FORM else cls()

    def to_json(self) -> dict[str, Any]:
        """For `Conversation.kept`: what is not as it is by default."""
        kept: dict[str, Any] = msgspec.to_builtins(self)
        return kept


def last_ids(events: Iterable[str]) -> tuple[str, ...]:
    """As many as are remembered, the last ones, each once."""
    return tuple(dict.fromkeys(events))[-REMEMBERED:]
