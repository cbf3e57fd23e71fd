"""`skm counter`: keys by which machines at counters print visit links (POST /visits)."""

import secrets
import time
from datetime import UTC, datetime

import typer

from bot.commands.open_database import opened, reading
from bot.commands.output import print_rows
from bot.commands.refusal import Refused
from bot.commands.scope import service_of, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.engine.clean_text import tidy
from flows.engine.form import cut
from flows.operator_words import tr
from storage import units
from storage.office import audit, counter_keys

NAME = 40  # characters


def add(code: str, name: str, service: str | None) -> None:
    """Print the key, this once. Raises Refused."""
    now, called = int(time.time()), cut(tidy(name), NAME)
    if not called:
        raise Refused(tr("Say what the counter is called, such as “Loket 1”."))
    with opened(load()) as engine, engine.begin() as connection:
        unit = unit_of(connection, code)
        asked = "" if service is None else service_of(unit, service)
        key, made = counter_keys.make(connection, unit.id, asked, called, now, secrets.token_bytes)
        after = {"counter": called, "service": asked}
        audit.note(connection, now, OPERATOR, "add_counter", unit.scope, after=after)
    typer.echo(key)
    typer.echo(tr("Shown this once. Taken back by: skm counter end {0}", made.id), err=True)


def end(id: str) -> None:
    """From now on it makes no links; those that it made stay good. Raises Refused."""
    with opened(load()) as engine, engine.begin() as connection:
        this = next((each for each in counter_keys.every(connection) if each.id == id), None)
        if this is None:
            raise Refused(tr("There is no counter “{0}”. See: skm counter list", id))
        counter_keys.end(connection, this.id)
        unit = units.by_id(connection, this.unit_id)
        before = {"counter": this.name, "service": this.service}
        audit.note(connection, int(time.time()), OPERATOR, "end_counter", unit.scope, before=before)
    typer.echo(tr("{0} of {1} makes no more links.", this.name, unit.code))


def listed(as_data: bool) -> None:
    with opened(load()) as engine, reading(engine) as connection:
        codes = units.codes(connection)
        rows = [
            {
                "id": each.id,
                "unit": codes[each.unit_id],
                "name": each.name,
                "service": each.service,
                "since": datetime.fromtimestamp(each.since, UTC).date().isoformat(),
                "used": each.used_on.isoformat() if each.used_on else None,
            }
            for each in counter_keys.every(connection)
        ]
    print_rows("counters", rows, as_data)
