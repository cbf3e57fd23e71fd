"""Draws docs/gallery: golden dialogues as on a phone, one in each language, digests, and the
console where there is Chromium. `python -m tests.support.gallery`."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from flows.loader import words
from reports.digest.composed import Course, Digest, Point
from reports.digest.picture import picture
from reports.printed.typesetting import program
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from storage.database.connect import migrate
from tests.support.chromium import FOUND
from tests.support.console_in_chromium import console
from tests.support.digest_weeks import KEYS, digest, straight
from tests.support.paths import TESTS

HERE = TESTS
GALLERY = HERE.parent / "docs" / "gallery"
FONTS = HERE.parent / "reports" / "fonts"
DRAWN = {
    "dialogue": "survey-shortest",
    "survey-id": "survey-with-profile",
    "survey-en": "english",
    "survey-jv": "javanese",
    "survey-su": "sundanese",
}


def screens(dialogue: str) -> list[dict[str, Any]]:
    """What was said, what the bot showed then, and its rows of buttons, up to the first ending or
    the first tap on an earlier message."""
    found: list[dict[str, Any]] = []
    said = ""
    for line in dialogue.splitlines():
        mark, text = line[:1], line[2:]
        if mark == ">" and (' on "' in text or (found and not found[-1]["rows"])):
            break
        if mark == ">":
            said = text.strip("[]").replace("\\n", "\n")
        elif mark == "┌":
            found.append({"said": said, "text": [text], "rows": []})
            said = ""
        elif mark == "│" or (mark == "└" and not text.startswith("[")):
            found[-1]["text"].append(text)
        elif mark in ("└", " ") and text.startswith("["):
            found[-1]["rows"].append(text.strip("[]").split("] ["))
    return found


def draw(dialogue: str) -> bytes:
    compiler = typst.Compiler(root=str(HERE), font_paths=[str(FONTS)])
    source = program(HERE / "gallery.typ", screens(dialogue))
    return bytes(compiler.compile(source, format="png", ppi=72))


# Invented: hundredths of the nine means, in questionnaire order, of an agency and two weeks.
AGENCY = (333, 323, 324, 313, 342, 333, 347, 323, 313)
BEFORE = (335, 352, 316, 314, 342, 357, 353, 292, 325)
NOW = (335, 316, 281, 326, 321, 344, 342, 307, 316)
# Invented, too: thirteen weeks of which one told nothing, the last six of them lower.
WEEKS = (831, 824, 838, 827, None, 835, 829, 803, 811, 796, 806, 789, 792)
LIMITS = ("78.9", "86.9")
COURSE = Course(
    "fell",
    tuple(Point(f"{ikm / 10}", LIMITS) if ikm else Point() for ikm in WEEKS),
    level="82.9",
    since="2026-W42",
    points="-3.0",
    half_width="1.4",
)


def answered(means: tuple[int, ...], n: int) -> Tally:
    """n answers to each element that come near its mean: of 2, 3 and 4."""
    return tally_of_rows(
        KEYS, [Row(dict(zip(KEYS, each, strict=True))) for each in _rows(means, n)]
    )


def _rows(means: tuple[int, ...], n: int) -> Iterator[list[int]]:
    for person in range(n):
        # A seventh keep to 2 or 4, so that the answers vary; the others make up the mean.
        spread = (person % 7 == 0) - (person % 7 == 1)
        yield [
            min(4, max(1, (mean * (person + 1) // 100) - (mean * person // 100) + spread))
            for mean in means
        ]


def digests() -> Iterator[tuple[str, Digest]]:
    agency = {key: Fraction(mean, 100) for key, mean in zip(KEYS, AGENCY, strict=True)}
    full = digest(answered(NOW, 57), answered(BEFORE, 61), agency=agency)
    full = replace(full, course=COURSE)
    yield "digest-light", full
    yield "digest-few", digest(straight(threes=3), period_n=41)


UNITS = ("Disdukcapil Kota Contoh", "RSUD Contoh Medika", "Samsat Contoh Tengah", "DPMPTSP Contoh")
PRESS = "document.querySelector('{}').click()"


def drawn_console(folder: Path) -> None:
    """Its desk, a form and the coverage, in Chromium."""
    url = f"sqlite:///{folder}/skm.db"
    migrate(url)
    with console(url, folder / "profile", *UNITS) as (tab, at):
        tab.look(1366, 860)
        for name, page in (("desk", ""), ("coverage", "coverage")):
            tab.open(at + page)
            tab.picture(GALLERY / f"console-{name}.png")
        tab.look(1366, 860, dark=True)
        tab.open(at)
        tab.picture(GALLERY / "console-desk-dark.png")
        tab.look(390, 700)
        tab.open(f"{at}do")
        for button in ('[value="/tindaklanjut"]', ".btn-list button", ".btn-list button"):
            tab.events.clear()
            tab.do(PRESS.format(button))
            tab.until("Page.loadEventFired")
        tab.picture(GALLERY / "console-form.png")


if __name__ == "__main__":
    if FOUND:
        with TemporaryDirectory() as made_in:
            drawn_console(Path(made_in))
    for name, made in digests():
        (GALLERY / f"{name}.jpg").write_bytes(picture(made, words("id")))
    for name, source in DRAWN.items():
        text = (HERE / "dialogues" / f"{source}.txt").read_text(encoding="utf-8")
        (GALLERY / f"{name}.png").write_bytes(draw(text))
