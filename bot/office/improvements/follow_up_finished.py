"""Follow-up plans that are finished, in chat: listed, looked at, their proof sent again."""

from sqlalchemy import Connection

from bot.core.turns.turn_context import TurnContext
from bot.office.improvements import proofs
from bot.office.scope import allowed
from flows.commands import FOLLOW_UP
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line, cut, literal
from flows.engine.screen import quoted
from flows.formats import day_line
from flows.loader import words
from flows.office.follow_up import ENDED, ended_lines
from storage.office import follow_ups
from storage.units import Unit

PROOF = "follow_up_proof"
SHOWN = 8  # that are offered
LABEL = 40  # characters of a button

Rows = list[dict[str, str]]


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
            }
        )
    return found


def shown(
    context: TurnContext, address: str, talk: Conversation, which: str, at: int
) -> Told | None:
    """All there is to say of one; None where its proof can be sent as well."""
    unit = allowed(context, address, FOLLOW_UP, talk)
    if unit is None:
        return Told("of_unit.denied", {"unit": talk.about["unit_name"]})
    row = next(row for row in talk.offered[ENDED] if row["id"] == which)
    if row.get("proof_kind"):
        return None
    lines = ended_lines(row["element"], row["programme"], row["finished"], row["proof"], "")
    text = "\n".join(words(talk.language).line(line) for line in lines)
    return Told("follow_up.ended.shown", {"text": text}, [_again(unit)])


def send_proof(
    context: TurnContext, address: str, talk: Conversation, unit: Unit, which: int, at: int
) -> Told:
    return proofs.send(context, address, talk, PROOF, unit.code, which, at, _again(unit))


def proof(connection: Connection, unit: int, id: int) -> proofs.Found | None:
    plan = follow_ups.one(connection, unit, id)
    if plan is None or plan.finished_on is None:
        return None
    what, day = literal(quoted(plan.plan.programme)), day_line(plan.finished_on)
    return plan.file, Line("proof.of", {"what": what, "day": day})


def _again(unit: Unit) -> dict[str, str]:
    return {"id": "again", "key": "follow_up.again", "opening": f"{FOLLOW_UP} {unit.code}"}
