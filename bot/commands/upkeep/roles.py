"""`skm roles`, `skm invites`: who may do what, and how either is taken back from here."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened, reading, sure
from bot.commands.output import print_rows
from bot.commands.refusal import Refused
from bot.core.pseudonyms import OPERATOR, name_of
from bot.office.command_list import refresh
from bot.settings import load
from flows.operator_words import tr
from storage import units
from storage.office import audit, console_keys, holders, permissions
from storage.office.holders import Holder, Invitation
from storage.scope import Scope
from storage.vault import Vault


def roles(given: str | None, end: str | None, yes: bool, as_data: bool) -> None:
    """List roles, or end all that a chat holds there. Raises Refused, SecretUnfit."""
    settings = load()
    vault = settings.vault
    with opened(settings) as engine:
        with reading(engine) as connection:
            meant = _meant(connection, given)
            found = [
                each
                for each in holders.every_holder(connection)
                if meant is None or each.scope in meant
            ]
        if end is not None:
            found = _whose(found, end, vault)
        if end is None or not yes:
            _say_roles(found, vault, as_data)
        if end is None:
            return
        sure(yes, tr("End these {0:role|roles} of {1}?", len(found), end.upper()))
        with engine.begin() as connection:
            gone = sum(_end(connection, each, vault) for each in found)
    typer.echo(
        tr(
            "Ended: {0:role|roles} of {1}. Give them anew: skm invite ROLE SCOPE",
            gone,
            end.upper(),
        )
    )


def _meant(connection: Connection, given: str | None) -> list[Scope] | None:
    """None: all scopes. Raises Refused for one that there is not."""
    if given is None:
        return None
    found = units.scopes_meant(connection, given)
    if not found:
        raise Refused(tr("There is no unit and no agency “{0}”. See: skm units", given))
    return found


def _whose(found: Sequence[Holder], name: str, vault: Vault) -> list[Holder]:
    """Those of the one chat whose name begins so."""
    wanted = name.casefold()
    mine = [each for each in found if vault.pseudonym(each.address).startswith(wanted)]
    chats = {vault.pseudonym(each.address) for each in mine}
    if not mine or len(wanted) < 3:
        raise Refused(tr("Nobody named “{0}” holds a role there. See the names: skm roles", name))
    if len(chats) > 1:
        raise Refused(tr("“{0}” may be {1}. Write one of them.", name, " or ".join(sorted(chats))))
    return mine


def _say_roles(found: Sequence[Holder], vault: Vault, as_data: bool) -> None:
    rows = [
        {
            "role": each.role,
            "scope": str(each.scope),
            "who": name_of(vault.pseudonym(each.address)),
            "function": each.function,
            "since": _day(each.since),
        }
        for each in found
    ]
    print_rows("roles", rows, as_data)


def _end(connection: Connection, held: Holder, vault: Vault) -> bool:
    """With the invitations that this chat gave and may give no more, and its way into the console:
    a lost phone is in somebody's hands."""
    now = int(time.time())
    holders.lock(connection, held.scope)
    if not holders.end(connection, held.address, held.role, held.scope):
        return False
    for out in holders.given_by(connection, held.address, now):
        if not permissions.is_backed(connection, out):
            holders.withdraw(connection, out.id, now)
    console_keys.end(connection, held.address)
    refresh(connection, held.address, now)
    was = {"role": held.role, "of": vault.pseudonym(held.address)}
    audit.note(connection, now, OPERATOR, "end_role", held.scope, before=was)
    return True


def invites(given: str | None, withdraw: str | None, as_data: bool) -> None:
    """List invitations that may still be used, or withdraw one. Raises Refused, DatabaseUnfit."""
    settings, now = load(), int(time.time())
    with (
        opened(settings) as engine,
        engine.begin() if withdraw else reading(engine) as connection,
    ):
        meant = _meant(connection, given)
        found = [
            each
            for each in holders.every_invitation(connection, now)
            if meant is None or each.scope in meant
        ]
        if withdraw is not None:
            return _withdraw(connection, found, withdraw, now)
    secret = settings.secret_key.get_secret_value()
    _say_invites(found, settings.vault if secret else None, as_data)


def _say_invites(found: Sequence[Invitation], vault: Vault | None, as_data: bool) -> None:
    rows = [
        {
            "id": each.id,
            "role": each.role,
            "scope": str(each.scope),
            "function": each.function,
            "by": name_of(vault.pseudonym(each.by) if vault and each.by else ""),
            "until": _day(each.expires_at),
        }
        for each in found
    ]
    print_rows("invites", rows, as_data)


def _withdraw(connection: Connection, found: Sequence[Invitation], id: str, now: int) -> None:
    this = next((each for each in found if each.id == id), None)
    if this is None or not holders.withdraw(connection, id, now):
        raise Refused(tr("No invitation “{0}” waits to be used. See their ids: skm invites", id))
    audit.note(connection, now, OPERATOR, "withdraw_invitation", this.scope, before=this.logged)
    typer.echo(tr("The invitation as {0} of {1} is withdrawn.", this.role, this.scope))


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()
