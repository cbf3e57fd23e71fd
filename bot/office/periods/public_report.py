"""The official report of a published period on the public site: a button under /laporan, where what
everybody will read in it is said first. It can be taken off again.

It is the one that a head gets, without what citizens wrote, and of the sheet that is shown: where
another sheet of the period comes, it is on the site no more until it is put there anew.
"""

from dataclasses import replace

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import allowed, which_unit
from flows.commands import PUBLIC_REPORT, REPORT, announce, public_report
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.office.report import PUBLIC_REPORT_FORM
from reports.official_report.formats import written
from reports.official_report.gathered import of_sheet
from reports.site.shown import result_of
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.office import audit, paper_details, permissions, public_files
from storage.office.public_files import PublicFile
from storage.periods import parse
from storage.units import Unit

PUBLISH, WITHDRAW, LEAVE = "publish", "withdraw", "no"

Row = dict[str, str]


def offer(context: TurnContext, unit: Unit, period: str) -> list[Row]:
    """The button that leads here, where this chat may."""
    if not permissions.may(context.connection, context.address, "run_periods", unit):
        return []
    sheet = sheets.newest(sheets.of_unit(context.connection, unit.id), period)
    if sheet is None or result_of(sheet).ikm is None:
        return []
    there = _there(context.connection, unit, sheet)
    key = "report.public.see" if there else "report.public.new"
    return [{"id": "public", "key": key, "opening": public_report(unit.code, period)}]


def begin(context: TurnContext, said: str) -> Begin | Line:
    """`said`: a unit's code and a period."""
    code, _, period = said.rpartition(" ")
    unit = which_unit(context, PUBLIC_REPORT, code or said)
    if not isinstance(unit, Unit):
        return unit
    sheet = sheets.newest(sheets.of_unit(context.connection, unit.id), period)
    if sheet is None:
        return Line("report.public.none", {"command": REPORT})
    if result_of(sheet).ikm is None:
        return Line("report.public.few")
    there = _there(context.connection, unit, sheet)
    does = (LEAVE, PUBLISH, *([WITHDRAW] if there else []))
    again = ".again" if there else ""
    about = {"unit": unit.code, "unit_name": unit.name, "period": period}
    about |= {"person": paper_details.of_unit(context.connection, unit, period).person}
    about |= {"there": "1" if there else ""}
    return Begin(
        "public_report",
        str(context.at),  # what it shows changes with time: never the very same again
        Line("resume.public_report"),
        public_report(unit.code, period),
        about=about,
        offered={"do": [{"id": each, "key": f"report.public.{each}{again}"} for each in does]},
    )


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    """Asked anew whether it may be, and of which sheet."""
    unit, period = allowed(context, PUBLIC_REPORT, talk), talk.about["period"]
    if isinstance(unit, Told):
        return unit
    if given["do"] == LEAVE:
        return Told("report.public.left")
    if given["do"] == WITHDRAW:
        if not public_files.withdraw(context.connection, unit.id, "report", period):
            return Told("report.public.gone")
        _note(context, unit, period, "withdrawn")
        return Told("report.public.withdrawn")
    sheet = sheets.newest(sheets.of_unit(context.connection, unit.id), period)
    if sheet is None or result_of(sheet).ikm is None:
        return Told("report.public.few")
    paper = context.made_before(
        ("public report", unit.code, sheet.hash),
        lambda reads: _paper(reads, unit, sheet, context.at),
    )
    public_files.keep(
        context.connection, unit.id, "report", period, paper, context.at, made_of=sheet.hash.hex()
    )
    _note(context, unit, period, "shown")
    rows = [{"id": "announce", "key": "announce.new", "opening": announce(unit.code, period)}]
    return Told("report.public.done", {"period": period, "unit": unit.name}, rows)


def _paper(connection: Connection, unit: Unit, sheet: Sheet, at: int) -> bytes:
    found = of_sheet(connection, unit, parse(sheet.period), at)
    assert found is not None, "it has a sheet"
    return written(replace(found, reasons=None, suggestions=None), "pdf")


def _there(connection: Connection, unit: Unit, sheet: Sheet) -> PublicFile | None:
    """The report that the site shows."""
    found = public_files.one(connection, unit.id, "report", sheet.period)
    return found if found and found.made_of == sheet.hash.hex() else None


def _note(context: TurnContext, unit: Unit, period: str, report: str) -> None:
    by, said = context.by, {"period": period, "report": report}
    audit.note(context.connection, context.at, by, "run_periods", unit.scope, after=said)


DIALOGUE = Dialogue(
    PUBLIC_REPORT,
    needs="run_periods",
    typed=False,
    opens=begin,
    form=PUBLIC_REPORT_FORM,
    writes=write,
)
