"""A whole number between two that an admin wrote."""

import re

from flows.engine.form import Line, Value
from flows.engine.input_parsing import text_of
from flows.extra_question import Extra
from flows.survey.kinds.kind import Kind

DIGITS = 7

_LIMITS = re.compile(rf"(\d{{1,{DIGITS}}})\s*[-–\s]\s*(\d{{1,{DIGITS}}})", re.ASCII)


class Number(Kind):
    id = "number"
    counted = "numbers"
    writes = DIGITS
    setting = "limits"

    def hint(self, extra: Extra) -> Line | None:
        if extra.limits is None:
            return None
        low, high = extra.limits
        return Line("survey.extra.number", {"low": low, "high": high})

    def fault(self, extra: Extra, text: str) -> Line | None:
        if extra.limits is None:
            return None
        low, high = extra.limits
        fits = text.isdecimal() and low <= int(text) <= high  # digits of any script
        return None if fits else Line("survey.extra.number.unfit")

    def kept(self, value: Value) -> Value:
        return str(int(text_of(value)))


def limits_of(text: str) -> tuple[int, int] | None:
    """The lowest and the highest number of "0-100"; None where no two stand there in order."""
    found = _LIMITS.fullmatch(text)
    low, high = (int(found[1]), int(found[2])) if found else (0, 0)
    return (low, high) if low < high else None


def no_limits(text: str) -> Line | None:
    """For `flows.engine.form.Step.check`."""
    return None if limits_of(text) else Line("question.limits.unfit", {"digits": DIGITS})
