"""Several choices of one step: each is set and unset by name, never toggled, so that a tap that
comes twice, or from an older message, does what its button said. "Done" ends the list.

The value is the list of chosen ids in the step's order, with `DONE` at its end once it is done.
"""

from collections.abc import Iterable, Iterator

from flows.engine.form import DONE, Choice, Line, Step, Value

_SET, _UNSET = "on-", "off-"


def buttons(options: Iterable[Choice], *more: Choice) -> tuple[Choice, ...]:
    """All that a step of these options may be answered by; `shown` says which of them stand there.

    Labels are literal: they are joined to a text where an answer is shown again.
    """
    return (
        *(button for option in options for button in _pair(option)),
        Choice(DONE, Line("done"), "done"),
        *more,
    )


def _pair(option: Choice) -> Iterator[Choice]:
    yield Choice(_SET + option.id, option.label, "set")
    yield Choice(_UNSET + option.id, Line("chosen", {"label": option.label}), "unset")


def chosen(value: Value | None) -> list[str]:
    """The ids that are set so far."""
    return [id for id in value if id != DONE] if isinstance(value, list) else []


def shown(step: Step, value: Value | None) -> tuple[Choice, ...]:
    """Each option once; "done" as soon as one is set, and until then what passes over the step."""
    on = chosen(value)
    return tuple(
        choice
        for choice in step.choices
        if {
            "set": _option(choice) not in on,
            "unset": _option(choice) in on,
            "done": bool(on),
        }.get(choice.does, not on)
    )


def labels(step: Step, value: Value | None) -> tuple[Line, ...]:
    """The words of what is set, in the step's order."""
    on = chosen(value)
    return tuple(c.label for c in step.choices if c.does == "set" and _option(c) in on)


def after(step: Step, value: Value | None, choice: Choice) -> Value | None:
    """The value once this button was tapped; the very same where it says what is so already."""
    on, option = chosen(value), _option(choice)
    if choice.does == "done":
        return [*on, DONE] if on else value
    if (option in on) is (choice.does == "set"):
        return value
    now = {*on, option} if choice.does == "set" else {*on} - {option}
    return [_option(c) for c in step.choices if c.does == "set" and _option(c) in now]


def _option(choice: Choice) -> str:
    return choice.id.partition("-")[2]
