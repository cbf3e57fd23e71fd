"""Pages made of templates and words: HTML that is well-formed XML too, so that a test can read it.

No page needs a script; only the one that checks receipts has one. What people wrote is escaped by
the templates, and is first freed of characters that XML has not (`plain`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import escape

from flows.engine.form import Line
from flows.formats import day_line, days, number, period_line
from flows.loader import instrument, words
from reports.site.addresses import ENGLISH, INDEX, up
from storage.database.release import VERSION
from storage.periods import parse

LANGUAGES = ("id", "en")
_FOLDER = files("reports") / "site" / "templates"
# Letters that turn the reading direction of what follows them, and what no XML may hold.
_NEVER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_SAID = re.compile(r"\{\{ (?:t|w\.say)\('([\w.]+)'\) \}\}")
_CAPITALS = {"rsud", "rsj", "rs", "kua", "dpmptsp", "mpp", "ptsp", "uptd", "sd", "smp", "sma"}


def plain(text: str) -> str:
    """What somebody wrote, in one line, without what would disturb a page or break its XML."""
    return " ".join(_NEVER.sub("", text).encode("utf-8", "ignore").decode().split())


def asset(name: str) -> bytes:
    """A file that is served as it is."""
    return (_FOLDER / name).read_bytes()


@cache
def edition() -> str:
    """Stands for all that pages are made of besides data: another release makes them anew."""
    made = hashlib.sha256(VERSION.encode())
    for file in sorted(_FOLDER.iterdir(), key=lambda each: each.name):
        made.update(file.read_bytes())
    for language in LANGUAGES:
        said = (files("flows") / "words" / f"{language}.po").read_bytes()
        made.update(said)
    return made.hexdigest()[:16]


def kind_name(kind: str) -> str:
    """A kind of unit as it is headed: samsat → Samsat, rsud → RSUD."""
    return kind.upper() if kind in _CAPITALS else kind[:1].upper() + kind[1:]


class Writer:
    """Pages in one language. `base`: where the site is reached, "" where nobody said."""

    def __init__(self, language: str, base: str = "") -> None:
        self.language, self.base, self.words = language, base, words(language)
        self.root = ENGLISH if language == "en" else ""
        self._said: dict[str, str] = {}

    def page(self, template: str, path: str, **data: Any) -> bytes:
        """`path`: of the page's folder, the same in each language; data must hold `title`."""
        mine = self.root + path
        top = up(mine)
        # An address alone, without a link to itself.
        frame = {
            "w": self,
            "t": self.say,
            "lang": self.language,
            "top": top,
            "home": top + self.root,
            "other": top + ("" if self.root else ENGLISH) + path,
            "base": self.base,
            "here": mine,
            "path": path,
            "script": "",
            "picture": "",
        }
        text: str = _template(self.language, template).render({**frame, **data})
        return text.encode()

    def file(self, path: str) -> str:
        """Of a page's folder."""
        return self.root + path + INDEX

    def say(self, key: str, **params: Any) -> str:
        if params:
            return self.words.line(Line(f"site.{key}", params))
        if key not in self._said:
            self._said[key] = self.words.line(Line(f"site.{key}"))
        return self._said[key]

    def number(self, decimal: str | None) -> str:
        return "–" if decimal is None else number(decimal, self.words)

    def count(self, number: int) -> str:
        grouped = f"{number:,}"
        return grouped.replace(",", ".") if self.language == "id" else grouped

    def day(self, day: date | str) -> str:
        found = datetime.fromisoformat(day).date() if isinstance(day, str) else day
        return _day(self.words.language, found)

    def period(self, name: str) -> str:
        return _period(self.words.language, name)

    def days(self, name: str) -> str:
        found = parse(name)
        return days(found.first, found.last, self.words)

    def elements(self, now: Any, before: Any) -> Iterator[tuple[str, str, str, str]]:
        """Rows of a result's elements: name, mean, how wide its bar is (of 90), the mean before."""
        former = before.elements if before else {}
        for key, mean in now.elements.items():
            width = f"{(float(mean) - 1) * 30:.1f}" if mean else ""
            name = self.element(now.instrument, key)
            yield name, self.number(mean), width, self.number(former.get(key))

    def periods(self, results: Iterable[Any]) -> Iterator[tuple[str, str, str, str, str]]:
        """Rows of results: address, period, index and grade, interval, respondents of minimum."""
        for each in results:
            index = f"{self.number(each.ikm)} {each.grade}" if each.ikm else self.say("none")
            span = "–".join(map(self.number, each.ci95)) if each.ci95 else "–"
            share = f"{self.count(each.n)}/{self.count(each.needed)}"
            yield each.period.name, self.period(each.period.name), index.strip(), span, share

    def grade(self, grade: str) -> str:
        return self.words.texts[f"digest.grade.{grade}"] if grade else ""

    def element(self, instrument: str, key: str) -> str:
        return _element(self.words.language, instrument, key)

    def mark(self, name: str) -> str:
        return self.words.texts[f"radar.name.{name}"]


@cache
def _day(language: str, day: date) -> str:
    return words(language).line(day_line(day))


@cache
def _period(language: str, name: str) -> str:
    line = period_line(name)
    return words(language).line(line) if line else name


@cache
def _element(language: str, id: str, key: str) -> str:
    by, said = instrument(id), words(language)
    text = said.texts.get(f"{id}.{key}.name")
    return text or by.element_name(key)


@cache
def _environment(language: str) -> Environment:
    """Templates whose words stand in them already: looked up once, not for each page."""
    texts = words(language).texts

    def said(found: re.Match[str]) -> str:
        return str(escape(texts[f"site.{found[1]}"]))

    read = {each.name: each for each in _FOLDER.iterdir() if each.name.endswith(".html")}
    sources = {name: _SAID.sub(said, each.read_text("utf-8")) for name, each in read.items()}
    made = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = plain
    return made


@cache
def _template(language: str, name: str) -> Any:
    return _environment(language).get_template(name)


def writers(base: str) -> Mapping[str, Writer]:
    return {language: Writer(language, base) for language in LANGUAGES}
