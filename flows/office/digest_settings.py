"""A head says when digests come, and what urgent news: /atur."""

from flows.asides import ASIDES
from flows.engine import multiple_choice
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, When

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


def _title(step: str) -> Line:
    return Line(f"briefing.{step}.title")


BRIEFING_FORM = Form(
    "briefing",
    (
        Step("unit", Line("briefing.unit"), offers=True, revisable=False),
        Step(
            "rhythm",
            Line("briefing.rhythm"),
            tuple(Choice(each, Line(f"briefing.rhythm.{each}")) for each in RHYTHMS),
            title=_title("rhythm"),
        ),
        Step(
            "weekday",
            Line("briefing.weekday"),
            tuple(Choice(day, weekday_line(int(day))) for day in WEEKDAYS),
            when=(When("rhythm", frozenset({"month"}), wanted=False),),
            title=_title("weekday"),
        ),
        Step(
            "hour",
            Line("briefing.hour"),
            tuple(Choice(hour, hour_line(int(hour))) for hour in HOURS),
            title=_title("hour"),
        ),
        Step(
            "alerts",
            Line("briefing.alerts"),
            multiple_choice.buttons(
                (Choice(kind, alert_line(kind)) for kind in ALERTS),
                Choice(NONE, Line("briefing.alerts.none")),
            ),
            title=_title("alerts"),
            many=True,
        ),
        *ASIDES,
    ),
    write_answers,
)
