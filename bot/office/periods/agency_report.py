"""The report of an agency, as a file in the chat: a button where /laporan lists its units. It tells
of published sheets alone, so of nothing that is newer than what was shown."""

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.core.channel import Document
from bot.core.dialogue import Dialogue, send_file
from bot.core.links import Links
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import refused
from flows.commands import AGENCY_REPORT, SIGNING
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.formats import period_row
from flows.loader import words
from flows.office.report import AGENCY_REPORT_FORM, format_of
from reports.official_report.agency import of_agency
from reports.official_report.formats import ENDINGS, NothingToHangUp, written
from reports.official_report.summed_sheets import longer
from storage.index import sheets
from storage.office import paper_details, permissions
from storage.periods import parse
from storage.scope import Scope, kept
from storage.scope import written as scope_in

PERIODS = 8  # that are offered, the newest first


def offered(context: TurnContext) -> list[dict[str, str]]:
    """A button for each agency whose report this chat may have."""
    scopes = permissions.scopes(context.connection, context.address, "read_figures")
    agencies = [scope for scope in scopes if scope.kind == "agency"]
    return [
        {"id": f"_of{place}", "label": scope.name, "opening": f"{AGENCY_REPORT} {scope}"}
        for place, scope in enumerate(agencies)
    ]


def begin(context: TurnContext, said: str) -> Begin | Line:
    """`said`: the agency's scope."""
    scope = scope_in(said)
    if (
        scope is None
        or scope.kind != "agency"
        or not _may(context.connection, context.address, scope)
    ):
        return refused(context)
    names = sheets.periods_of_agency(context.connection, scope.name)
    found = {*map(parse, names), *longer(names)}
    newest = sorted(found, key=lambda period: (period.last, period.first), reverse=True)
    periods = newest[:PERIODS]
    if not periods:
        return Line("report.agency.none", {"agency": scope.name})
    return Begin(
        "agency_report",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.agency_report"),
        f"{AGENCY_REPORT} {scope}",
        about={"scope": str(scope), "unit_name": scope.name},
        offered={"period": [period_row(period.name) for period in periods]},
    )


def send(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    """Made when it is sent (`made`)."""
    scope = kept(talk.about["scope"])
    if not _may(context.connection, context.address, scope):
        return Told("where.denied")
    send_file(
        context,
        talk,
        "agency_report",
        agency=scope.name,
        period=str(given["period"]),
        format=format_of(given["format"]),
        at=str(context.at),
    )
    if paper_details.of_scope(context.connection, scope).person:
        return Told("report.agency.sent")
    sign = {"id": "sign", "key": "signing.new", "opening": f"{SIGNING} {scope}"}
    return Told("report.agency.sent", rows=[sign])


def made(
    connection: Connection, address: str, body: Mapping[str, str], links: Links
) -> Document | None:
    """None where the chat may not have it any more, or there is nothing to tell."""
    scope = Scope("agency", body["agency"])
    if not _may(connection, address, scope):
        return None
    format = next(each for each in ENDINGS if each == body["format"])
    found = of_agency(connection, scope.name, parse(body["period"]), int(body["at"]))
    if found is None:
        return None
    try:
        file = written(found, format)
    except NothingToHangUp:
        return None
    said = Line("report.caption", {"unit": scope.name, "period": body["period"]})
    name = f"laporan-skm-{body['period']}.{ENDINGS[format]}"
    return Document(name, file, words(body["language"]).line(said))


def _may(connection: Connection, address: str, scope: Scope) -> bool:
    return permissions.may_in(connection, address, "read_figures", scope)


DIALOGUE = Dialogue(
    AGENCY_REPORT,
    needs="read_figures",
    typed=False,
    opens=begin,
    form=AGENCY_REPORT_FORM,
    writes=send,
    sends={"agency_report": made},
)
