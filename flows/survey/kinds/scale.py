"""From 1, the worst, to 4, the best, in four words: those offered, or an admin's own."""

from flows.engine.form import Choice, Line, literal
from flows.extra_question import Extra
from flows.survey.kinds.kind import Kind

GOOD = "good"  # what a scale without words of its own is asked in
OFFERED = {
    "easy": "mudah",
    "fast": "cepat",
    "fitting": "sesuai",
    GOOD: "baik",
    "clear": "jelas",
    "friendly": "ramah",
}
"""Scales that every language has words for, and what is said in Indonesian of the third of four."""

FOUR = 4


def four_words(said: str) -> tuple[str, ...]:
    """Of one word ("mudah") the four that grade it; else the lines as they are."""
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    if len(lines) != 1:
        return tuple(lines)
    word = lines[0][:1].lower() + lines[0][1:]
    return (f"Tidak {word}", f"Kurang {word}", word[:1].upper() + word[1:], f"Sangat {word}")


class Scale(Kind):
    id = "scale"
    setting = "words"

    def choices(self, extra: Extra) -> tuple[Choice, ...]:
        return tuple(
            Choice(str(n), Line("numbered", {"number": n, "label": _label(extra, n)}))
            for n in range(1, FOUR + 1)
        )


_KNOWN = {four_words(word): name for name, word in OFFERED.items()}


def _label(extra: Extra, number: int) -> Line:
    if not extra.choices:
        return Line(f"scale.{GOOD}.{number}")
    known = _KNOWN.get(extra.choices)
    if known and not extra.translations:
        return Line(f"scale.{known}.{number}")
    translated = {t.language: t.choices[number - 1] for t in extra.translations}
    return literal(extra.choices[number - 1], **translated)
