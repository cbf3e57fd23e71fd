"""An evaluator's F-02 scores: of a unit and year one set, replaced as a whole."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from storage.database.upsert import table_of
from storage.index_tables import F02Score

_s = table_of(F02Score)


@dataclass(frozen=True, slots=True)
class Scored:
    """An indicator by its aspect and its number in it. `weight`: an exact fraction as text, of the
    aspect in any one measure; "" where none was given."""

    aspect: str
    number: int
    score: int
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`rules`: the version of the rules that the scores were given by."""

    rules: str
    scores: tuple[Scored, ...]


def replace(
    connection: Connection, unit_id: int, year: int, rules: str, scores: Sequence[Scored]
) -> bool:
    """Keep the scores in place of those there are; whether there were any."""
    here = (_s.c.unit_id == unit_id, _s.c.year == year)
    before = connection.execute(delete(_s).where(*here)).rowcount
    rows = [
        {
            "unit_id": unit_id,
            "year": year,
            "indicator": f"{each.aspect}.{each.number}",
            "rules": rules,
            "aspect": each.aspect,
            "score": str(each.score),
            "weight": each.weight,
        }
        for each in scores
    ]
    connection.execute(insert(_s), rows)
    return before > 0


def of_year(
    connection: Connection, year: int, units: Collection[int] | None
) -> dict[int, Evaluation]:
    """Unit → its evaluation in that year, of these units (None: all) that have one."""
    query = select(_s).where(_s.c.year == year)
    if units is not None:
        query = query.where(_s.c.unit_id.in_(units))
    rules: dict[int, str] = {}
    scores: dict[int, list[Scored]] = defaultdict(list)
    for row in connection.execute(query):
        number = int(row.indicator.rpartition(".")[2])
        rules[row.unit_id] = row.rules
        scores[row.unit_id].append(Scored(row.aspect, number, int(row.score), row.weight))
    return {unit: Evaluation(rules[unit], tuple(found)) for unit, found in scores.items()}
