"""What units ask in a survey (the SKM, or one that they run beside it): one unit's questionnaire,
or together what several ask, now or formerly.

Theory. Units that ask the same share one questionnaire (docs/decisions/0001), so 30,000 units ask
some few, and what a set of them asks is a GROUP BY away. `Sight.version` stands for all that an
admin has seen: a change is published only while it is still that (`storage.publications`).
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Text, cast, func, select

from flows.extra_question import Extra
from flows.instrument import Questionnaire, Wording
from flows.loader import SKM, ids_of
from storage import questionnaires
from storage.database.upsert import table_of
from storage.questionnaires import instrument_in
from storage.scope import Scope, within
from storage.tables import Publication, Unit

TOGETHER = 30  # questions of many units that are shown: a chat's message holds no more buttons
FEW = 300  # units of which all is known at once
FIRST = 0  # stands for what a unit was created with

_u, _p = table_of(Unit), table_of(Publication)
SERVICES = cast(_u.c.services, Text)
NEWEST = func.max(_p.c.id).label("id")


@dataclass(frozen=True, slots=True)
class Sight:
    """What units ask: one unit's questionnaire, or together what several ask.

    `services`: id → label of those that all of them have.
    """

    asked: Questionnaire
    version: str
    services: Mapping[str, str]
    units: int


def sight(
    connection: Connection,
    scopes: Sequence[Scope],
    publication: int | None = None,
    survey: str = SKM,
) -> Sight:
    """What the units of these scopes ask, or asked once that publication was made."""
    groups = _asked(connection, scopes, survey)
    services = [json.loads(text) for text in {text for _, text in groups}]
    common = {row["id"]: row["label"] for row in (services or [[]])[0]}
    for rows in services[1:]:
        ids = {row["id"] for row in rows}
        common = {id: label for id, label in common.items() if id in ids}
    counts: Counter[str] = Counter()
    if publication is None:
        for (id, _), number in groups.items():
            counts[id] += number
    else:
        counts.update(formers(connection, scopes, publication, survey).values())
    return Sight(_together(connection, counts), version_of(counts), common, counts.total())


def count(connection: Connection, scopes: Sequence[Scope]) -> int:
    """How many units lie in them."""
    query = select(func.count()).select_from(_u).where(within(scopes))
    return int(connection.execute(query).scalar_one())


def is_wide(connection: Connection, scopes: Sequence[Scope]) -> bool:
    """Whether it takes long to say what they ask, or to change it."""
    query = select(_u.c.id).where(within(scopes)).offset(FEW).limit(1)
    return connection.execute(query).first() is not None


def agencies(connection: Connection, scopes: Sequence[Scope], text: str, most: int) -> list[str]:
    """Those of their agencies whose name holds every word of the text."""
    query = select(_u.c.agency).where(within(scopes)).distinct().order_by(_u.c.agency).limit(most)
    for word in text.lower().split():
        query = query.where(func.lower(_u.c.agency).contains(word, autoescape=True))
    return list(connection.execute(query).scalars())


def _asked(
    connection: Connection, scopes: Sequence[Scope], survey: str
) -> dict[tuple[str, str], int]:
    """(questionnaire, services) → number of units."""
    kept, asked = questionnaires.asking(survey)
    query = select(asked, SERVICES, func.count()).select_from(kept).where(within(scopes))
    rows = connection.execute(query.group_by(asked, SERVICES))
    return {(id, services): number for id, services, number in rows}


def formers(
    connection: Connection, scopes: Sequence[Scope], publication: int, survey: str
) -> dict[int, str]:
    """What each unit asked once that publication was made: unit → questionnaire. Of another survey
    than the SKM only those that ran it by then."""
    units = select(_u.c.id, _u.c.questionnaire).where(within(scopes))
    last = (
        select(NEWEST)
        .where(
            _p.c.unit_id.in_(select(units.subquery().c.id)),
            _p.c.id <= publication,
            questionnaires.of_survey(survey),
        )
        .group_by(_p.c.unit_id)
    )
    rows = connection.execute(select(_p.c.unit_id, _p.c.questionnaire).where(_p.c.id.in_(last)))
    known = dict(tuple(row) for row in rows)
    if survey != SKM:
        return known
    # Before the first publication a unit asked an instrument with nothing more.
    return {id: known.get(id, instrument_in(now)) for id, now in connection.execute(units)}


def version_of(counts: Mapping[str, int]) -> str:
    return next(iter(counts)) if len(counts) == 1 else hashed(sorted(counts))


def hashed(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def _together(connection: Connection, counts: Counter[str]) -> Questionnaire:
    """What any of them asks, each question as most of them have it, the commonest first."""
    extras: dict[str, Extra] = {}
    services: dict[str, Wording] = {}
    for id, _ in counts.most_common():
        asked = questionnaires.get(connection, id)
        for extra in asked.extras:
            extras.setdefault(extra.key, extra)
        for wording in asked.services:
            services.setdefault(wording.service, wording)
    most = questionnaires.get(connection, counts.most_common(1)[0][0]) if counts else None
    by = most.instrument if most else ids_of(SKM)[0]  # of no unit: any
    return Questionnaire(by, tuple(extras.values())[:TOGETHER], tuple(services.values()))
