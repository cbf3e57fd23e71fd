"""Correcting sheets: made by themselves once 5 or more responses of a sheet were erased.

Theory. The correcting sheet is read beside those before it, so the release rule holds for what was
erased: of every group that a former sheet of the period told apart, and of every item's answers,
none or at least 5 may be gone and none or at least 5 may remain. Until that is so, the former sheet
stands alone, and `skm verify` says how many were erased since. Parts and the index without the
marked are not shown again: who of the erased belonged to which is not known any more.
"""

import json
from collections import Counter
from dataclasses import replace

from sqlalchemy import Connection

from flows.loader import instrument
from reports.disclosure import Size, least
from reports.sheets.before import before
from reports.sheets.counted import Counted, Piece, as_there
from reports.sheets.release import Shown, shown
from reports.sheets.sheet import Content, Correction, Heading, content, shown_in
from reports.transparency.appending import keep_sheet
from storage import questionnaires, standards, units
from storage.answers import visits
from storage.index import closed_periods, sheets


def due(connection: Connection) -> list[int]:
    """The sheets of which so many were erased that they are to be corrected."""
    return list(sheets.erased(connection, least()))


def correct(connection: Connection, sheet_id: int, at: int) -> Content | None:
    """Make and keep the correcting sheet; None where there is one, or it would tell of few."""
    sheet = sheets.by_id(connection, sheet_id)
    closed_periods.lock(connection, sheet.unit_id)
    kept = sheets.of_unit(connection, sheet.unit_id)
    former = [json.loads(each.content) for each in kept if each.period == sheet.period]
    if former[-1]["number"] != sheet.number:
        return None
    unit = units.by_id(connection, sheet.unit_id)
    by = instrument(former[-1]["instrument"])
    rows = [row for row in sheets.listed(connection, sheet.id) if row.leaf is not None]
    seen = before(connection, unit, by.id, sheet.days, kept)
    there = as_there(by, rows)
    allowed = shown(there, sheet.days, seen)
    if not allowed.figures or not all(_may_follow(each, there, allowed) for each in former):
        return None
    corrects = Correction(sheet.number, former[-1]["leaves"]["number"] - len(rows))
    wordings = questionnaires.wordings(connection, {row.questionnaire for row in rows})
    promised = standards.changed(connection, unit.id, sheet.days.first, sheet.days.last)
    issued = visits.number_issued(connection, unit.id, sheet.days.first, sheet.days.last)
    heading = Heading(unit, sheet.days, at, kept[-1], corrects, wordings, promised, issued)
    made = content(heading, by, there, replace(allowed, parts=False, marked=False))
    return keep_sheet(connection, unit.id, made, at)


def _may_follow(former: Content, there: Counted, now: Shown) -> bool:
    """Whether figures of what is there, beside a former sheet, tell of no group of 1 to 4."""
    then = shown_in(former)
    if not then.figures:
        return True
    left_out = frozenset[Piece]().union(*now.uncounted.values())
    counts = (_numbers(there, frozenset()), _numbers(there, left_out))
    return all(_parts_may_follow(former, numbers) for numbers in counts) and all(
        _item_may_follow(former["sums"][item], there, item, then, now)
        for item in then.items & now.items
    )


def _numbers(there: Counted, left_out: frozenset[Piece]) -> Counter[tuple[str, bool]]:
    """(source, verified) → how many there are, without those pieces."""
    numbers: Counter[tuple[str, bool]] = Counter()
    for piece, tally in there.pieces.items():
        numbers[piece.source, piece.verified] += 0 if piece in left_out else tally.n
    return numbers


def _parts_may_follow(former: Content, numbers: Counter[tuple[str, bool]]) -> bool:
    if not _beside_marked(former, numbers.total()):
        return False
    then = _parts_then(former) if shown_in(former).parts else {}
    return all(_none_or_enough(n - numbers[of], numbers[of]) for of, n in then.items())


def _item_may_follow(sums: Content, there: Counted, item: str, then: Shown, now: Shown) -> bool:
    """What was left uncounted stays so: what is counted lies in what was."""
    left = now.uncounted.get(item, frozenset())
    if there.size(item, lambda p: p in then.uncounted.get(item, ()) and p not in left).n:
        return False
    own = sums["own"] if "own" in sums else sums["n"]  # the first sheets did not say
    was = Size(sums["n"], own)
    return not was.differs(there.size(item, lambda p: p not in left)).tells


def _beside_marked(former: Content, left: int) -> bool:
    """Whether what is left of a sheet can stand beside its index without the marked: it is not
    known any more who of the erased was marked, so the worst is taken."""
    without = former["radar"]["without_marked"]["n"] if shown_in(former).marked else None
    n = former["n"]
    if without in (None, 0, n):
        return True
    if shown_in(former).parts and sum(map(bool, _parts_then(former).values())) > 1:
        return False
    return all(abs(few) >= least() for few in (left - without, left + without - n))


def _parts_then(former: Content) -> dict[tuple[str, bool], int]:
    return {
        (source, verified): part["verified"] if verified else part["n"] - part["verified"]
        for source, part in former["sources"].items()
        for verified in (True, False)
    }


def _none_or_enough(*numbers: int) -> bool:
    return all(number == 0 or number >= least() for number in numbers)
