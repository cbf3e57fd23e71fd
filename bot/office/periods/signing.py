"""Who signs a unit's or an agency's papers, and what stands in them: /penandatangan."""

from collections.abc import Iterator

from bot.core.dialogue import Dialogue
from bot.core.turns import sent_pictures
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.scope import unit_in, which, zone_of
from flows.commands import SIGNING
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told, Unfit
from flows.engine.form import Line, Value
from flows.formats import period_row
from flows.loader import words
from flows.office.signing import LETTER, LOGO, SIGNING_FORM, STANDARD, given_in
from storage.office import audit, paper_details, permissions, sent_files
from storage.office.paper_details import TEXTS
from storage.periods import Kind, Period, local_date, period_of, previous
from storage.scope import Scope, kept

PERIODS = 4  # that are offered, the running one first
_OF_AGENCIES: Kind = "quarter"


def begin(context: TurnContext, said: str) -> Begin | Line:
    """`said`: nothing, a unit's code, or an agency's name."""
    scope = which(context, SIGNING, said)
    if not isinstance(scope, Scope):
        return scope
    if scope.kind == "everything":
        return Line("signing.of_one")
    now = paper_details.of_scope(context.connection, scope)
    spoken = words(context.language)
    about = {name: text for name in TEXTS if name != LETTER and (text := getattr(now, name))}
    about |= {LOGO: "1"} if now.logo else {}
    about |= {"scope": str(scope), "scope_name": spoken.line(scope_name(context, scope))}
    return Begin(
        "signing",
        str(context.at),  # what it shows changes with time: never the very same again
        Line("resume.signing"),
        f"{SIGNING} {scope}",
        about=about,
        offered={"period": [period_row(each.name) for each in _periods(context, scope)]},
    )


def _periods(context: TurnContext, scope: Scope) -> Iterator[Period]:
    unit = unit_in(context, scope)
    day = local_date(context.at, zone_of(context, scope))
    period = period_of(unit.period if unit else _OF_AGENCIES, day)
    for _ in range(PERIODS):
        yield period
        period = previous(period)


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    scope = kept(talk.about["scope"])
    if not permissions.may_in(context.connection, context.address, "sign_papers", scope):
        return Told("where.denied")
    said: dict[str, str | bytes | None] = {**given_in(given)}
    if not said:
        return Told("signing.unchanged")
    if LOGO in said:
        said[LOGO] = _sent(context, given[LOGO])
        if said[LOGO] is None and given[LOGO] != STANDARD:
            return Unfit(LOGO, Line("unit.table.gone"))
        sent_files.forget(context.connection, context.address)
    paper_details.keep(context.connection, scope, said, str(given.get("period", "")))
    by = context.by
    # Which, not what: the name of who signs is on each paper, and not for the log.
    audit.note(
        context.connection,
        context.at,
        by,
        "sign_papers",
        scope,
        None,
        {"paper": str(given["what"])},
    )
    return Told(
        "signing.kept",
        {"scope": talk.about["scope_name"]},
        [{"id": "again", "key": "signing.again", "opening": f"{SIGNING} {scope}"}],
    )


def _sent(context: TurnContext, value: Value) -> bytes | None:
    """The logo as it was drawn anew; None: it is no more, or there is to be none."""
    if not isinstance(value, dict):
        return None
    return sent_pictures.kept(context.connection, context.address, value["file"])


DIALOGUE = Dialogue(
    SIGNING,
    ("/signatory",),
    needs="sign_papers",
    menu="roles",
    opens=begin,
    form=SIGNING_FORM,
    writes=write,
)
