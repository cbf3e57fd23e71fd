"""What units did because of the answers, of many at once, for the public: follow-ups that are done,
innovations, and what the service standards promise. Who did it stays inside, and so do files that
nobody made public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, select

from storage.database.upsert import table_of
from storage.office import public_files
from storage.office.public_files import JPEG, PublicFile
from storage.office_tables import FollowUp, Innovation
from storage.standards import Promise
from storage.tables import ServiceStandard

MOST = 20  # of a kind and unit, the latest
PHOTOS = 6  # of a unit, those that were published last: they stand on one page

_f, _i, _s = table_of(FollowUp), table_of(Innovation), table_of(ServiceStandard)
_DONE = (
    select(
        _f.c.unit_id,
        _f.c.element,
        _f.c.programme,
        _f.c.told,
        _f.c.planned_on,
        _f.c.finished_on,
        _f.c.id,
    )
    .where(_f.c.status == "done")
    .order_by(_f.c.finished_on.desc(), _f.c.id.desc())
)
_NEW = select(_i.c.unit_id, _i.c.element, _i.c.name, _i.c.what, _i.c.started_on, _i.c.id).order_by(
    _i.c.started_on.desc(), _i.c.id.desc()
)
_PROMISED = select(_s.c.unit_id, _s.c.service, _s.c.element, _s.c.text, _s.c.valid_from).order_by(
    _s.c.service, _s.c.element, _s.c.valid_from
)


class Done(NamedTuple):
    """`told`: what citizens were told of it; days are the unit's."""

    element: str
    programme: str
    told: str
    planned_on: date
    finished_on: date
    photo: PublicFile | None = None


class New(NamedTuple):
    element: str
    name: str
    what: str
    started_on: date
    photo: PublicFile | None = None


@dataclass(frozen=True, slots=True)
class Improvements:
    done: tuple[Done, ...] = ()
    new: tuple[New, ...] = ()
    promised: tuple[Promise, ...] = ()
    reports: tuple[PublicFile, ...] = ()

    @property
    def photos(self) -> tuple[PublicFile, ...]:
        of = [*(each.photo for each in self.done), *(each.photo for each in self.new)]
        return tuple(each for each in of if each)


def of_units(connection: Connection, units: Sequence[int] | None = None) -> dict[int, Improvements]:
    """Unit → what it did; none of a unit that did nothing. `units`: ids; None: all."""
    done = _rows(connection, _DONE, _f.c.unit_id, units)
    new = _rows(connection, _NEW, _i.c.unit_id, units)
    promised = _rows(connection, _PROMISED, _s.c.unit_id, units)
    files = public_files.of_units(connection, units)
    found = {}
    for unit in done.keys() | new.keys() | promised.keys() | files.keys():
        mine = files.get(unit, [])
        shown = [each for each in mine if each.media_type == JPEG]
        photos = {(each.kind, each.of): each for each in shown[:PHOTOS]}
        found[unit] = Improvements(
            tuple(
                Done._make((*row, photos.get(("follow_up", str(id)))))
                for *row, id in done.get(unit, ())[:MOST]
            ),
            tuple(
                New._make((*row, photos.get(("innovation", str(id)))))
                for *row, id in new.get(unit, ())[:MOST]
            ),
            tuple(map(Promise._make, promised.get(unit, ()))),
            tuple(each for each in mine if each.kind == "report"),
        )
    return found


def _rows(
    connection: Connection,
    query: "Select[Any]",
    of: Any,
    units: Sequence[int] | None,
) -> dict[int, list[tuple[Any, ...]]]:
    if units is not None:
        query = query.where(of.in_(units))
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(query):
        found.setdefault(row[0], []).append(tuple(row[1:]))
    return found
