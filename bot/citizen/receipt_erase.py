"""What `/hapus` does: only for the chat that gave the answer, and after it said yes."""

import base64
from typing import Any

from bot.citizen.receipt_check import asked, last, malformed
from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.commands import ERASE
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.survey.erase import ERASE_FORM, EraseState
from reports.stored import amending
from storage.answers import erasing, receipts, responses, tombstones
from storage.chat import conversations
from storage.index import closed_periods, sheets
from storage.vault import SecretUnfit

_DONE = {"": "erase.done", "told": "erase.done.told", "sheet": "erase.done.published"}


def begin(context: TurnContext, code: str) -> Begin | Line:
    """`code`: of a receipt as it was typed, or sealed; none: as `receipt_check.checked`."""
    code = code or last(context)
    if not code:
        return asked(context, ERASE)
    meant = sealed(context, code)
    if isinstance(meant, Line):
        return meant
    return Begin("erase", "1", Line("resume.erase"), f"{ERASE} {meant}", kept=EraseState(meant))


def sealed(context: TurnContext, code: str) -> str | Line:
    """Which response is meant, sealed for this chat; or why it cannot be erased from here.

    `code`: of a receipt, or what this function sealed before.
    """
    leaves = receipts.leaves_of(code) or _opened(context, code)
    if leaves is None:
        return malformed(ERASE)
    row = responses.found(context.connection, leaves)
    if row is None:
        return _gone(context, leaves)
    if row.claim is None:
        return Line("erase.assisted" if row.source == "assisted" else "erase.over")
    if not erasing.is_of(context.connection, context.vault, context.address, row):
        return Line("erase.others")
    sealed = context.vault.seal(row.leaf, _label(context.address), context.random)
    return base64.urlsafe_b64encode(sealed).decode()


def erase(context: TurnContext, talk: Conversation, given: Any) -> Told:
    """Erase the response meant, with the conversation that gave it."""
    leaves = _opened(context, EraseState.of(talk).sealed)
    row = _locked(context, leaves) if leaves else None
    if row is None:
        return Told("erase.already")
    if not erasing.is_of(context.connection, context.vault, context.address, row):
        return Told("erase.over")  # the key was destroyed while it was asked
    forget(context, receipts.code(row.leaf))
    return Told(_DONE[amending.erase(context.connection, row)])


def _locked(context: TurnContext, leaves: tuple[bytes, bytes]) -> Any | None:
    """The unit before the row, as whoever tells or publishes it."""
    row = responses.found(context.connection, leaves)
    if row is None:
        return None
    closed_periods.lock(context.connection, row.unit_id)
    return responses.found(context.connection, leaves, lock=True)


def _opened(context: TurnContext, sealed: str) -> tuple[bytes, bytes] | None:
    try:
        leaf = context.vault.unseal(base64.urlsafe_b64decode(sealed), _label(context.address))
    except (SecretUnfit, ValueError):
        return None
    return leaf, leaf


def _label(address: str) -> str:
    return f"erase|{address}"


def _gone(context: TurnContext, leaves: tuple[bytes, bytes]) -> Line:
    left = sheets.holding(context.connection, *leaves) or tombstones.found(
        context.connection, leaves
    )
    return Line("erase.already") if left else Line("receipt.unknown")


def forget(context: TurnContext, code: str) -> None:
    """In the grace time the submitted conversation is still there, with the answers."""
    kept = conversations.load(context.connection, [context.address])[context.address]
    given = [each for each in kept if each.conversation.outcome.get("receipt") == code]
    conversations.delete_all(context.connection, given)


DIALOGUE = Dialogue(
    ERASE,
    ("/erase", "/hapusjawaban", "/hapusdata"),
    menu="everybody",
    opens=begin,
    form=ERASE_FORM,
    writes=erase,
)
