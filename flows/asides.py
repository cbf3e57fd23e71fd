"""The steps that every form has and that nobody comes to by answering: language, large print,
"change which", "continue or start". They are reached by `revisit` alone."""

from flows.engine.form import Choice, Line, Step, literal
from flows.engine.language_tag import LARGE, USUAL
from flows.loader import LANGUAGES

ASIDES = (
    Step(
        "language",
        Line("language"),
        tuple(Choice(code, literal(name), "language") for code, name in LANGUAGES.items()),
        aside=True,
    ),
    Step(
        "display",
        Line("display"),
        tuple(Choice(way, Line(f"display.{way}"), "language") for way in (LARGE, USUAL)),
        aside=True,
    ),
    Step(
        "change",
        Line("change"),
        (Choice("stay", Line("move.back"), "stay"),),
        lists=True,
        aside=True,
    ),
    Step(
        "resume",
        Line("resume"),
        (Choice("stay", Line("resume.continue"), "stay"),),
        offers=True,
        aside=True,
    ),
)
