"""The SKM by the instrument of today, for tests that are about no other."""

from functools import partial

from flows.loader import instrument
from reports.statistics import index, inference

CURRENT = "skm-14-2017"
SKM_NOW = instrument(CURRENT)

index_of = partial(index.index_of, instrument=SKM_NOW)
item_weights = partial(index.item_weights, instrument=SKM_NOW)
grade_of = partial(index.grade_of, grades=SKM_NOW.grades)
interval = partial(inference.interval, instrument=SKM_NOW)
index_estimate = partial(inference.index_estimate, instrument=SKM_NOW)
standard_error = partial(inference.standard_error, instrument=SKM_NOW)
