"""Which open follow-ups heads are reminded of: seven days before, on the day, and each week after.

The stage that was reached last is kept in the row and only rises, so a second process, downtime and
a clock that jumps back find nothing to say again; of several stages that were missed only the last
is said. By day only, and on no public holiday.
"""

from datetime import date

from sqlalchemy import Engine

from flows.commands import FOLLOW_UP
from flows.engine.form import Line, cut
from flows.formats import day_line
from flows.loader import element_line, words
from reports.jobs.holidays import is_holiday
from reports.jobs.isolation import isolated
from reports.jobs.quiet_hours import is_awake
from storage.chat import outbox
from storage.office import follow_ups
from storage.office.follow_ups import Due, FollowUp
from storage.office.roles import Head
from storage.periods import local_date

BEFORE = 7  # days
WEEK = 7
SHOWN = 200  # characters of a programme
SOON, TODAY = 1, 2  # stages; each week after the day is one more


def reminded(engine: Engine, now: int) -> int:
    """Put the reminders that are due in the outbox; the number put."""
    # A day and a half further than any zone's day: each row is then judged by its own.
    until = date.fromordinal(local_date(now, "UTC").toordinal() + BEFORE + 1)
    with engine.begin() as connection:
        due = follow_ups.due_until(connection, until)
    return sum(isolated(f"a reminder to {each.code}", _remind, engine, each, now) for each in due)


def stage(of: FollowUp, today: date) -> int:
    """0: nothing to say yet. Whoever plans for the next few days is not reminded at once."""
    left = (of.plan.due - today).days
    if left > 0:
        planned_before = (of.plan.due - of.planned_on).days
        return SOON if left <= BEFORE <= planned_before else 0
    return TODAY + -left // WEEK


def _remind(engine: Engine, due: Due, now: int) -> int:
    today, of = local_date(now, due.timezone), due.follow_up
    reached = stage(of, today)
    if reached <= due.reminded or not is_awake(due.timezone, now) or is_holiday(today):
        return 0
    with engine.begin() as connection:
        if not follow_ups.remind(connection, of.id, reached):
            return 0
        return sum(
            outbox.put(
                connection,
                f"reminder:{due.code}:{head.address}:{of.id}:{of.plan.due}:{reached}",
                "reminder",
                head.address,
                _body(due, head, today),
                now,
            )
            for head in follow_ups.heads(connection, due.code)
        )


def _body(due: Due, head: Head, today: date) -> dict[str, object]:
    """`opens`: buttons by their words and openings (`flows.engine.push_buttons`)."""
    spoken, plan = words(head.language), due.follow_up.plan
    left = (plan.due - today).days
    case = "soon" if left > 0 else "late" if left < 0 else "today"
    said = Line(
        f"follow_up.reminder.{case}",
        {
            "unit": cut(due.unit, SHOWN),
            "element": element_line(plan.element, due.follow_up.planned_on),
            "programme": cut(plan.programme, SHOWN),
            "due": day_line(plan.due),
            "days": abs(left),
        },
    )
    opening = f"{FOLLOW_UP} {due.code} {due.follow_up.id}"
    button = spoken.line(Line("follow_up.reminder.tell"))
    return {"text": spoken.line(said), "opens": [[button, opening]]}
