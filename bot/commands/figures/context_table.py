"""What stands beside an index: its level's two figures, sources, completion, as lines and JSON."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from bot.commands.figures.index_table import decimal, source_name
from flows.engine.form import Line
from flows.instrument import Instrument
from flows.loader import words
from flows.operator_words import spoken, tr
from reports.statistics.index import Index, rounded
from reports.stored.dropoff import DropOff
from reports.stored.overview import Overview

_PARTS = {"services": "services", "units": "units"}
_STEPS = {"consent": "Consent", "review": "Review"}


def lines(found: Overview, asked: Instrument) -> Iterator[str]:
    """For people."""
    if not found.figures.index.n:
        return
    yield from _level(found)
    for name, index in found.sources.items():
        yield f"  {source_name(name)}: {_weighed(index)}"
    if found.without_marked is not None:
        yield "  " + tr("without those marked (radar): {0}", _weighed(found.without_marked))
    if found.dropoff is not None and found.dropoff.completion is not None:
        yield from _dropoff(found.dropoff, found.dropoff.completion, asked)


def _level(found: Overview) -> Iterator[str]:
    if found.level is None:
        return
    mean, pooled = found.level.mean_of_units, found.level.pooled_respondents
    part = tr(_PARTS[parts(found)])
    of = tr("{0} {1} with enough answers, {2} without", mean.units, part, mean.left_out)
    if mean.ikm is None:
        yield tr("Mean of {0}: not computed ({1})", part, of)
    else:
        shown = f"{decimal(mean.ikm)}{_error(mean.standard_error)}"
        yield tr("Mean of {0}: {1} ({2})", part, shown, of)
    if pooled.ikm is not None:
        shown = f"{decimal(pooled.ikm)}{_error(pooled.standard_error)}"
        yield tr("All respondents pooled: {0} ({1:respondent|respondents})", shown, pooled.n)


def _error(error: float | None) -> str:
    return "" if error is None else " · " + tr("standard error {0}", decimal(Fraction(error)))


def _weighed(index: Index) -> str:
    shown = "–" if index.ikm is None else decimal(index.ikm)
    return tr("{0} · {1:respondent|respondents}", shown, index.n)


def _dropoff(found: DropOff, completion: Fraction, asked: Instrument) -> Iterator[str]:
    begun = found.finished + sum(found.stopped.values())
    share = decimal(100 * completion, 0)
    said = "Finished in the chat: {0} of {1} who agreed to answer ({2} %)"
    yield tr(said, found.finished, begun, share)
    for step in sorted(found.stopped, key=lambda step: _place(step, asked)):
        yield "  " + tr("stopped after {0}: {1}", step_name(step, asked), found.stopped[step])


def _place(step: str, asked: Instrument) -> tuple[int, str]:
    order = ("consent", "service", *asked.keys, "comment", *(b.key for b in asked.bands), "review")
    return (order.index(step) if step in order else len(order)), step


def step_name(step: str, asked: Instrument) -> str:
    """What a person calls a step of the survey."""
    said = words(spoken())
    item = next((item for item in asked.items if item.key == step), None)
    if item is not None:
        return said.line(Line(asked.title_key(item))) if asked.asked else item.name
    for key in (f"survey.{step}.title", f"profile.{step}.title"):
        if key in said.texts:
            return said.line(Line(key))
    of_extra = said.line(Line("survey.extra.title"))
    return of_extra if step.startswith("x_") else tr(_STEPS.get(step, step))


def parts(found: Overview) -> str:
    """What the plain mean of a level is taken of."""
    return "services" if found.scope.only_unit is not None else "units"


def data(found: Overview) -> dict[str, Any]:
    """Further keys of the JSON of `skm index`."""
    return {
        "level": _level_data(found),
        "sources": {name: _index_data(index) for name, index in found.sources.items()},
        "without_marked": found.without_marked and _index_data(found.without_marked),
        "completion": found.dropoff and _dropoff_data(found.dropoff),
    }


def _level_data(found: Overview) -> dict[str, Any]:
    level: dict[str, Any] = {"name": found.scope.name}
    if found.level is None:
        return level
    mean, pooled = found.level.mean_of_units, found.level.pooled_respondents
    counts = {parts(found): mean.units, "left_out": mean.left_out}
    return level | {
        f"mean_of_{parts(found)}": _figure(mean.ikm, mean.standard_error, counts),
        "pooled_respondents": _figure(pooled.ikm, pooled.standard_error, {"n": pooled.n}),
    }


def _figure(ikm: Fraction | None, error: float | None, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "ikm": None if ikm is None else rounded(ikm, 2),
        "standard_error": None if error is None else float(rounded(Fraction(error), 4)),
        **counts,
    }


def _index_data(index: Index) -> dict[str, Any]:
    return {"n": index.n, "ikm": None if index.ikm is None else rounded(index.ikm, 2)}


def _dropoff_data(found: DropOff) -> dict[str, Any]:
    share = found.completion
    return {
        "finished": found.finished,
        "share": None if share is None else float(rounded(share, 4)),
        "stopped_after": dict(found.stopped),
    }
