"""`skm index`, `skm rank`, `skm radar` and such: figures for the operator, who alone sees all of
them.

As in `bot.cli`, nothing slow is imported before a command is called.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.commands.files.commands import InstrumentOption
from flows.operator_words import tr

figures = typer.Typer(rich_markup_mode=None)

AnswersOption = Annotated[
    Path | None,
    typer.Option("--answers", metavar="FILE.csv", help="A table of answers; no database."),
]
OrderOption = Annotated[
    Literal["questionnaire", "list"] | None,
    typer.Option("--order", help="With --answers: which order U1 to U9 are in."),
]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", metavar="P", help="2026, 2026-S2, 2026-Q4, 2026-11, 2026-W47"),
]
AsData = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@figures.command()
def index(
    answers: AnswersOption = None,
    weights: Annotated[
        Literal["exact", "0.11", "0.071"] | None,
        typer.Option(help="With --answers: 1/k, or as old reports printed it (1/9, 1/14)."),
    ] = None,
    order: OrderOption = None,
    unit: Annotated[str | None, typer.Option(metavar="CODE", help="One unit; else all.")] = None,
    agency: Annotated[str | None, typer.Option(metavar="A", help="An agency's units.")] = None,
    region: Annotated[str | None, typer.Option(metavar="R", help="A region's units.")] = None,
    service: Annotated[
        str | None, typer.Option(metavar="S", help="Of these, one service: its id or name.")
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="D", help="The first day: 2026-11-30.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="D", help="The last day.")] = None,
    period: PeriodOption = None,
    instrument: InstrumentOption = None,
    verified: Annotated[
        bool, typer.Option("--verified", help="Of verified visits alone (skm link --once).")
    ] = False,
    as_data: AsData = False,
) -> None:
    """Print the index (IKM) of the database or of a table of answers.

    Of several units two figures are printed, each by its name: the plain mean of the units that
    reach their needed sample, and all respondents pooled, which is the headline.
    """
    if period and (first or last):
        raise typer.BadParameter(tr("Give --period or --from and --to, not both."))
    levels = [level for level in (unit, agency, region) if level]
    if answers and (levels or service or first or last or period or verified):
        raise typer.BadParameter(tr("--answers is a table by itself: no --unit, --from, --period."))
    if not answers and (weights or order):
        raise typer.BadParameter(tr("--weights and --order belong to --answers."))
    if len(levels) > 1:
        raise typer.BadParameter(tr("Give one of --unit, --agency and --region."))
    if answers:
        from bot.commands.figures.answers_index import of_answers
        from bot.commands.instrument_option import of_today

        asked = of_today(instrument)
        of_answers(answers, asked, weights or "exact", order or "questionnaire", as_data)
    else:
        from bot.commands.figures import index as cli_index
        from bot.commands.figures.selection import Whose

        whose = Whose(unit, agency, region, service, verified)
        cli_index.of_database(instrument, whose, first, last, period, as_data)


@figures.command()
def rank(
    agency: Annotated[str | None, typer.Option(metavar="A", help="An agency's units only.")] = None,
    period: PeriodOption = None,
    as_data: AsData = False,
) -> None:
    """Rank units by IKM, each with the ranks it may as well have. Default: the last full quarter.

    Only units with enough answers: the sample that Krejcie and Morgan ask of the users of exactly
    this period; where these are not known, 30. The others are listed with the reason.

    The JSON: {"period", "agency", "ranking": [{"rank", "best", "worst", "unit", "name", "agency",
    "kind", "n", "needed", "ikm", "grade", "ci95": [low, high] or null, "comparable"}], "left_out":
    [{"unit", "name", "n", "needed", "population", "reason"}]}. "best" to "worst": the ranks that
    the answers allow, 95 % for all units together. "comparable": the IKM drawn towards units of
    its kind, the more the fewer answered; null for kinds of fewer than 5; never used for the rank.
    "reason": "nobody", "sample" (fewer than the users ask for) or "unknown" (fewer than 30).
    """
    from bot.commands.figures.rank import rank

    rank(agency, period, as_data)


@figures.command()
def report(
    period: Annotated[str, typer.Option(metavar="P", help="2026-Q4, 2026-S2, 2026, 2026-11, …")],
    format: Annotated[
        Literal["pdf", "docx", "xlsx", "card", "card-a4", "card-a3"],
        typer.Option(
            metavar="FORMAT",
            help="pdf, docx or xlsx; the card: card (a PNG), card-a4, card-a3.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE")],
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help="The unit's code.")] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="A", help="An agency, by what its units published.")
    ] = None,
) -> None:
    """Write the official SKM report of a unit's period, published or not, in Indonesian.

    No names, no rows; cells of 1 to 4 people are hidden, and below 5 responses the index too.
    """
    from bot.commands.figures.report import report

    report(unit, agency, period, format, out)


@figures.command()
def evidence(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")],
    year: Annotated[int, typer.Option(metavar="YEAR", help="Such as 2026.")],
    as_data: AsData = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.xlsx", help="Write a workbook.")] = None,
) -> None:
    """Print follow-ups and publications of a year, and the levels of F-02 for them, in Indonesian.

    The JSON: {"unit", "year", "on", "rules", "rule", "source", "levels": {"share": {"level",
    "planned", "finished"}, "speed": {"level"}, "media": {"level", "media"}}, "follow_ups",
    "publications", "unconfirmed"}. Levels are 0 to 5; how they are counted: `reports.ipp.evidence`.
    """
    from bot.commands.ipp.evidence import export

    export(unit, year, as_data, out)


@figures.command()
def innovations(
    agency: Annotated[str | None, typer.Option(metavar="A", help="Of an agency; else all.")] = None,
    as_data: AsData = False,
) -> None:
    """Print the register of innovations, each with its element before and after it began.

    The JSON: [{"agency", "unit", "element", "name", "what", "started_on", "proof", "before":
    {"mean", "ci95", "n"} or null, "after", "real"}]. Figures are of weeks that digests showed.
    "real": whether the change is real, whatever it came of; null where there are too few answers.
    """
    from bot.commands.ipp.innovations import register

    register(agency, as_data)


@figures.command()
def radar(
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help="The unit's code.")] = None,
    period: PeriodOption = None,
    answers: AnswersOption = None,
    order: OrderOption = None,
    instrument: InstrumentOption = None,
    as_data: AsData = False,
) -> None:
    """Print what looks steered in a unit's period (default: the running one), each mark with the
    index with and without. The headline counts everyone; no mark is a proof."""
    if bool(unit) == bool(answers):
        raise typer.BadParameter(tr("Give a unit's code, or --answers and a table."))
    if answers and period:
        raise typer.BadParameter(tr("--answers is a table by itself: no --period."))
    if order and not answers:
        raise typer.BadParameter(tr("--order belongs to --answers."))
    from bot.commands.figures import radar as cli_radar

    if answers:
        cli_radar.of_answers(answers, order or "questionnaire", instrument, as_data)
    elif unit:
        cli_radar.of_unit(unit, period, instrument, as_data)
