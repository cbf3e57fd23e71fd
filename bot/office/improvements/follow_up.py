"""Follow-up plans in chat: what is open in a unit, what may be chosen, and what is written."""

from datetime import date

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin, only
from bot.core.turns.turn_context import TurnContext
from bot.office.improvements import follow_up_finished, proofs
from bot.office.scope import Rows, allowed, which_unit
from flows.commands import FOLLOW_UP
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Found, Noted, Told, Unfit
from flows.engine.form import SKIPPED, Line, Value, cut
from flows.engine.input_parsing import text_of
from flows.formats import day_line, number
from flows.loader import element_line, words
from flows.office.follow_up import (
    ENDED,
    NEW,
    PROGRAMME,
    programme_news,
)
from flows.office.follow_up import FOLLOW_UP as FOLLOW_UP_FORM
from flows.office.proof import file_of, proof_of
from flows.written_day import day_of
from reports.follow_up import weakest_first
from storage.chat import subscriptions
from storage.office import audit, follow_ups
from storage.office.follow_ups import FollowUp, Plan
from storage.periods import period_of
from storage.units import Unit

SHOWN, MOST = 8, 50  # open ones that are offered, and that may be named
LABEL = 40  # characters of a button
AHEAD = 4  # quarters that are offered


def plan(context: TurnContext, said: str) -> Begin | Line:
    """`said`: nothing, a unit's code, or a code and one of its plans, or the element of a new one:
    the form then begins with what became of it, or with what is to be done."""
    code, which = _meant(context, said)
    unit = which_unit(context, FOLLOW_UP, code)
    if not isinstance(unit, Unit):
        return unit
    language = context.language
    rows = _plans(context, unit, language, which)
    begun, note = _begun_with(which, rows, unit.day_at(context.at))
    return Begin(
        "follow_up",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.follow_up"),
        f"{FOLLOW_UP} {unit.code} {which}".strip(),
        about={"unit": unit.code, "unit_name": unit.name},
        answers=begun,
        offered={
            "plan": rows,
            "element": _elements(context, unit, language),
            "due": _quarters(unit.day_at(context.at)),
        },
        note=note,
    )


def _meant(context: TurnContext, said: str) -> tuple[str, str]:
    """A code and a plan or an element, where both are said; else all of it may be an agency's
    name."""
    code, _, which = said.rpartition(" ")
    unit = context.unit(code)
    if unit and (which.isdecimal() or which in unit.instrument_on(unit.day_at(context.at)).keys):
        return code, which
    return said, ""


def _begun_with(which: str, rows: Rows, today: date) -> tuple[dict[str, Value], Line | None]:
    """What is answered before it begins, and what is said of it."""
    if which in [row["id"] for row in rows]:
        return {"plan": which}, None
    if which and not which.isdecimal():
        named = Line("follow_up.for", {"element": element_line(which, today)})
        return {"plan": NEW, "element": which}, named
    begun = only(plan=rows)
    if which:
        return begun, Line("follow_up.closed")
    return begun, Line("follow_up.first") if begun else None


def chosen(context: TurnContext, talk: Conversation, which: str) -> Found | Noted | Told | None:
    """The finished ones; of an open one how many would be told of its end."""
    unit = allowed(context, FOLLOW_UP, talk)
    if isinstance(unit, Told):
        return unit
    if which == ENDED:
        return Found(ENDED, follow_up_finished.rows(context, unit, talk.language))
    if which == NEW:
        return None
    readers = subscriptions.number(context.connection, unit, context.at)
    return Noted({**talk.about, "readers": str(readers)})


def _elements(context: TurnContext, unit: Unit, language: str) -> Rows:
    """The weakest first, with its mean where that was shown."""
    rows, spoken, today = [], words(language), unit.day_at(context.at)
    for element, mean in weakest_first(context.connection, unit, today):
        label = spoken.line(element_line(element, today))
        label += f" {number(mean, spoken)}" if mean else ""
        rows.append({"id": element, "label": label, "mean": mean or ""})
    return rows


