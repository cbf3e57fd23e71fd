"""`skm log`: the transparency log as a folder for everybody, with the program that verifies it."""

import json
from collections.abc import Iterator
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened, reading
from bot.commands.refusal import Refused
from bot.settings import load
from flows.operator_words import reason, tr
from reports.transparency import verify_skm
from storage import units
from storage.database.rollback_check import file_of
from storage.index import sheets
from storage.index import transparency_log as log


def folder(out: Path) -> None:
    """Raises Refused where nothing is signed yet, or it cannot be written."""
    settings = load()
    with opened(settings) as engine, reading(engine) as connection:
        outlets = settings.outlets(file_of(engine, settings.state_dir))
        name = outlets.key.public.name if outlets.key else ""
        kept = log.checkpoints(connection)
        signed = [each for each in kept if each.note.startswith(f"{name}\n")]
        if outlets.key is None or not signed:
            says = (
                "There is no signed checkpoint yet: set SKM_LOG_KEY (skm keys log NAME); skm run "
                "signs one a day."
            )
            raise Refused(tr(says))
        try:
            number = _write(out, connection, signed, str(outlets.key.public))
        except OSError as error:
            raise Refused(
                tr("{0} cannot be written: {1}.", error.filename or out, reason(error))
            ) from error
    program = out / "verify_skm.py"
    of = (signed[-1].size, len(signed), number, out, f"{program} {out}")
    typer.echo(
        tr("Log: {0} entries, {1} checkpoints, {2} sheets in {3}. Verify it: python3 {4}", *of)
    )


def _write(out: Path, connection: Connection, signed: list[log.Checkpoint], key: str) -> int:
    """Until the newest signed checkpoint; the number of sheets."""
    for name in ("checkpoints", "sheets"):
        (out / name).mkdir(parents=True, exist_ok=True)
    (out / "key.txt").write_text(f"{key}\n")
    (out / "verify_skm.py").write_bytes(Path(verify_skm.__file__).read_bytes())
    for each in signed:
        (out / "checkpoints" / f"{each.size:012}").write_text(each.note, "utf-8")
    (out / "checkpoint").write_text(signed[-1].note, "utf-8")
    logged = set()
    with (out / "entries.txt").open("w", encoding="utf-8") as file:
        for row in log.entries(connection):
            if row.position == signed[-1].size:
                break
            if row.says:
                logged.add(json.loads(row.says).get("sheet"))
            file.write(f"{row.hash.hex()} {row.says}".strip() + "\n")
    return sum(_sheet(out / "sheets", *each) for each in _sheets(connection, logged))


def _sheets(connection: Connection, logged: set[str]) -> Iterator[tuple[str, str, list[bytes]]]:
    """Name, content and leaves of those that are in the log so far."""
    for unit_id in sheets.publishing(connection):
        code = units.by_id(connection, unit_id).code
        for sheet in sheets.of_unit(connection, unit_id):
            if sheet.hash.hex() in logged:
                name = f"{code}-{sheet.number:04}"
                yield name, sheet.content, sheets.leaves(connection, sheet.id)


def _sheet(folder: Path, name: str, content: str, leaves: list[bytes]) -> int:
    (folder / f"{name}.json").write_bytes(content.encode())
    (folder / f"{name}.leaves").write_text("".join(f"{leaf.hex()}\n" for leaf in leaves))
    return 1
