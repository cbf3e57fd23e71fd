"""Words that agree with a number: "{n:answer has|answers have} come in" says "1 answer has" and
"2 answers have". Languages that do not tell one from many need none of it."""

from string import Formatter
from typing import Any


class Agreeing(Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        one, stroke, many = format_spec.partition("|")
        if not stroke:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else many}"


agreeing = Agreeing()
