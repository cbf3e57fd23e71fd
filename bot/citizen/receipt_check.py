"""What `/cek` says of a receipt, to anybody who has its code: counted where, and the proof of it.

Never an answer, a service or a day: a code may be shown to others.
"""

import json

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin, Said
from bot.core.turns.turn_context import TurnContext
from flows.commands import CHECK
from flows.engine.conversation import Conversation
from flows.engine.ended import until
from flows.engine.form import Line
from flows.formats import count_line
from flows.survey.find import FIND
from flows.survey.receipt import RECEIPT_FORM
from flows.survey.state import is_submitted
from reports.sheets.merkle import Proof, sheet_proof
from reports.transparency.appending import proof_of
from storage import units
from storage.answers import receipts, responses, tombstones
from storage.chat import conversations
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.periods import period_of

PROOF = "bukti"  # behind a code: with what proves it
FEW = 500  # leaves of which one is proved at once


def checked(context: TurnContext, said: str) -> Begin | Said | Line:
    """`said`: a code; without one the last receipt of this chat is checked, or a code asked for."""
    code = said.removesuffix(PROOF).strip() or last(context)
    if not code:
        return asked(context, CHECK)
    leaves = receipts.leaves_of(code)
    if leaves is None:
        return malformed(CHECK)
    if held := sheets.holding(context.connection, *leaves):
        if said.endswith(PROOF):
            return _proved(context, *held)
        line = _published(context, *held)
        return Said((line,), (_technical(code),))
    row = responses.found(context.connection, leaves)
    if row is None and tombstones.found(context.connection, leaves):
        return Line("erase.already")
    if row is None:
        return Line("receipt.unknown")
    unit = units.by_id(context.connection, row.unit_id)
    period = period_of(unit.period, row.local_date)
    line = Line("receipt.counted", {"unit": unit.name, "period": period.name})
    logged = log_lines(context.connection, row.leaf)
    if said.endswith(PROOF) and logged:
        return Line("receipt.logged", {"proof": "\n".join(logged)})
    return Said((line,), (_technical(code),)) if logged else line


def _technical(code: str) -> tuple[Line, str]:
    return Line("receipt.technical"), f"{CHECK} {code} {PROOF}"


def last(context: TurnContext) -> str:
    """The receipt that this chat was given last, as long as that is known; "": none."""
    lately = submitted(context)
    return lately[-1].outcome["receipt"] if lately else ""


def submitted(context: TurnContext) -> list[Conversation]:
    """What this chat has submitted and may still change, the last one last."""
    kept = [
        each.conversation
        for each in conversations.load(context.connection, [context.address])[context.address]
    ]
    return [each for each in kept if is_submitted(each) and context.at < until(each)]


def asked(context: TurnContext, command: str) -> Begin | Line:
    """A question for the code; in the midst of something else than a search for a unit only how to
    write it."""
    kept = conversations.load(context.connection, [context.address])[context.address]
    if any(each.conversation.is_open and each.conversation.form != FIND.id for each in kept):
        return Line("receipt.how", {"command": command, "example": receipts.EXAMPLE})
    return Begin(RECEIPT_FORM.id, "1", Line("resume.receipt"), command, about={"command": command})


def malformed(command: str) -> Line:
    return Line("receipt.malformed", {"command": command, "example": receipts.EXAMPLE})


def _published(context: TurnContext, sheet: Sheet, leaf: bytes, erased: bool) -> Line:
    unit = units.by_id(context.connection, sheet.unit_id)
    count = count_line(json.loads(sheet.content)["n"])
    key = "receipt.erased" if erased else "receipt.published"
    return Line(key, {"unit": unit.name, "period": sheet.days.name, "count": count})


def _proved(context: TurnContext, sheet: Sheet, leaf: bytes, erased: bool) -> Line:
    unit = units.by_id(context.connection, sheet.unit_id)
    proof = _proof(context, sheet, leaf)
    assert proof is not None, "the sheet that holds a leaf proves it"
    lines = proof_lines(unit.code, sheet, leaf, proof) + log_lines(context.connection, leaf)
    said = "\n".join(lines)
    return Line("receipt.proof", {"number": sheet.number, "proof": said})


def _proof(context: TurnContext, sheet: Sheet, leaf: bytes) -> Proof | None:
    """Raises NotReady where the sheet is long: all its leaves are read and hashed."""

    def prove(connection: Connection) -> Proof | None:
        return sheet_proof(sheets.leaves(connection, sheet.id), leaf)

    if json.loads(sheet.content)["n"] <= FEW:
        return prove(context.connection)
    return context.made_before(("proof", sheet.id, leaf), prove)


def proof_lines(unit: str, sheet: Sheet, leaf: bytes, proof: Proof) -> list[str]:
    """All that is needed to recompute the published root by RFC 6962, 2.1.1; hashes in hex."""
    return [
        f"sheet {unit} {sheet.number} {sheet.hash.hex()}",
        f"root {json.loads(sheet.content)['leaves']['root']}",
        f"leaf {leaf.hex()}",
        f"index {proof.index} size {proof.size}",
        *(f"path {sister.hex()}" for sister in proof.path),
    ]


def log_lines(connection: Connection, leaf: bytes) -> list[str]:
    """… and the root of the log in its newest checkpoint; none where it is not in one yet."""
    found = proof_of(connection, leaf)
    if found is None:
        return []
    checkpoint, proof = found
    return [
        f"log-root {checkpoint.root.hex()}",
        f"log-leaf {leaf.hex()}",
        f"log-index {proof.index} size {proof.size}",
        *(f"log-path {sister.hex()}" for sister in proof.path),
    ]


DIALOGUE = Dialogue(
    CHECK, ("/check", "/cekjawaban"), menu="everybody", opens=checked, form=RECEIPT_FORM
)
