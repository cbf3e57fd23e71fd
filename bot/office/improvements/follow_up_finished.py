"""Follow-up plans that are finished, in chat: listed, looked at, their proof sent again, a photo of
them put on the public site or taken off."""

from sqlalchemy import Connection

from bot.core.turns.turn_context import TurnContext
from bot.office.improvements import proofs
from bot.office.scope import Rows, allowed
from flows.commands import FOLLOW_UP
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Found, Told, Unfit
from flows.engine.form import Line, cut, literal
from flows.engine.screen import quoted
from flows.formats import day_line
from flows.loader import words
from flows.office.follow_up import ENDED
from flows.office.proof import PUBLISH, WITHDRAW
from storage.office import follow_ups
from storage.office.follow_ups import FollowUp
from storage.units import Unit

PROOF = "follow_up_proof"
SHOWN = 8  # that are offered
LABEL = 40  # characters of a button


def offer(context: TurnContext, unit: Unit) -> Rows:
    """The button that leads to them, where there are any."""
    done = follow_ups.done_of(context.connection, unit.id, 1)
    return [{"id": ENDED, "key": "follow_up.ended.list"}] if done else []


def rows(context: TurnContext, unit: Unit, language: str) -> Rows:
    """The latest first."""
    found, spoken = [], words(language)
    for each in follow_ups.done_of(context.connection, unit.id, SHOWN):
        assert each.finished_on is not None, "it is done"
        said, day = each.plan, each.finished_on
        row = Line("follow_up.row", {"due": day_line(day), "programme": said.programme})
        found.append(
            {
                "id": str(each.id),
                "label": cut(spoken.line(row), LABEL),
                "element": said.element,
                "programme": said.programme,
                "finished": day.isoformat(),
                "proof": each.proof,
                "proof_kind": each.file.kind if each.file else "",
                "photo": proofs.bringable(each.file, context.address),
            }
        )
    return found


def shown(context: TurnContext, talk: Conversation, which: str) -> Found | Told:
    """What can be done with one."""
    unit = allowed(context, FOLLOW_UP, talk)
    if isinstance(unit, Told):
        return unit
    row = next(row for row in talk.offered[ENDED] if row["id"] == which)
    proof = [{"id": "proof", "key": "follow_up.see.proof"}] if row.get("proof_kind") else []
    ways, about = proofs.ways(context.connection, unit, "follow_up", int(which))
    return Found("see", [*proof, *ways], about=about)


def write(context: TurnContext, talk: Conversation, unit: Unit, given: Answers) -> Told | Unfit:
    plan = follow_ups.one(context.connection, unit.id, int(str(given[ENDED])))
    if plan is None:
        return Told("follow_up.closed")
    if given["see"] == WITHDRAW:
        said = proofs.withdraw(context, owner(unit, plan))
        return Told(said.key, rows=[again(unit)])
    if given["see"] != PUBLISH:
        return proofs.send(context, talk, PROOF, unit.code, plan.id, again(unit))
    photo = proofs.photo(context, given, PUBLISH)
    if isinstance(photo, Unfit):
        return photo
    if photo is None:
        return Told("proof.kept_inside", rows=[again(unit)])
    proofs.publish(context, owner(unit, plan), photo)
    return Told("proof.published", {"unit": unit.name}, [again(unit)])


def owner(unit: Unit, plan: FollowUp) -> proofs.Owner:
    said = plan.plan
    return proofs.Owner(unit, "follow_up", plan.id, said.element, said.programme, "plan_follow_up")


def proof(connection: Connection, unit: int, id: int) -> proofs.Found | None:
    plan = follow_ups.one(connection, unit, id)
    if plan is None or plan.finished_on is None:
        return None
    what, day = literal(quoted(plan.plan.programme)), day_line(plan.finished_on)
    return plan.file, Line("proof.of", {"what": what, "day": day})


def again(unit: Unit) -> dict[str, str]:
    return {"id": "again", "key": "follow_up.again", "opening": f"{FOLLOW_UP} {unit.code}"}
