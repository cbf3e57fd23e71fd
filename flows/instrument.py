"""An official instrument and a questionnaire made of it: data, immutable once released."""

import hashlib
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A scored question. Values are 1..len(options); the option's place is its value."""

    key: str
    name: str
    short: str
    question: str
    options: tuple[str, ...]
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    key: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    name: str
    scale: int
    items: tuple[Item, ...]
    profile: tuple[Band, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Item keys in questionnaire order."""
        return tuple(item.key for item in self.items)

    def texts(self) -> dict[str, str]:
        """The official Indonesian words under the keys that catalogues translate."""
        texts: dict[str, str] = {}
        for item in self.items:
            key = f"{self.id}.{item.key}"
            texts |= {key: item.question, f"{key}.name": item.name, f"{key}.short": item.short}
            texts |= {f"{key}.{n}": option for n, option in enumerate(item.options, 1)}
        return texts


@dataclass(frozen=True, slots=True)
class Extra:
    """An admin's own question: belongs to no element and never enters the index."""

    key: str
    text: str
    kind: str  # scale | choice | text
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one unit asks: an instrument and the unit's extra questions, in order.

    Its id follows from its content, so the same content is the same version everywhere.
    """

    instrument: str
    extras: tuple[Extra, ...] = ()

    @property
    def id(self) -> str:
        if not self.extras:
            return self.instrument
        content = hashlib.sha256(self.to_json().encode()).hexdigest()
        return f"{self.instrument}+{content[:12]}"

    def to_json(self) -> str:
        extras = [[e.key, e.text, e.kind, list(e.choices)] for e in self.extras]
        return json.dumps([self.instrument, extras], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Questionnaire":
        instrument, extras = json.loads(text)
        return cls(instrument, tuple(Extra(k, t, kind, tuple(c)) for k, t, kind, c in extras))
