"""An invitation used: the chat holds its role from now on."""

from bot.desk import Desk
from flows.form import Line, literal
from flows.opening import Invitation
from storage import roles, units


def join(desk: Desk, address: str, opening: Invitation, at: int) -> Line:
    try:
        held = roles.join(desk.connection, opening.token, address, at)
    except roles.InviteRefused as refused:
        return Line(f"role.invite.{refused.reason}")
    return Line(f"role.joined.{held.role}", {"scope": scope_name(desk, held.scope)})


def scope_name(desk: Desk, scope: str) -> Line:
    if scope == roles.EVERYWHERE:
        return Line("role.everywhere")
    unit = units.by_code(desk.connection, scope)
    return literal(unit.name if unit else scope)
