"""What stands beside an index: its level's two figures, sources, completion, as lines and JSON."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from bot.commands.figures.index_table import decimal
from flows.engine.form import Line
from flows.instrument import Instrument
from flows.loader import words
from reports.statistics.index import Index, rounded
from reports.stored.dropoff import DropOff
from reports.stored.overview import Overview

_WORDS = words("id")
_SOURCES = {
    "chat": "obrolan",
    "assisted": "dibantu petugas",
    "imported": "kertas atau formulir",
    "verified": "kunjungan terverifikasi",
}
_PARTS = {"services": "layanan", "units": "unit"}
_STEPS = {"consent": "Persetujuan", "review": "Periksa jawaban"}


def lines(found: Overview, asked: Instrument) -> Iterator[str]:
    """For people, Indonesian."""
    if not found.figures.index.n:
        return
    yield from _level(found)
    for name, index in found.sources.items():
        yield f"  {_SOURCES.get(name, name)}: {_weighed(index)}"
    if found.without_marked is not None:
        yield f"  tanpa yang bertanda (radar): {_weighed(found.without_marked)}"
    if found.dropoff is not None and found.dropoff.completion is not None:
        yield from _dropoff(found.dropoff, found.dropoff.completion, asked)


def _level(found: Overview) -> Iterator[str]:
    if found.level is None:
        return
    mean, pooled = found.level.mean_of_units, found.level.pooled_respondents
    part = _PARTS[parts(found)]
    of = f"{mean.units} {part} yang cukup jawabannya, {mean.left_out} tidak"
    if mean.ikm is None:
        yield f"Rata-rata {part}: tidak dihitung ({of})"
    else:
        yield f"Rata-rata {part}: {decimal(mean.ikm)}{_error(mean.standard_error)} ({of})"
    if pooled.ikm is not None:
        error = _error(pooled.standard_error)
        yield f"Seluruh responden digabung: {decimal(pooled.ikm)}{error} ({pooled.n} responden)"


def _error(error: float | None) -> str:
    return "" if error is None else f" · galat baku {decimal(Fraction(error))}"


def _weighed(index: Index) -> str:
    shown = "–" if index.ikm is None else decimal(index.ikm)
    return f"{shown} · {index.n} responden"


def _dropoff(found: DropOff, completion: Fraction, asked: Instrument) -> Iterator[str]:
    begun = found.finished + sum(found.stopped.values())
    share = decimal(100 * completion, 0)
    yield f"Selesai di obrolan: {found.finished} dari {begun} yang setuju menjawab ({share} %)"
    for step in sorted(found.stopped, key=lambda step: _place(step, asked)):
        yield f"  berhenti setelah {step_name(step, asked)}: {found.stopped[step]}"


def _place(step: str, asked: Instrument) -> tuple[int, str]:
    order = ("consent", "service", *asked.keys, "comment", *(b.key for b in asked.bands), "review")
    return (order.index(step) if step in order else len(order)), step


def step_name(step: str, asked: Instrument) -> str:
    """What a person calls a step of the survey."""
    item = next((item for item in asked.items if item.key == step), None)
    if item is not None:
        return _WORDS.line(Line(asked.title_key(item))) if asked.asked else item.name
    for key in (f"survey.{step}.title", f"profile.{step}.title"):
        if key in _WORDS.texts:
            return _WORDS.line(Line(key))
    of_extra = _WORDS.line(Line("survey.extra.title"))
    return of_extra if step.startswith("x_") else _STEPS.get(step, step)


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
