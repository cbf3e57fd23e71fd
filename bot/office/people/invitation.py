"""An invitation used: the chat holds its role from now on, and whoever invited it is told so."""

from bot.core.dialogue import Dialogue
from bot.core.pseudonyms import OPERATOR, name
from bot.core.sending.notices import notify
from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.command_list import refresh
from bot.office.digests.first_digest import welcome
from bot.office.scope import unit_in
from flows.commands import END_INVITED, LEAVE
from flows.engine.form import Line, literal
from flows.intents import Invitation
from storage.chat import conversations
from storage.office import audit, holders, permissions, roles
from storage.office.roles import Held
from storage.scope import EVERYTHING, Scope


def join(context: TurnContext, link: Invitation) -> Said | Line:
    if not context.is_known:
        return Line("role.invite.elsewhere")
    invited = holders.invitation(context.connection, token=link.token)
    if invited and not permissions.is_backed(context.connection, invited):
        holders.withdraw(context.connection, invited.id, context.at)
    had = roles.held(context.connection, context.address)
    try:
        held = roles.join(context.connection, link.token, context.address, context.at)
    except roles.InviteRefused as refused:
        return Line(f"role.invite.{refused.reason}")
    who = context.by
    if held not in had:
        assert invited is not None, "it was used"
        if kept := conversations.load(context.connection, [context.address])[context.address]:
            roles.speak(context.connection, context.address, kept[-1].conversation.language)
        refresh(context.connection, context.address, context.at)
        _note(context, held, invited, who)
    joined = Line(f"role.joined.{held.role}", {"scope": scope_name(context, held.scope)})
    unit = unit_in(context, held.scope) if held.role == "head" else None
    first = welcome(context, unit) if unit else Said(())
    given = invited is not None and invited.by
    named = (Line("role.joined.as", {"who": name(context.connection, who)}),) if given else ()
    return Said((joined, *named, *first.lines), first.offers)


def _note(context: TurnContext, held: Held, invited: holders.Invitation, who: str) -> None:
    """In the log, and to the chat that invited: a link that was passed on is noticed."""
    by = context.vault.pseudonym(invited.by) if invited.by else OPERATOR
    after = {"role": held.role, "function": held.function, "invited_by": by}
    audit.note(context.connection, context.at, who, "join", held.scope, after=after)
    if not invited.by:
        return
    role = Line(f"data.role.{held.role}", {"scope": scope_name(context, held.scope)})
    line = Line("role.accepted", {"role": role, "who": name(context.connection, who)})
    offers = [(Line("role.accepted.cut"), f"{END_INVITED} {invited.id}")]
    if held in roles.held(context.connection, invited.by):
        offers.append((Line("role.accepted.leave"), LEAVE))
    notify(context.connection, f"joined:{invited.id}", invited.by, line, context.at, *offers)


def scope_name(context: TurnContext, scope: Scope) -> Line:
    if scope == EVERYTHING:
        return Line("role.everywhere")
    unit = unit_in(context, scope)
    return literal(unit.name if unit else scope.name)


DIALOGUE = Dialogue(link=Invitation, opens=join)
