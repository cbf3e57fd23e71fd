"""A day, such as that of a visit. Kept as a day, told by month: a day may name a person."""

from collections.abc import Collection

from flows.engine.form import Line, Value
from flows.engine.input_parsing import text_of
from flows.extra_question import Extra
from flows.formats import period_line
from flows.survey.kinds.kind import Kind
from flows.written_day import WRITTEN, as_said, no_day, read_day


class Date(Kind):
    id = "date"
    writes = WRITTEN
    is_open = True

    def hint(self, extra: Extra) -> Line | None:
        return Line("survey.extra.date")

    def fault(self, extra: Extra, text: str) -> Line | None:
        return no_day(text)

    def reads(self, text: str, at: int) -> str:
        return as_said(text, at)

    def kept(self, value: Value) -> Value:
        """Such as 2026-11-30."""
        day = read_day(text_of(value))
        assert day is not None, "what is wrong with it was said when it was written"
        return day.isoformat()

    def bucket(self, kept: str) -> str:
        """Its month, such as 2026-11."""
        return kept[:7]

    def labels(self, extra: Extra, buckets: Collection[str]) -> dict[str, Line]:
        """From the first month to the last, then all that are hidden."""
        other = Line("survey.extra.date.other")
        return {name: period_line(name) or other for name in sorted(buckets, key=_hidden_last)}


def _hidden_last(bucket: str) -> tuple[bool, str]:
    return not bucket, bucket
