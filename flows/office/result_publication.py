"""Where and when a period's results were published: /publikasi. Several media at once."""

from flows.engine import multiple_choice
from flows.engine.confirm import confirm_step
from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Form, Line, counted_answers, literal
from flows.formats import day_line
from flows.office.steps import Steps, chosen, form_of
from flows.written_day import A_DAY, day_of

NEW = "new"
MEDIA = ("board", "website", "social", "press", "screen", "forum", "messages")
"""Each one counts once as evidence (`reports.ipp.evidence`)."""

step = Steps("announce")


def medium_line(medium: str) -> Line:
    return Line(f"announce.medium.{medium}")


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["record"] != NEW:
        rows = conversation.offered["record"]
        label = next(row["label"] for row in rows if row["id"] == answers["record"])
        return (Line("announce.preview.remove", {"what": literal(label)}),)
    media = tuple(
        medium_line(each) for each in MEDIA if each in multiple_choice.chosen(answers["media"])
    )
    period, day = str(answers["period"]), day_line(day_of(answers["day"]))
    return (Line("announce.preview", {"period": period, "day": day, "media": media}),)


_NEW = chosen("record", NEW)

ANNOUNCE = form_of(
    "announce",
    step("record", offers=True, resets=True),
    step("period", offers=True, when=(_NEW,)),
    step(
        "media",
        *multiple_choice.buttons(Choice(each, medium_line(each)) for each in MEDIA),
        when=(_NEW,),
        many=True,
    ),
    step("day", **A_DAY, offers=True, look="announced_on", when=(_NEW,)),
    confirm_step(_preview),
)
