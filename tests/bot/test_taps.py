"""docs/taps.md counts what surveys take here: taps, characters and screens of the shortest way."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.turns.turn_worker import Turns
from flows.engine.events import Typed
from flows.engine.hear import hear
from flows.engine.say import say
from flows.engine.screen import ENDED, Screen
from flows.loader import instrument, words
from tests.support.instruments import CURRENT
from tests.support.offices import QUICKEST, Person, kept, office, unit_row, working
from tests.support.paths import ROOT
from tests.support.shown_files import ON_PURPOSE, stood_in

DOC = ROOT / "docs" / "taps.md"
BEGIN, END = "<!-- made by tests/bot/test_taps.py -->\n", "<!-- end -->\n"
NINE = 9
PROFILE = {"sex": "female", "age": "26-35", "education": "s1", "occupation": "private"}
LINK, ALONE = "DUKCAPIL", "SAMSAT-BC"  # one service, or the link names none of several


@dataclass(frozen=True)
class Cost:
    taps: int
    screens: int
    typed: int | None = None  # characters
    words: int = 0


@dataclass
class Counting(Person):
    """Goes the shortest way and counts what it would take to type it."""

    characters: int = 0
    screens: int = 1  # the first is shown by the link
    words: int = 0

    async def answer(self, given: Mapping[str, str]) -> Screen:
        assert self.shown is not None
        shown = self.shown
        self.words += words_of(shown)
        offered = [button.choice for button in shown.choices]
        wanted = (given.get(shown.choices[0].step, ""), given.get("", "4"), *QUICKEST, offered[0])
        choice = next(each for each in wanted if each in offered)
        self.characters += self._shortest(choice)
        self.screens += 1
        return await self.tap(choice)

    def _shortest(self, choice: str) -> int:
        """Characters of the shortest text that means it."""
        assert self.shown is not None
        now = kept(self.turns.engine, self.address)
        form = self.turns.forms.built[now.version][1]
        spoken = words(now.language)
        labels = [spoken.line(button.label) for button in self.shown.choices]
        texts = [str(n) for n in range(1, len(labels) + 1)] + labels
        texts += [t for b in self.shown.choices for t in spoken.listed(f"{b.label.key}.heard")]
        heard = {
            len(text): getattr(hear(form, now, Typed("99", 99, text), spoken), "choice", None)
            for text in sorted(texts, key=len, reverse=True)
            if getattr(hear(form, now, Typed("99", 99, text), spoken), "choice", None) == choice
        }
        return min(heard)


async def answered(turns: Turns, number: int, opening: str, given: Mapping[str, str]) -> Cost:
    person = Counting(turns, f"tg:{number}")
    await person.open(opening)
    while person.shown and person.shown.choices[0].step != ENDED:
        await person.answer(given)
    read = person.words + words_of(person.shown)
    return Cost(len(person.told), person.screens, person.characters, read)


def words_of(shown: Screen | None) -> int:
    """All that have a letter, on the screen and on its buttons."""
    assert shown
    message = say(shown, words(shown.language))
    labels = " ".join(label.text for row in message.rows for label in row)
    said = f"{message.text} {labels}".split()
    return sum(any(map(str.isalpha, word)) for word in said)


def official() -> int:
    """Words of the questions and answers that the instrument prescribes."""
    texts = instrument(CURRENT).texts()
    asked = {f"{CURRENT}.{item.key}" for item in instrument(CURRENT).items}
    answers = {f"{key}.{value}" for key in asked for value in instrument(CURRENT).values}
    return sum(len(texts[key].split()) for key in asked | answers)


def web_form(*, service: bool = False, profile: bool = False) -> Cost:
    """Box, (list), nine buttons, (lists), send."""
    return Cost(1 + 2 * service + NINE + 2 * len(PROFILE) * profile + 1, 2)


WAYS: dict[str, tuple[str, dict[str, str], Cost | None]] = {
    "the link names the service": (LINK, {}, web_form()),
    "the service is asked": (ALONE, {}, web_form(service=True)),
    "with the profile": (LINK, PROFILE, web_form(profile=True)),
    "service and profile": (ALONE, PROFILE, web_form(service=True, profile=True)),
    "one low score": (LINK, {"cost": "2"}, None),
    "two low scores": (LINK, {"cost": "2", "procedure": "1"}, None),
    "nine low scores": (LINK, {"": "1"}, None),
}


async def costs(url: str) -> dict[str, Cost]:
    units = (unit_row(LINK, services=[{"id": "ktp", "label": "KTP"}]), unit_row(ALONE))
    with office(url, *units) as engine, working(engine) as turns:
        return {
            name: await answered(turns, number, opening, given)
            for number, (name, (opening, given, _)) in enumerate(WAYS.items(), 1)
        }


def table(found: Mapping[str, Cost]) -> str:
    lines = [
        "| | taps | typed | screens | words | web form: taps | pages |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, cost in found.items():
        form = WAYS[name][2]
        beside = (str(form.taps), str(form.screens)) if form else ("", "")
        cells = (
            name,
            str(cost.taps),
            f"{cost.typed} characters",
            str(cost.screens),
            str(cost.words),
            *beside,
        )
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        f"Of these words {official()} are official: the nine questions and their answers.",
    ]
    return "\n" + "\n".join(lines) + "\n\n"


def test_the_table_of_taps_is_what_a_survey_takes(sqlite_url):
    found = asyncio.run(costs(sqlite_url))
    made = table(found)
    assert stood_in(DOC, made, BEGIN, END) == made, ON_PURPOSE
    least = found["the link names the service"]
    assert (least.taps, found["with the profile"].taps) == (14, 17)  # what the design promises
    more = {name: found[name].screens - least.screens for name in WAYS if "low" in name}
    assert more == {"one low score": 1, "two low scores": 2, "nine low scores": 2}
