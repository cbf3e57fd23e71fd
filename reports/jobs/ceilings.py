"""An answer that nobody can give: told once, to who reads the digest and to who words questions.

The best answer about tariffs is "Gratis": where a tariff is paid, the element cannot reach 4, and
it is no fault of the unit. That is noticed where of 60 answers or more in the last 13 weeks none is
the best one, while at least a quarter of those to the other elements are, and to each some: of 60
who could choose it, all would pass it over in fewer than one case of a million. Only what was shown
is looked at. Where an admin has put other words in its place, nothing is said.
"""

from fractions import Fraction

from sqlalchemy import Connection

from flows.commands import QUESTION
from flows.engine.form import Line
from flows.loader import instrument, words
from reports.digest import shown_weeks
from reports.digest.composed import Digest
from reports.statistics.tally import Tally
from storage import questionnaires
from storage.chat import outbox
from storage.office import holders, roles
from storage.periods import period_of
from storage.units import Unit

LEAST = 60  # answers
ELSEWHERE = Fraction(1, 4)


def put_ceilings(connection: Connection, unit: Unit, digest: Digest, head: str, now: int) -> None:
    """`head`: the address that this digest is for."""
    for item in ceilings(connection, unit, digest):
        admins = holders.admins_above(connection, unit)
        for address in sorted({head, *admins}):
            _put(connection, unit, digest, item, address, address in admins, now)


def ceilings(connection: Connection, unit: Unit, digest: Digest) -> list[str]:
    """The elements whose best answer nobody seems able to give, up to the digest's last week."""
    by = instrument(digest.instrument)
    if all(Fraction(mean) > by.scale - 1 for mean in digest.means.values()):
        return []  # somebody gave the best answer to each
    week = period_of("week", digest.last)
    told = shown_weeks.counted(connection, unit.id, shown_weeks.names(week), by)
    never = _never_best(told, by.scale)
    if len(never) != 1:
        return []
    asked = questionnaires.get(connection, unit.questionnaire)
    worded = {item for wording in asked.services for item, _ in wording.options}
    return [item for item in never if item not in worded]


def _never_best(told: Tally, best: int) -> list[str]:
    """None where few answered, or few gave the best answer anywhere."""
    asked = [item for item in told.items if told.answered(item) >= LEAST]
    given = {item: told.counts[item].get(best, 0) for item in asked}
    others = sum(told.answered(item) for item in asked if given[item])
    return [i for i in asked if not given[i]] if sum(given.values()) >= ELSEWHERE * others else []


def _put(
    connection: Connection,
    unit: Unit,
    digest: Digest,
    item: str,
    address: str,
    may_reword: bool,
    now: int,
) -> None:
    spoken = words(roles.language(connection, address))
    by = instrument(digest.instrument)
    best = next(each for each in by.items if each.key == item)
    said: dict[str, str | int] = {
        "unit": unit.name,
        "element": spoken.line(Line(f"{by.id}.{item}.name")),
        "best": spoken.line(Line(by.option_key(best, by.scale))),
        "value": by.scale,
    }
    lines = [Line("ceiling", said), Line("ceiling.admin" if may_reword else "ceiling.head")]
    opens = [[spoken.line(Line("ceiling.reword")), f"{QUESTION} {unit.code}"]] if may_reword else []
    body = {"text": "\n".join(map(spoken.line, lines)), "opens": opens}
    key = f"ceiling:{unit.code}:{item}:{address}"
    outbox.put(connection, key, "notice", address, body, now)