def due(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    """A day that is over is asked for again."""
    today = context.unit_of(talk).day_at(context.at)
    if day_of({"text": said}) >= today:
        return None
    why = Line("follow_up.past", {"today": day_line(today)})
    return Unfit("due", why, offered={"due": _quarters(today)})


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    """Asked anew whether it may be, and whether it is open still: both may have changed."""
    unit = allowed(context, FOLLOW_UP, talk)
    if isinstance(unit, Told):
        return unit
    if given["plan"] == NEW:
        return _planned(context, unit, given)
    if given["plan"] == ENDED:
        return follow_up_finished.write(context, talk, unit, given)
    before = follow_ups.one(context.connection, unit.id, int(str(given["plan"])))
    if before is None:
        return Told("follow_up.closed")
    photo = proofs.photo(context, given, "public")
    if isinstance(photo, Unfit):
        return photo
    told = _CHANGES[str(given["do"])](context, unit, before, given)
    if told.key != "follow_up.closed":
        if photo:
            proofs.publish(context, follow_up_finished.owner(unit, before), photo)
        _note(context, unit, before)
    return told


def _planned(context: TurnContext, unit: Unit, given: Answers) -> Told:
    by, today = context.by, unit.day_at(context.at)
    new = Plan(
        str(given["element"]),
        text_of(given["programme"]),
        day_of(given["due"]),
        text_of(given["person"]),
    )
    id = follow_ups.keep(context.connection, unit.id, new, today, context.at, by)
    after = _said(follow_ups.one(context.connection, unit.id, id))
    audit.note(context.connection, context.at, by, "plan_follow_up", unit.scope, None, after)
    return Told("follow_up.planned", {"unit": unit.name})


def _begun(context: TurnContext, unit: Unit, plan: FollowUp, given: Answers) -> Told:
    begun = follow_ups.begin(context.connection, unit.id, plan.id)
    return Told("follow_up.begun" if begun else "follow_up.closed")


def _moved(context: TurnContext, unit: Unit, plan: FollowUp, given: Answers) -> Told:
    day = day_of(given["due"])
    moved = follow_ups.move(context.connection, unit.id, plan.id, day)
    return Told("follow_up.moved" if moved else "follow_up.closed")


def _dropped(context: TurnContext, unit: Unit, plan: FollowUp, given: Answers) -> Told:
    dropped = follow_ups.drop(context.connection, unit.id, plan.id, unit.day_at(context.at))
    return Told("follow_up.dropped" if dropped else "follow_up.closed")


def _finished(context: TurnContext, unit: Unit, plan: FollowUp, given: Answers) -> Told:
    """Subscribers are told by whoever closed it, so once."""
    news, proof = _news(plan, given["told"]), proof_of(given["proof"])
    file = file_of(given["proof"], context.address)
    today = unit.day_at(context.at)
    if not follow_ups.finish(context.connection, unit.id, plan.id, today, proof, news, file):
        return Told("follow_up.closed")
    if not news:
        return Told("follow_up.done")
    count = subscriptions.notify(context.connection, unit, news, context.at)
    return Told("follow_up.done.told", {"count": str(count)})


_CHANGES = {"begin": _begun, "move": _moved, "drop": _dropped, "finish": _finished}


def _news(plan: FollowUp, told: Value) -> str:
    """In Indonesian, which every subscriber reads."""
    if told == SKIPPED:
        return ""
    if told == PROGRAMME:
        news = programme_news(plan.plan.element, plan.plan.programme, plan.planned_on)
        return words("id").line(news)
    return text_of(told)


def _note(context: TurnContext, unit: Unit, before: FollowUp) -> None:
    after = follow_ups.one(context.connection, unit.id, before.id)
    by = context.by
    said = _said(before), _said(after)
    audit.note(context.connection, context.at, by, "plan_follow_up", unit.scope, *said)


def _said(plan: FollowUp | None) -> dict[str, str]:
    """For the log: what may change, and what tells it from others."""
    assert plan is not None
    return {
        "id": str(plan.id),
        "element": plan.plan.element,
        "programme": plan.plan.programme,
        "due": plan.plan.due.isoformat(),
        "status": plan.status,
    }


def _plans(context: TurnContext, unit: Unit, language: str, which: str) -> Rows:
    """What is open, overdue first, with the one that was named, and "new" below."""
    today, spoken = unit.day_at(context.at), words(language)
    found = follow_ups.open_of(context.connection, unit.id, MOST)
    rows = []
    for each in (*found[:SHOWN], *(each for each in found[SHOWN:] if str(each.id) == which)):
        said = each.plan
        late = said.due < today
        key = "follow_up.row.late" if late else "follow_up.row"
        label = spoken.line(Line(key, {"due": day_line(said.due), "programme": said.programme}))
        rows.append(
            {
                "id": str(each.id),
                "label": cut(label, LABEL),
                "element": said.element,
                "programme": said.programme,
                "person": said.person,
                "due": said.due.isoformat(),
                "status": each.status,
                "late": "late" if late else "",
            }
        )
    return [*rows, {"id": NEW, "key": "follow_up.new"}, *follow_up_finished.offer(context, unit)]


def _quarters(today: date) -> Rows:
    """The quarter that runs and those that follow, each by its last day."""
    found = [period_of("quarter", today)]
    while len(found) < AHEAD:
        after = date.fromordinal(found[-1].last.toordinal() + 1)
        found.append(period_of("quarter", after))
    return [
        {
            "id": each.last.isoformat(),
            "key": f"follow_up.quarter.{each.name[-1]}",
            "year": each.name[:4],
        }
        for each in found
    ]


DIALOGUE = Dialogue(
    FOLLOW_UP,
    ("/followup",),
    needs="plan_follow_up",
    menu="roles",
    opens=plan,
    form=FOLLOW_UP_FORM,
    looks={
        "follow_up": chosen,
        "follow_up_due": due,
        "follow_up_ended": follow_up_finished.shown,
    },
    writes=write,
    sends={follow_up_finished.PROOF: proofs.sends("plan_follow_up", follow_up_finished.proof)},
)
