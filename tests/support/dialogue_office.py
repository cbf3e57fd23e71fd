"""What happens in the office while a dialogue goes on: directions that change the database.

~ a comment: SAMSAT-BC 2026-11-10 Words    comes with a response of all 3s
~ reminded                      the scheduler looks which follow-ups are due
~ no head any more: SAMSAT-BC   nobody has that role there from now on
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete

from flows.instrument import Questionnaire
from reports.digest.unit_week import weekly
from reports.jobs.due_follow_ups import reminded
from reports.sheets.publish import publish
from storage import publications, standards
from storage.database.upsert import table_of
from storage.periods import parse
from storage.standards import Promise
from storage.tables import Role
from tests.support.offices import Chance, draft, keep_all, unit_of

Said = re.Match[str]


def _runs(connection: Connection, said: Said, now: int) -> None:
    unit = unit_of(connection, said["code"])
    publications.publish_one(connection, unit, Questionnaire(said["instrument"]), now, "uji")


def _promises(connection: Connection, said: Said, now: int) -> None:
    today = datetime.fromtimestamp(now, ZoneInfo("Asia/Jakarta")).date()
    new = Promise(said["service"], said["element"], said["text"], today)
    standards.keep(connection, unit_of(connection, said["code"]).id, [new])


def _publishes(connection: Connection, said: Said, now: int) -> None:
    publish(connection, unit_of(connection, said["code"]), parse(said["period"]), now)


def _tells(connection: Connection, said: Said, now: int) -> None:
    """So many 3s on the week's Wednesday, half of them 2s for the time it took; then its digest."""
    unit, week = unit_of(connection, said["code"]), parse(said["week"])
    day, n = week.first + timedelta(days=2), int(said["n"])
    given = [[3, 3, 2 if place < n // 2 else 3, *[3] * 6] for place in range(n)]
    drafts = [draft(day, values) for values in given]  # type: ignore[arg-type]
    for _ in range(int(said["paper"] or 0)):
        drafts.append(draft(day, source="imported"))  # type: ignore[arg-type]
    keep_all(connection, unit, drafts, Chance(week.name))
    weekly(connection, unit, week, now)


def _writes(connection: Connection, said: Said, now: int) -> None:
    unit, day = unit_of(connection, said["code"]), date.fromisoformat(said["day"])
    given = draft(day, comment=said["text"])  # type: ignore[arg-type]
    keep_all(connection, unit, [given], Chance(said["text"]))


def _ends(connection: Connection, said: Said, now: int) -> None:
    role = table_of(Role)
    of = (role.c.role == said["role"], role.c.scope == said["scope"])
    connection.execute(delete(role).where(*of))


HAPPENS: tuple[tuple[str, Callable[[Connection, Said, int], None]], ...] = (
    (r"a survey: (?P<code>\S+) (?P<instrument>\S+)", _runs),
    (r"a promise: (?P<code>\S+) (?P<service>\S+) (?P<element>\S+) (?P<text>.+)", _promises),
    (r"a digest: (?P<code>\S+) (?P<week>\S+) of (?P<n>\d+)( and (?P<paper>\d+) on paper)?", _tells),
    (r"a comment: (?P<code>\S+) (?P<day>\S+) (?P<text>.+)", _writes),
    (r"no (?P<role>\w+) any more: (?P<scope>.+)", _ends),
    (r"published: (?P<code>\S+) (?P<period>\S+)", _publishes),
)


def happened(engine: Engine, what: str, now: int) -> bool:
    """False for a direction that is none of these."""
    if what == "reminded":
        reminded(engine, now)
        return True
    for pattern, do in HAPPENS:
        if said := re.fullmatch(pattern, what):
            with engine.begin() as connection:
                do(connection, said, now)
            return True
    return False
