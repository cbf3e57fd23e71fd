"""An official instrument and a questionnaire made of it: data, immutable once released."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from flows.extra_question import Extra


@dataclass(frozen=True, slots=True)
class Item:
    """A scored question. `options` are in the order of the instrument's values; none: its own.

    `element`: what it belongs to where an element has several questions; none: it is one by itself.
    `ways`: the choices of the instrument's way for which it is asked; none: always. `standard`: it
    asks about a component of the unit's service standard, so the unit may write what it promises.
    `people`: it asks about those who serve. `hint`: a line of ours below the official question,
    where "tidak berlaku" may be chosen.
    """

    key: str
    name: str
    short: str = ""
    question: str = ""
    options: tuple[str, ...] = ()
    not_applicable: bool = False
    element: str = ""
    ways: tuple[str, ...] = ()
    standard: bool = False
    people: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    key: str
    choices: tuple[str, ...]


class Grade(NamedTuple):
    """A grade (mutu), the official words for it (kinerja), and the lowest rounded index it has."""

    grade: str
    label: str
    lowest: Fraction


@dataclass(frozen=True)
class Instrument:
    """`survey`: instruments of the same one replace one another in a unit (spak-4, spak-6).

    `lowest`, `scale`: the lowest and the highest value of an answer. `times`: index = mean × times.
    `grades`: highest first; none: it has no grades. `printed_weight`: what old reports printed for
    1/k and calculated with. `options`: of the items that have none. `way`: asked before the items.
    `asked`: False where it is for reading old answers only. `holds_from`: the day from which it is
    asked in place of the one before it; none: a unit chooses it. `unconfirmed`: what no text could
    confirm, a sentence each.
    """

    id: str
    name: str
    survey: str
    title: str
    scale: int
    times: Fraction
    items: tuple[Item, ...]
    lowest: int = 1
    profile: tuple[Band, ...] = ()
    grades: tuple[Grade, ...] = ()
    printed_weight: str = ""
    options: tuple[str, ...] = ()
    way: Band | None = None
    asked: bool = True
    holds_from: date | None = None
    unconfirmed: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """The rule that made it, such as "PermenPANRB 14/2017": names end with it."""
        return self.name.rpartition("(")[2].rstrip(")")

    @property
    def values(self) -> range:
        """What an answer may be; 0, where it is among them, is not "not answered"."""
        return range(self.lowest, self.scale + 1)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Item keys in questionnaire order."""
        return tuple(item.key for item in self.items)

    @cached_property
    def elements(self) -> dict[str, str]:
        """Item → element."""
        return {item.key: item.element or item.key for item in self.items}

    @property
    def bands(self) -> tuple[Band, ...]:
        """All that is asked about the person, whether before the items or after them."""
        return (*((self.way,) if self.way else ()), *self.profile)

    def element_name(self, element: str) -> str:
        """The official name, which the element's questions share."""
        return next(item.name for item in self.items if (item.element or item.key) == element)

    def title_key(self, item: Item) -> str:
        return f"{self.id}.{item.key}.{'short' if item.short else 'name'}"

    def option_key(self, item: Item, value: int) -> str:
        return f"{self.id}.{item.key if item.options else 'option'}.{value}"

    def texts(self) -> dict[str, str]:
        """The Indonesian words under the keys that catalogues translate; none if never asked."""
        if not self.asked:
            return {}
        texts = {f"{self.id}.title": self.title}
        for item in self.items:
            key = f"{self.id}.{item.key}"
            texts |= {key: item.question, f"{key}.name": item.name}
            texts[self.title_key(item)] = item.short or item.name
            if item.hint:
                texts[f"{key}.hint"] = item.hint
            for value, option in zip(self.values, item.options or self.options, strict=True):
                texts[self.option_key(item, value)] = option
        return texts


@dataclass(frozen=True, slots=True)
class Wording:
    """How a unit asks about one of its services, where that differs from the instrument.

    `options`: (item, words in the order of the instrument's values), the values staying as they
    are. `without`: items that are not asked. `not_applicable`: exactly the items that may be
    answered "tidak berlaku"; None: those of the instrument.
    """

    service: str
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    without: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] | None = None

    @classmethod
    def of(cls, service: str, said: Mapping[str, Any]) -> "Wording":
        """From plain data: {"options": {item: [words]}, "without": [items], "not_applicable": …}"""
        passed = said.get("not_applicable")
        return cls(
            service,
            tuple(sorted((item, tuple(words)) for item, words in said.get("options", {}).items())),
            tuple(sorted(said.get("without", ()))),
            None if passed is None else tuple(sorted(passed)),
        )

    def said(self) -> dict[str, Any]:
        """Plain data with only what differs; empty where nothing does."""
        said: dict[str, Any] = {}
        if self.options:
            said["options"] = {item: list(words) for item, words in self.options}
        if self.without:
            said["without"] = list(self.without)
        if self.not_applicable is not None:
            said["not_applicable"] = list(self.not_applicable)
        return said


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What one unit asks: an instrument, the unit's extra questions, and its services' wording.

    Its id follows from its content, so the same content is the same version everywhere.
    """

    instrument: str
    extras: tuple[Extra, ...] = ()
    services: tuple[Wording, ...] = ()

    def __post_init__(self) -> None:
        different = sorted((w for w in self.services if w.said()), key=lambda w: w.service)
        object.__setattr__(self, "services", tuple(different))

    @property
    def id(self) -> str:
        if not self.extras and not self.services:
            return self.instrument
        content = hashlib.sha256(self.to_json().encode()).hexdigest()
        return f"{self.instrument}+{content[:12]}"

    def to_json(self) -> str:
        extras = [extra.said() for extra in self.extras]
        content: list[Any] = [self.instrument, extras]
        if self.services:  # left out where there are none: older versions keep their ids
            content.append({wording.service: wording.said() for wording in self.services})
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Questionnaire":
        instrument, extras, *more = json.loads(text)
        services = more[0] if more else {}
        return cls(
            instrument,
            tuple(map(Extra.of, extras)),
            tuple(Wording.of(service, said) for service, said in services.items()),
        )
