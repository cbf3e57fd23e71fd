"""A head says when digests come, and what urgent news: /atur."""

from flows.engine import multiple_choice
from flows.engine.form import Choice, Line
from flows.office.steps import Steps, form_of, not_chosen

RHYTHMS = ("week", "month", "both")
WEEKDAYS = tuple(str(day) for day in range(7))  # 0: Monday
HOURS = tuple(f"{hour:02}" for hour in range(7, 19))  # nobody is written to at night
ALERTS = ("fall", "lows", "radar", "behind")
"""Kinds of urgent news, the most important first."""

NONE = "none"


def hour_line(hour: int) -> Line:
    return Line("briefing.hour.at", {"hour": f"{hour:02}"})


def weekday_line(weekday: int) -> Line:
    return Line(f"briefing.weekday.{weekday}")


def alert_line(kind: str) -> Line:
    return Line(f"alert.kind.{kind}")


step = Steps("briefing")

BRIEFING_FORM = form_of(
    "briefing",
    step("unit", offers=True, revisable=False),
    step("rhythm", *RHYTHMS),
    step("weekday", *WEEKDAYS, when=(not_chosen("rhythm", "month"),)),
    step("hour", *(Choice(hour, hour_line(int(hour))) for hour in HOURS)),
    step(
        "alerts",
        *multiple_choice.buttons(
            (Choice(kind, alert_line(kind)) for kind in ALERTS), step.choice("alerts", NONE)
        ),
        many=True,
    ),
)
