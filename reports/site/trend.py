"""The line of a unit's periods as a picture in its page: each index with its interval, and where
the grades change. The table below it says the same; colours come from the style sheet."""

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup, escape

from flows.loader import instrument
from reports.site.rendering import Writer
from reports.site.shown import Result

MOST = 12  # periods
WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 30, 14, 36


def trend(results: Sequence[Result], writer: Writer) -> Markup | None:
    """`results`: the earliest first, of periods of one kind; None where fewer than two show a
    figure."""
    shown = results[-MOST:]
    if sum(each.ikm is not None for each in shown) < 2:
        return None
    low, high = _scale(shown)

    def across(place: int) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * place / (len(shown) - 1)

    def down(value: float) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    parts = [*_grades(shown[-1], low, high, down, writer)]
    for place, each in enumerate(shown):
        x = f"{across(place):.1f}"
        if len(shown) <= 6 or place % 2 == (len(shown) - 1) % 2:
            name = escape(each.period.name)
            parts.append(
                f'<text class="soft" x="{x}" y="{HEIGHT - 10}" text-anchor="middle">{name}</text>'
            )
        if each.ikm is None:
            parts.append(f'<circle class="gap" cx="{x}" cy="{HEIGHT - _BOTTOM}" r="4"/>')
            continue
        y = f"{down(float(each.ikm)):.1f}"
        if each.ci95:
            ends = [f"{down(float(end)):.1f}" for end in each.ci95]
            parts.append(f'<line class="ci" x1="{x}" x2="{x}" y1="{ends[0]}" y2="{ends[1]}"/>')
        before = shown[place - 1] if place else None
        if before and before.ikm and _alike(before, each):
            parts.append(
                f'<line class="line" x1="{across(place - 1):.1f}" '
                f'y1="{down(float(before.ikm)):.1f}" x2="{x}" y2="{y}"/>'
            )
        parts.append(f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>')
    last = next((each.ikm for each in reversed(shown) if each.ikm), None)
    said = writer.say("trend.said", n=len(shown), last=writer.number(last))
    return Markup(  # noqa: S704  (numbers, names of periods, and words of ours escaped above)
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">'
        + "".join(parts)
        + "</svg>"
    )


def _scale(shown: Sequence[Result]) -> tuple[float, float]:
    ends = [float(e) for each in shown if each.ikm for e in (each.ikm, *(each.ci95 or ()))]
    return max(min(ends) - 2, 25.0), min(max(ends) + 2, 100.0)


def _grades(last: Result, low: float, high: float, down: object, writer: Writer) -> list[str]:
    """Where a grade begins, as far as it is in the picture; and both ends of the scale."""
    assert callable(down)
    by = instrument(last.instrument)
    lines = [(float(grade.lowest), grade.grade) for grade in by.grades if low < grade.lowest < high]
    parts = []
    for value, name in lines:
        y = f"{down(value):.1f}"
        parts.append(f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - 8}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="soft" x="{WIDTH - 8}" y="{y}" text-anchor="end">{name}</text>')
    for value in (low, high):
        y = down(value) + 4
        text = writer.number(f"{Fraction(round(value * 10), 10).__float__():.1f}")
        parts.append(f'<text class="soft" x="4" y="{y:.1f}">{text}</text>')
    return parts


def _alike(before: Result, now: Result) -> bool:
    """No line leads from one measure to another."""
    measure = [(each.instrument, tuple(each.content["left_out"])) for each in (before, now)]
    return measure[0] == measure[1]
