"""The SKM by the instrument of today, for tests that are about no other."""

from dataclasses import replace
from functools import partial

from flows.instrument import Instrument
from flows.loader import instrument
from reports.statistics import index, inference

CURRENT = "skm-14-2017"
SKM_NOW = instrument(CURRENT)


def with_elements(items: str, element: str) -> Instrument:
    """The SKM's instrument with other questions: each of these letters one of the same element."""
    one = SKM_NOW.items[0]
    return replace(SKM_NOW, items=tuple(replace(one, key=key, element=element) for key in items))


index_of = partial(index.index_of, instrument=SKM_NOW)
item_weights = partial(index.item_weights, instrument=SKM_NOW)
grade_of = partial(index.grade_of, grades=SKM_NOW.grades)
interval = partial(inference.interval, instrument=SKM_NOW)
index_estimate = partial(inference.index_estimate, instrument=SKM_NOW)
standard_error = partial(inference.standard_error, instrument=SKM_NOW)
