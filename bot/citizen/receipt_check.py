"""What `/cek` says of a receipt, to anybody who has its code: counted where, and the proof of it.

Never an answer, a service or a day: a code may be shown to others.
"""

import json

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turn_context import TurnContext
from flows.engine.form import Line
from reports.sheets.merkle import Proof, sheet_proof
from storage import units
from storage.answers import receipts, responses, tombstones
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.periods import period_of

COMMAND = "/cek"
FEW = 500  # leaves of which one is proved at once


def checked(context: TurnContext, address: str, code: str, at: int) -> Line:
    leaves = receipts.leaves_of(code)
    if leaves is None:
        return malformed(COMMAND)
    if held := sheets.holding(context.connection, *leaves):
        return _published(context, *held)
    row = responses.found(context.connection, leaves)
    if row is None and tombstones.found(context.connection, leaves):
        return Line("erase.already")
    if row is None:
        return Line("receipt.unknown")
    unit = units.by_id(context.connection, row.unit_id)
    period = period_of(unit.period, row.local_date)
    return Line("receipt.counted", {"unit": unit.name, "period": period.name})


def malformed(command: str) -> Line:
    return Line("receipt.malformed", {"command": command, "example": receipts.EXAMPLE})


def _published(context: TurnContext, sheet: Sheet, leaf: bytes, erased: bool) -> Line:
    unit = units.by_id(context.connection, sheet.unit_id)
    proof = _proof(context, sheet, leaf)
    assert proof is not None, "the sheet that holds a leaf proves it"
    params: dict[str, str | int | Line] = {
        "unit": unit.name,
        "period": sheet.days.name,
        "number": sheet.number,
        "proof": "\n".join(proof_lines(unit.code, sheet, leaf, proof)),
    }
    return Line("receipt.erased" if erased else "receipt.published", params)


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


DIALOGUE = Dialogue(COMMAND, ("/check",), menu="everybody", opens=checked)
