"""When a head's digests come, chosen in chat (`flows.office.digest_settings`); one button mutes."""

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.commands import MUTE, SETTINGS
from flows.engine import multiple_choice
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told
from flows.engine.form import Line, Value
from flows.loader import words
from flows.office.digest_settings import ALERTS, BRIEFING_FORM, alert_line, hour_line, weekday_line
from storage.office import audit, digest_settings, permissions
from storage.office.digest_settings import Rhythm, Wish
from storage.units import Unit

ACTION: permissions.Action = "set_digest"


def settings(context: TurnContext, said: str) -> Begin | Line:
    """`said`: a unit's code, or nothing."""
    code = said.strip()
    mine = heads_of(context, code)
    if not mine:
        return Line("briefing.none")
    only = mine[0] if len(mine) == 1 else None
    wish = (
        digest_settings.of(context.connection, context.address, only.id)
        if only
        else digest_settings.DEFAULT
    )
    begun: dict[str, Value] = {"unit": only.code} if only else {}
    return Begin(
        "briefing",
        str(context.at),  # what it says is so now changes with time: never the very same again
        Line("resume.briefing"),
        f"{SETTINGS} {code}".strip(),
        # Set, but not done: it is asked as it stands.
        answers={**begun, "alerts": [kind for kind in ALERTS if kind not in wish.muted]},
        offered={"unit": [{"id": unit.code, "label": unit.name} for unit in mine]},
        note=_when(only, wish) if only else None,
    )


def heads_of(context: TurnContext, code: str = "") -> list[Unit]:
    """The units that this chat heads, by name; or only the one with that code."""
    mine = permissions.units_where(context.connection, context.address, ACTION)
    return [unit for unit in mine if not code or unit.code.casefold() == code.casefold()]


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    unit = context.unit(str(given["unit"]))
    if unit is None or not permissions.may(context.connection, context.address, ACTION, unit):
        return Told("briefing.none")
    before = digest_settings.of(context.connection, context.address, unit.id)
    wish = _wish(given, before)
    _keep(context, unit, before, wish)
    return Told("briefing.kept", {"when": words(talk.language).line(_when(unit, wish))})


def mute(context: TurnContext, said: str) -> Line:
    """No more of a kind of urgent news about a unit: its code and the kind are said."""
    code, kind = (*said.split(), "", "")[:2]
    unit = context.unit(code)
    may = unit and permissions.may(context.connection, context.address, ACTION, unit)
    if unit is None or not may or kind not in ALERTS:
        return Line("briefing.none")
    before = digest_settings.of(context.connection, context.address, unit.id)
    after = Wish(before.rhythm, before.weekday, before.hour, before.muted | {kind})
    _keep(context, unit, before, after)
    return Line("alert.muted", {"kind": alert_line(kind)})


def _keep(context: TurnContext, unit: Unit, before: Wish, wish: Wish) -> None:
    if wish == before:
        return
    digest_settings.wish(context.connection, context.address, unit.id, wish)
    by = context.by
    audit.note(context.connection, context.at, by, ACTION, unit.scope, _plain(before), _plain(wish))


def _wish(given: Answers, before: Wish) -> Wish:
    """A month has no day of the week: the former one stays."""
    rhythm: Rhythm = given["rhythm"]  # type: ignore[assignment]
    wanted = multiple_choice.chosen(given["alerts"])
    return Wish(
        rhythm,
        int(str(given.get("weekday", before.weekday))),
        int(str(given["hour"])),
        frozenset(ALERTS) - frozenset(wanted),
    )


def _plain(wish: Wish) -> dict[str, object]:
    return {
        "rhythm": wish.rhythm,
        "weekday": wish.weekday,
        "hour": wish.hour,
        "muted": sorted(wish.muted),
    }


def _when(unit: Unit, wish: Wish) -> Line:
    hour, weekday = hour_line(wish.hour), weekday_line(wish.weekday)
    return Line(
        f"briefing.when.{wish.rhythm}", {"unit": unit.name, "hour": hour, "weekday": weekday}
    )


DIALOGUES = (
    Dialogue(
        SETTINGS, needs=ACTION, menu="roles", opens=settings, form=BRIEFING_FORM, writes=write
    ),
    Dialogue(MUTE, needs=ACTION, opens=mute),
)
