"""The register of innovations in chat: what is in it, how an element fared, what is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin, only
from bot.core.turns.turn_context import TurnContext
from bot.office.improvements import proofs
from bot.office.scope import allowed, which_unit
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Found, Told, Unfit
from flows.engine.form import Line, Value, cut, literal
from flows.engine.input_parsing import text_of
from flows.engine.say import Words
from flows.formats import day_line, number
from flows.loader import element_line, element_rows, words
from flows.office.innovation import FIELDS, NEW, was_key
from flows.office.innovation import INNOVATION as INNOVATION_FORM
from flows.office.proof import PUBLISH, WITHDRAW, file_of, proof_of
from flows.written_day import day_of
from reports.statistics.index import rounded
from reports.stored.before_after import BeforeAfter, Side, before_after
from storage.office import audit, innovations
from storage.office.innovations import Innovation, Novelty
from storage.units import Unit

COMMAND = "/inovasi"
PROOF = "innovation_proof"
SHOWN = 8  # that are offered
LABEL = 40  # characters of a button


def register(context: TurnContext, said: str) -> Begin | Line:
    """`said`: nothing, or a unit's code."""
    unit = which_unit(context, COMMAND, said)
    if not isinstance(unit, Unit):
        return unit
    spoken = words(context.language)
    known, today = innovations.of_unit(context.connection, unit.id, SHOWN), unit.day_at(context.at)
    rows = [*(_row(each, spoken) for each in known), _NEW_ROW]
    return Begin(
        "innovation",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.innovation"),
        f"{COMMAND} {unit.code}",
        about={"unit": unit.code, "unit_name": unit.name},
        answers=only(which=rows),
        note=None if known else Line("innovation.first"),
        offered={
            "which": rows,
            "element": element_rows(unit.instrument_on(today).keys, today),
        },
    )


_NEW_ROW = {"id": NEW, "key": "innovation.new"}


def chosen(context: TurnContext, talk: Conversation, which: str) -> Found | Told | None:
    """What may be done with one, and what is kept of it."""
    if which == NEW:
        return None
    unit = context.unit_of(talk)
    found = innovations.one(context.connection, unit.id, int(which))
    if found is None:
        return Told("innovation.gone")
    does = ["show", "change", *(["proof"] if found.novelty.file else []), "remove"]
    rows = [{"id": each, "key": f"innovation.do.{each}"} for each in does]
    ways, about = proofs.ways(context.connection, unit, "innovation", found.id)
    rows[-1:-1] = ways
    return Found("do", rows, about=_was(found.novelty, context.address) | about)


def _was(kept: Novelty, address: str) -> dict[str, str]:
    start = kept.started_on.isoformat()
    now = {"name": kept.name, "what": kept.what, "start": start, "proof": kept.proof}
    now |= {"proof_kind": kept.file.kind if kept.file else ""}
    now |= {"photo": proofs.bringable(kept.file, address)}
    return {was_key(field): text for field, text in now.items()}


