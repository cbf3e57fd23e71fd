"""The steps of a form of the office, each in the words that the catalogues have for it."""

from typing import Any

from flows.asides import ASIDES
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, When


def chosen(step: str, *ids: str) -> When:
    return When(step, frozenset(ids))


def not_chosen(step: str, *ids: str) -> When:
    return When(step, frozenset(ids), wanted=False)


def form_of(id: str, *steps: Step) -> Form:
    """What it is answered is written (`bot.core.dialogue.Dialogue.writes`)."""
    return Form(id, (*steps, *ASIDES), write_answers)


class Steps:
    """`step = Steps("follow_up")`: then `step("due", …)` asks "follow_up.due", and is called
    "follow_up.due.title" where it can be changed. A choice that is a plain id, such as "begin",
    is said by "follow_up.due.begin"."""

    def __init__(self, form: str) -> None:
        self.form = form

    def __call__(self, id: str, *choices: Choice | str, **more: Any) -> Step:
        """`more`: of `flows.engine.form.Step`."""
        said = tuple(
            each if isinstance(each, Choice) else self.choice(id, each) for each in choices
        )
        own = {"title": self.title(id)} if more.get("revisable", True) else {}
        return Step(id, **{"text": self.line(id), "choices": said, **own, **more})

    def line(self, *keys: str) -> Line:
        return Line(".".join((self.form, *keys)))

    def title(self, id: str) -> Line:
        return self.line(id, "title")

    def choice(self, step: str, id: str) -> Choice:
        return Choice(id, self.line(step, id))
