"""What a kind of extra question has to say for itself; each file beside this one is a kind.

A new kind is its file, its place in `flows.survey.kinds`, its words and its test. All of it is
pure: survey, editor, console, tally and digest ask the kind and know none by name.
"""

from collections.abc import Collection
from typing import ClassVar, Literal

from flows.engine.form import Choice, Line, Value
from flows.extra_question import Extra

Counted = Literal["choices", "several", "numbers", "texts"]
Setting = Literal["", "choices", "limits", "words"]


class Kind:
    """`counted`: how a digest tells its answers: how often each bucket, the same where one may take
    several, mean and median, or only how many wrote something. `writes`: characters that may be
    written; 0: only choices answer. `many`: several choices may be taken. `setting`: what an admin
    writes for it besides the question. `is_open`: its buckets follow from what was answered, so
    that hidden ones are not even named.
    """

    id: ClassVar[str]
    counted: ClassVar[Counted] = "choices"
    writes: ClassVar[int] = 0
    many: ClassVar[bool] = False
    setting: ClassVar[Setting] = ""
    is_open: ClassVar[bool] = False

    def choices(self, extra: Extra) -> tuple[Choice, ...]:
        """What may be chosen; none where it is written."""
        return ()

    def hint(self, extra: Extra) -> Line | None:
        """One short line on how to answer, where the buttons do not say it."""
        return None

    def reads(self, text: str, at: int) -> str:
        """A written answer in plain words, of one that says it by when it was written."""
        return text

    def fault(self, extra: Extra, text: str) -> Line | None:
        """What is wrong with a written answer."""
        return None

    def kept(self, value: Value) -> Value:
        """An answer as a response keeps it: a choice's id or other short text that is counted, a
        list of such, or {"text"}, of which only is counted that there was some."""
        return value

    def bucket(self, kept: str) -> str:
        """What an answer is counted under, of one that is kept as a short text."""
        return kept

    def labels(self, extra: Extra, buckets: Collection[str]) -> dict[str, Line]:
        """The buckets in the order they are shown, with their words. `buckets`: those that were
        answered, for a kind that is open; "" are all that are hidden."""
        return {choice.id: choice.label for choice in self.choices(extra)}