def start(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    """A day that is still to come is asked for again: nothing has begun then."""
    today = context.unit_of(talk).day_at(context.at)
    if day_of({"text": said}) <= today:
        return None
    return Unfit("start", Line("day.to_come", {"today": day_line(today)}))


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    unit = allowed(context, COMMAND, talk)
    if isinstance(unit, Told):
        return unit
    photo = proofs.photo(context, given, PUBLISH if PUBLISH in given else "public")
    if isinstance(photo, Unfit):
        return photo
    if given["which"] == NEW:
        return _kept(context, unit, given, photo)
    id = int(str(given["which"]))
    if given["do"] == "proof":
        return proofs.send(context, talk, PROOF, unit.code, id, _again(unit))
    kept = innovations.one(context.connection, unit.id, id)
    if kept is None:
        return Told("innovation.gone")
    if given["do"] == "show":
        return _shown(context, talk, unit, kept)
    if given["do"] == "change":
        return _changed(context, talk, unit, kept, given, photo)
    if given["do"] in (PUBLISH, WITHDRAW):
        return _shown_to_all(context, unit, kept, given, photo)
    return _removed(context, unit, kept)


def _shown(context: TurnContext, talk: Conversation, unit: Unit, kept: Innovation) -> Told:
    """Its element before and after."""
    new, spoken = kept.novelty, words(talk.language)
    figures = before_after(
        context.connection, unit, new.element, new.started_on, unit.day_at(context.at)
    )
    return Told("innovation.shown", _said(kept, figures, spoken), [_again(unit)])


def _changed(
    context: TurnContext,
    talk: Conversation,
    unit: Unit,
    kept: Innovation,
    given: Answers,
    photo: bytes | None,
) -> Told | Unfit:
    """Not where it is no longer what stood above the button."""
    field, before, was = str(given["field"]), kept.novelty, _was(kept.novelty, context.address)
    if was[was_key(field)] != talk.about[was_key(field)]:
        return Unfit("confirm", Line("innovation.moved"), about=was)
    after = replace(before, **{_COLUMNS[field]: _READ[field](given[field])})
    if field == "proof":
        after = replace(after, file=file_of(given["proof"], context.address))
    if not innovations.change(context.connection, unit.id, kept.id, before, after):
        return Told("innovation.gone")
    if field == "proof":  # what is on the site proves nothing any more
        proofs.publish(context, _owner(unit, kept.id, after), photo)
    said = [_logged(each, _COLUMNS[field]) for each in (before, after)]
    by = context.by
    audit.note(context.connection, context.at, by, "register_innovation", unit.scope, *said)
    return Told("innovation.changed", {"name": after.name, "unit": unit.name}, [_again(unit)])


def _again(unit: Unit) -> dict[str, str]:
    return {"id": "again", "key": "innovation.again", "opening": f"{COMMAND} {unit.code}"}


def _shown_to_all(
    context: TurnContext, unit: Unit, kept: Innovation, given: Answers, photo: bytes | None
) -> Told:
    owner = _owner(unit, kept.id, kept.novelty)
    if given["do"] == WITHDRAW:
        return Told(proofs.withdraw(context, owner).key, rows=[_again(unit)])
    if photo is None:
        return Told("proof.kept_inside", rows=[_again(unit)])
    proofs.publish(context, owner, photo)
    return Told("proof.published", {"unit": unit.name}, [_again(unit)])


def _owner(unit: Unit, id: int, of: Novelty) -> proofs.Owner:
    return proofs.Owner(unit, "innovation", id, of.element, of.name, "register_innovation")


def _kept(context: TurnContext, unit: Unit, given: Answers, photo: bytes | None) -> Told:
    new = Novelty(str(given["element"]), *(_READ[field](given[field]) for field in FIELDS))
    new = replace(new, file=file_of(given["proof"], context.address))
    by = context.by
    id = innovations.keep(context.connection, unit.id, new, context.at, by)
    if photo:
        proofs.publish(context, _owner(unit, id, new), photo)
    audit.note(
        context.connection, context.at, by, "register_innovation", unit.scope, None, _logged(new)
    )
    return Told("innovation.kept", {"name": new.name, "unit": unit.name})


def _removed(context: TurnContext, unit: Unit, before: Innovation) -> Told:
    if not innovations.remove(context.connection, unit.id, before.id):
        return Told("innovation.gone")
    by = context.by
    said = _logged(before.novelty)
    audit.note(context.connection, context.at, by, "register_innovation", unit.scope, said)
    return Told("innovation.removed", {"name": before.novelty.name})


_COLUMNS = {"name": "name", "what": "what", "start": "started_on", "proof": "proof"}
_READ: Mapping[str, Callable[[Value], Any]] = {
    "name": lambda value: " ".join(text_of(value).split()),
    "what": text_of,
    "start": day_of,
    "proof": proof_of,
}


def _logged(new: Novelty, *more: str) -> dict[str, str]:
    """For the log: what tells it from others, and `more` that was changed."""
    proof = new.file.kind if new.file else new.proof
    said = {"what": new.what, "proof": proof} | {"started_on": new.started_on.isoformat()}
    said = {name: text for name, text in said.items() if name in ("started_on", *more)}
    return {"element": new.element, "name": new.name, **said}


def _row(each: Innovation, spoken: Words) -> dict[str, str]:
    since = spoken.line(day_line(each.novelty.started_on))
    return {"id": str(each.id), "label": cut(f"{each.novelty.name} · {since}", LABEL)}


def _said(kept: Innovation, figures: BeforeAfter, spoken: Words) -> dict[str, str]:
    new, first = kept.novelty, kept.first_started_on
    verdict = [*_verdict(figures)]
    if first != new.started_on:  # whoever moves the day chooses which weeks stand on which side
        verdict.append(Line("innovation.verdict.moved", {"first": day_line(first)}))
    return {
        "name": new.name,
        "element": spoken.line(element_line(new.element, new.started_on)),
        "since": spoken.line(day_line(new.started_on)),
        "what": new.what,
        "before": _side(figures.before, spoken),
        "after": _side(figures.after, spoken),
        "verdict": "\n".join(spoken.line(line) for line in verdict),
    }


def _side(side: Side | None, spoken: Words) -> str:
    if side is None:
        return spoken.line(Line("innovation.none"))
    mean, n = number(rounded(side.estimate.value, 2), spoken), side.estimate.n
    if side.ci95 is None:
        return spoken.line(Line("innovation.mean", {"mean": mean, "n": n}))
    low, high = (number(f"{end:.2f}", spoken) for end in side.ci95)
    return spoken.line(
        Line("innovation.mean.between", {"mean": mean, "low": low, "high": high, "n": n})
    )


def _verdict(figures: BeforeAfter) -> Iterator[Line]:
    """What the two allow to say; never that the one came of the other."""
    real = figures.change.real
    case = "few" if real is None else "real" if real else "unsure"
    yield Line(f"innovation.verdict.{case}")
    if any(side and side.ci95 for side in (figures.before, figures.after)):
        yield Line("digest.interval")


def _proof(connection: Connection, unit: int, id: int) -> proofs.Found | None:
    found = innovations.one(connection, unit, id)
    if found is None:
        return None
    what, day = literal(found.novelty.name), day_line(found.novelty.started_on)
    return found.novelty.file, Line("proof.since", {"what": what, "day": day})


DIALOGUE = Dialogue(
    COMMAND,
    ("/innovation",),
    needs="register_innovation",
    menu="roles",
    opens=register,
    form=INNOVATION_FORM,
    looks={"innovation_which": chosen, "innovation_start": start},
    writes=write,
    sends={PROOF: proofs.sends("register_innovation", _proof)},
)
