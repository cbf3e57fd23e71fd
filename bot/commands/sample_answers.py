"""Invented answers for `skm demo`: the same for the same seed, and shaped like real ones.

More than half of real respondents tick one column all the way down, so do these.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from flows.instrument import Instrument
from storage.answers.responses import Draft
from storage.periods import zone
from storage.units import Unit

WEEKS = 8
A_WEEK = {"samsat": 57, "disdukcapil": 44, "rsud": 38}
STRAIGHT = 0.55  # share of respondents with one value for everything
COMMENTED = 0.2

# How much an element lies below (or above) what a respondent thinks of the visit as a whole.
_LEANS = {
    "samsat": {"completion_time": -0.5, "facilities": -0.4, "cost": -0.3, "officer_conduct": 0.3},
    "disdukcapil": {"procedure": -0.4, "complaint_handling": -0.4, "cost": 1.2},
    "rsud": {"facilities": -0.3, "completion_time": -0.8, "officer_competence": 0.4},
}
_LAST_WEEK = {"samsat": {"completion_time": -1.2}}  # a bad week, for the digest to tell
_COMMENTS = (
    "Petugas ramah dan jelas.",
    "Antre terlalu lama di loket pembayaran.",
    "Ruang tunggu panas, kursi kurang.",
    "Prosesnya cepat, terima kasih.",
    "Papan informasi syarat sulit ditemukan.",
    "Parkir sempit.",
)


def sample_answers(unit: Unit, week: date, seed: int) -> Iterator[Draft]:
    """Drafts of the weeks up to the one that begins on this Monday, some on each working day."""
    random = Random(f"{seed} {unit.code}")  # noqa: S311 - samples, no secrets
    for back in range(WEEKS - 1, -1, -1):
        monday = week - timedelta(weeks=back)
        for _ in range(round(A_WEEK[unit.kind] * random.uniform(0.85, 1.15))):
            at = _moment(unit, monday, random)
            yield _draft(unit, unit.instrument_on(monday), at, back == 0, random)


def _moment(unit: Unit, monday: date, random: Random) -> int:
    day = monday + timedelta(days=random.randrange(5))
    moment = time(random.randrange(8, 15), random.randrange(60))
    return int(datetime.combine(day, moment, zone(unit.timezone)).timestamp())


def _draft(unit: Unit, asked: Instrument, at: int, is_last: bool, random: Random) -> Draft:
    return Draft(
        service=random.choice(unit.services)["id"],
        instrument=asked.id,
        questionnaire=asked.id,
        channel="sample",
        at=at,
        answers=_answers(unit.kind, asked, is_last, random),
        profile={band.key: random.choice(band.choices) for band in asked.profile},
        comment=random.choice(_COMMENTS) if random.random() < COMMENTED else None,
        duration=random.randrange(40, 150),
    )


def _answers(kind: str, asked: Instrument, is_last: bool, random: Random) -> dict[str, int | None]:
    pleased = random.gauss(3.3, 0.45)
    if random.random() < STRAIGHT:
        return dict.fromkeys(asked.keys, _value(pleased))
    leans = dict(_LEANS[kind])
    for key, more in _LAST_WEEK.get(kind, {}).items() if is_last else ():
        leans[key] = leans.get(key, 0) + more
    return {
        item.key: None
        if item.not_applicable and random.random() < 0.1
        else _value(random.gauss(pleased + leans.get(item.key, 0), 0.5))
        for item in asked.items
    }


def _value(opinion: float) -> int:
    return min(4, max(1, round(opinion)))
