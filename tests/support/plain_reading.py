"""What a form's path is, step by step, as its steps say it: `flows.engine.form_path` is to find the
same."""

from flows.engine.form import DONE, Answers, Form, Step, Value


def plain_reading(form: Form, answers: Answers) -> tuple[list[str], dict[str, Value], Step | None]:
    """The ids of the path, the answers that count, the first step without one."""
    path: list[str] = []
    counted: dict[str, Value] = {}
    unanswered: Step | None = None
    for step in form.steps:
        if step.aside or not all(when.holds(counted) for when in step.when):
            continue
        path.append(step.id)
        given = answers.get(step.id)
        if given is not None and (not isinstance(given, list) or DONE in given):
            counted[step.id] = given
        elif unanswered is None:
            unanswered = step
    return path, counted, unanswered
