"""An admin's own question as data. Belongs to no element and never enters the index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """When an extra question is asked: after one of these `choices` of an earlier step.

    `of`: "service", an item's key, or "x_" and an earlier extra question's key.
    """

    of: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Translation:
    """The words in another language (ISO code); `choices` in the order of the question's own."""

    language: str
    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """An extra question. Its `key` says what is counted together: see docs/decisions/0013.

    `kind` is one of `flows.survey.kinds`. `limits`: the lowest and the highest number. `required`:
    it cannot be passed over. `asked`: None where it always is. What has no translation is said in
    Indonesian.
    """

    key: str
    text: str
    kind: str
    choices: tuple[str, ...] = ()
    limits: tuple[int, int] | None = None
    required: bool = False
    asked: Asked | None = None
    translations: tuple[Translation, ...] = ()

    def said(self) -> list[Any]:
        """Plain data; what is usual is left out, so that older versions keep their ids."""
        more: dict[str, Any] = {}
        if self.limits:
            more["limits"] = list(self.limits)
        if self.required:
            more["required"] = True
        if self.asked:
            more["asked"] = [self.asked.of, list(self.asked.choices)]
        if self.translations:
            more["words"] = {t.language: [t.text, list(t.choices)] for t in self.translations}
        return [self.key, self.text, self.kind, list(self.choices), *([more] if more else [])]

    @classmethod
    def of(cls, said: Sequence[Any]) -> "Extra":
        key, text, kind, choices, *rest = said
        more = rest[0] if rest else {}
        limits, asked = more.get("limits"), more.get("asked")
        return cls(
            key,
            text,
            kind,
            tuple(choices),
            (limits[0], limits[1]) if limits else None,
            more.get("required", False),
            Asked(asked[0], tuple(asked[1])) if asked else None,
            _translations(more.get("words", {})),
        )

    def translated(self, language: str) -> Translation | None:
        return next((t for t in self.translations if t.language == language), None)


def _translations(words: Mapping[str, Any]) -> tuple[Translation, ...]:
    return tuple(Translation(to, text, tuple(choices)) for to, (text, choices) in words.items())
