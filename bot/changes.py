"""`/log`: who changed what in the scopes of this chat, the newest first, page by page."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.begin import Said
from bot.desk import Desk
from bot.joining import scope_name
from bot.moments import minute
from bot.names import name_of
from flows.files import words
from flows.form import Line, literal
from flows.opening import LOG, ReadLog
from flows.say import Words
from storage import audit, permissions, roles
from storage.audit import Entry
from storage.permissions import ALLOWED

PAGE = 8  # entries: a screenful
LONGEST = 60  # characters of one value
CAPITAL = "Asia/Jakarta"  # whose clock counts where no unit is meant
# What is logged besides the actions of `permissions`.
MORE = ("invite", "join", "withdraw_invitation", "end_role", "leave")


def read(desk: Desk, address: str, opening: ReadLog, at: int) -> Said | Line:
    held = permissions.scopes(desk.connection, address, "read_log")
    if not held:
        return Line("role.none")
    scopes = [unit.code if (unit := desk.unit(scope)) else scope for scope in held]
    before = int(opening.before) if opening.before.isascii() and opening.before.isdigit() else None
    found = audit.page(desk.connection, scopes, PAGE + 1, before)
    if not found:
        return Line("log.empty")
    spoken = words(roles.language(desk.connection, address))
    shown = tuple(literal(_sentence(desk, entry, spoken)) for entry in found[:PAGE])
    older = ((Line("log.older"), f"{LOG} {found[PAGE - 1].id}"),) if len(found) > PAGE else ()
    return Said((Line("log"), *shown), older)


def _sentence(desk: Desk, entry: Entry, spoken: Words) -> str:
    unit = desk.unit(entry.scope)
    when = minute(entry.at, unit.timezone if unit else CAPITAL, spoken)
    known = entry.action in ALLOWED or entry.action in MORE
    did = Line(f"log.{entry.action}") if known else literal(entry.action)
    where = spoken.line(scope_name(desk, entry.scope))
    parts = [when, name_of(entry.by), f"{spoken.line(did)}, {where}"]
    return " · ".join(parts) + "".join(_details(entry, spoken))


def _details(entry: Entry, spoken: Words) -> Iterator[str]:
    """What it was and became, in as few words as tell it."""
    before, after = entry.before or {}, entry.after or {}
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    said = [_change(before, after, name, spoken) for name in changed]
    if said:
        yield ": " + "; ".join(said)


def _change(before: Mapping[str, Any], after: Mapping[str, Any], name: str, spoken: Words) -> str:
    old, new = (_value(said.get(name), name, spoken) for said in (before, after))
    return f"{old} → {new}" if old and new else old or new


def _value(value: Any, name: str, spoken: Words) -> str:
    if value in roles.ROLES:
        return spoken.line(Line(f"role.name.{value}"))
    if name in ("of", "invited by") and isinstance(value, str):
        return name_of(value)
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
