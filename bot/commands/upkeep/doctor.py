"""`skm doctor`: what is right, what is wrong and what to do, a line each. Shows no secret."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import typer
from sqlalchemy import Connection, Engine

from bot.commands.open_database import opened
from bot.commands.output import print_json
from bot.commands.upkeep.certificate import certificate
from bot.commands.upkeep.database import edited_sentence
from bot.core.platform import Finding
from bot.core.setting import SettingsUnfit
from bot.core.watch.readiness import Backlog, backlog, disk_fault, free, places
from bot.settings import Settings, load, nothing_set, slips
from bot.start import require_folder
from flows.loader import LANGUAGES, catalogues, missing
from flows.operator_words import tr
from reports.transparency.leaving import Outlets, fork, kept_outside
from storage import units
from storage.answers import imports, votes
from storage.chat import outbox
from storage.database import leases, release, rollback_check
from storage.database.connect import BACK, enumerated, place
from storage.database.database_url import DatabaseUnfit, database_file
from storage.database.in_use import runners
from storage.database.private_files import readers
from storage.index import transparency_log as log
from storage.office import holders
from storage.scope import EVERYTHING
from storage.vault import SecretUnfit

Named = tuple[str, Finding]  # the check that found it, for monitoring


def doctor(as_data: bool) -> None:
    """Raises typer.Exit(1) where anything is wrong."""
    found = []
    for name, finding in findings():
        found.append((name, finding))
        if not as_data:
            typer.echo(f"{'ok   ' if finding.is_right else tr('FAULT')}  {finding.says}")
    is_right = all(finding.is_right for _, finding in found)
    if as_data:
        listed = [{"check": name, "ok": f.is_right, "says": f.says} for name, f in found]
        data = {"ok": is_right, "findings": listed}
        print_json(data)
    if not is_right:
        raise typer.Exit(1)


def findings() -> Iterator[Named]:
    try:
        settings = load()
    except SettingsUnfit as fault:
        yield from (("settings", Finding(False, line)) for line in str(fault).splitlines())
        return
    if nothing := nothing_set():
        yield "settings", Finding(False, nothing)
    yield from (("settings", Finding(False, each)) for each in slips())
    yield from (("settings", each) for each in _settings(settings))
    yield from (("files", each) for each in _files(settings))
    yield "program", _program()
    yield "disk", _disk(settings)
    running = list[str]()
    yield from _database(settings, running)
    yield from (("certificate", each) for each in certificate(settings.public_url))
    for platform in settings.platforms:
        yield from ((platform.channel, each) for each in platform.findings(bool(running)))


def _files(settings: Settings) -> Iterator[Finding]:
    """What everybody at this machine can read, or somebody else has written."""
    database = database_file(settings.database_url)
    ends = ("", "-wal", "-shm", "-minutes")
    beside = [Path(f"{database}{end}") for end in ends] if database else []
    for file in (Path(".env"), *beside):
        mode = readers(file)
        if mode:
            yield Finding(
                False,
                tr(
                    "{0} can be read by others (its mode is {1}). Run: chmod 600 {2}",
                    file,
                    mode,
                    file,
                ),
            )
    if Path(".env").exists() and Path(".env").stat().st_uid not in (os.getuid(), 0):
        yield Finding(False, tr(".env belongs to another user. Run: chown $USER .env"))


def _settings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.for_talking()
        yield Finding(True, tr("Settings: all that the bot needs is set."))
    except SettingsUnfit as fault:
        yield from (Finding(False, line) for line in str(fault).splitlines())
    if settings.state_dir:
        try:
            require_folder(Path(settings.state_dir), "SKM_STATE_DIR")
        except SettingsUnfit as fault:
            yield Finding(False, str(fault))
    yield from map(_language, settings.languages)


def _language(code: str) -> Finding:
    """Whether it is offered."""
    there_are = ", ".join(LANGUAGES)
    if code not in catalogues():
        says = "SKM_LANGUAGES names {0}, of which there is no catalogue. There are: {1}."
        return Finding(False, tr(says, code, there_are))
    if lacks := missing(code):
        says = (
            "SKM_LANGUAGES names {0}, which is not offered: it lacks {1:text|texts} of the survey, "
            "such as {2}."
        )
        return Finding(False, tr(says, code, len(lacks), min(lacks)))
    return Finding(True, tr("SKM_LANGUAGES: {0} ({1}) is offered.", code, LANGUAGES[code]))


def _program() -> Finding:
    if edited := release.edited():
        return Finding(False, edited_sentence(edited))
    return Finding(
        True, tr("Program: skm {0}, migrations up to {1}.", release.VERSION, release.head())
    )


def _disk(settings: Settings) -> Finding:
    found = free(places(settings.database_url, settings.state_dir))
    if fault := disk_fault(found, settings.disk_limit):
        return Finding(False, tr("Disk: {0}. Make room, or set SKM_DISK_LIMIT.", fault))
    left = "" if found is None else ": " + tr("{0} MB are free", found // 1_000_000)
    return Finding(True, f"Disk{left}.")


def _database(settings: Settings, running: list[str]) -> Iterator[Named]:
    """Fills in who is running."""
    try:
        with opened(settings) as engine:
            yield "database", _written(engine)
            with engine.connect() as connection:
                running += runners(connection)
                yield "tables", _tables(connection)
                yield "units", _units(connection)
                began = rollback_check.minutes(connection) > 0
                yield "roles", _roles(connection, began)
                yield "running", _running(running, began)
                yield from (("imports", each) for each in _imports(connection))
                yield from (("post", each) for each in _held(connection))
                yield from _backlog(backlog(connection, int(time.time())), began)
                yield from (("secret", each) for each in _secret(settings, connection))
                file = rollback_check.file_of(engine, settings.state_dir)
                yield from (("log", each) for each in _log(settings.outlets(file), connection))
    except DatabaseUnfit as fault:
        yield "database", Finding(False, str(fault))


def _written(engine: Engine) -> Finding:
    """Raises DatabaseUnfit (`opened` says it) where no row can be written."""
    with engine.begin() as connection:
        leases.hold(connection, "health", "doctor", int(time.time()), 1)
    return Finding(True, tr("Database: {0} is reached, written and up to date.", place(engine)))


def _tables(connection: Connection) -> Finding:
    if wrong := release.differences(connection):
        return Finding(
            False,
            tr(
                "Tables: {0}. Something else than skm db upgrade changed them. {1}",
                enumerated(wrong),
                tr(BACK),
            ),
        )
    return Finding(True, tr("Tables: all are as this release needs them."))


def _units(connection: Connection) -> Finding:
    number = len(units.in_scope(connection, EVERYTHING))
    if number:
        return Finding(True, tr("Units: {0}.", number))
    return Finding(False, tr("There are no units yet; import them: skm import units FILE"))


def _roles(connection: Connection, began: bool) -> Finding:
    number = holders.number(connection)
    if number["head"] or number["admin"]:
        return Finding(
            True, tr("Roles: {0:head|heads}, {1:admin|admins}.", number["head"], number["admin"])
        )
    says = tr("Nobody is head or admin of anything, so no digest reaches anybody.") + " "
    return Finding(not began, says + tr("Invite: skm invite head UNIT, skm invite admin AGENCY"))


def _imports(connection: Connection) -> Iterator[Finding]:
    if in_part := imports.cut_off(connection):
        says = (
            "Imports: not all of a file is in {0}, unless it is being imported now. Import it "
            "again, or take it out: skm import undo --unit {1}"
        )
        yield Finding(False, tr(says, enumerated(in_part), in_part[0]))


def _running(running: list[str], began: bool) -> Finding:
    if running:
        return Finding(True, tr("Running: {0}.", enumerated(running)))
    if not began:
        return Finding(True, tr("Running: not yet. Start it: skm run"))
    return Finding(
        False, tr("No skm runs on this database. Start it: skm run, or skm serve and work.")
    )


def _held(connection: Connection) -> Iterator[Finding]:
    """No fault: who wrote too long ago may be sent nothing but a template."""
    number, readers = outbox.held(connection)
    if number:
        says = "{0:message waits|messages wait} until their {1} readers write, a week at most."
        yield Finding(True, tr(says, number, readers))


def _backlog(found: Backlog, began: bool) -> Iterator[Named]:
    for name, fault in (("outbox", found.outbox_fault()), ("answers", found.answers_fault())):
        if fault:
            yield name, Finding(not began, fault.capitalize())


def _log(outlets: Outlets, connection: Connection) -> Iterator[Finding]:
    """Whether its checkpoints are signed, and leave."""
    if outlets.key is None:
        says = (
            "Log: no key signs its checkpoints, so nothing proves from outside that it stays. "
            "Make one: skm keys log NAME"
        )
        yield Finding(True, tr(says))
        return
    sent, public = kept_outside(outlets.file), outlets.key.public
    if sent and sent.origin == public.name and (wrong := fork(connection, sent)):
        says = (
            "Log: {0} Nothing is signed under this name any more. Begin another log: "
            "skm keys log NAME"
        )
        yield Finding(False, tr(says, wrong))
    yield Finding(
        True, tr("Log: {0:entry|entries}; its public key is {1}", log.size(connection), public)
    )
    if not (outlets.channel or outlets.witnesses):
        says = (
            "Log: checkpoints go to no channel and no witness. Set SKM_LOG_CHANNEL, or publish a "
            "folder: skm log --out DIR"
        )
        yield Finding(True, tr(says))


def _secret(settings: Settings, connection: Connection) -> Iterator[Finding]:
    """Whether the secret opens the keys of the running periods."""
    secret = settings.secret_key.get_secret_value()
    if not secret:
        return
    try:
        found = votes.are_open(connection, settings.vault)
        opens = (
            tr("it opens the keys of this database") if found else tr("no survey has used it yet")
        )
        yield Finding(True, tr("SKM_SECRET_KEY: {0}.", opens))
    except SecretUnfit as fault:
        yield Finding(False, str(fault))
