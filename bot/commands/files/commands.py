"""`skm import …` and `skm export …`: what comes in from files and what goes out for the public.

As in `bot.cli`, nothing slow is imported before a command is called.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer

importing = typer.Typer(
    help="Bring in units, answers on paper or of an online form, an evaluator's scores.",
    no_args_is_help=True,
)
exporting = typer.Typer(help="Write files for the public.", no_args_is_help=True)
counters = typer.Typer(
    help="Let machines at counters print visit links (POST /visits).", no_args_is_help=True
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
UnitOption = Annotated[str, typer.Option("--unit", metavar="CODE", help="The unit's code.")]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Of a workbook with several tables.")
]
InstrumentOption = Annotated[
    str | None,
    typer.Option("--instrument", metavar="ID", help="spkp, spak-6, f-03 …; else the newest SKM."),
]


@importing.command()
def units(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv or .xlsx")],
    sheet: SheetOption = None,
    dry_run: DryRun = False,
) -> None:
    """Add service units, or update those whose code is known."""
    from bot.commands.files.units import import_units

    import_units(file, sheet, dry_run)


@importing.command()
def responses(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=".csv or .xlsx: element keys, questions or U1 to U9; also date, id, service …",
        ),
    ],
    unit: UnitOption,
    service: Annotated[
        str | None, typer.Option(metavar="S", help="Of all rows: its id or name.")
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="D", help="Of rows without one: 2026-11-30 or 30/11/2026."),
    ] = None,
    order: Annotated[
        Literal["questionnaire", "list"] | None,
        typer.Option(help="Which order U1 to U9 are in.", show_default="questionnaire"),
    ] = None,
    instrument: InstrumentOption = None,
    sheet: SheetOption = None,
    blank: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="What stands for no answer, such as -.")
    ] = None,
    word: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORDS=VALUE", help="What an answer in words counts as, such as “puas=3”."
        ),
    ] = None,
    map: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADING=COLUMN", help="What a column is; kept for such headers."),
    ] = None,
    days: Annotated[
        Literal["day", "month"] | None, typer.Option(help="What stands first in 3/4/2026.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Count rows that are the same as imported ones, too.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Without being asked.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Add the answers of a file to a unit: all or nothing, each file, row and id once."""
    from bot.commands.files.responses import Given, import_responses

    given = Given(
        service,
        date,
        order,
        instrument,
        sheet,
        blank or [],
        word or [],
        map or [],
        days,
        again,
        yes,
        dry_run,
    )
    import_responses(file, unit, given)


@importing.command()
def undo(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE|ID", help="The file that was imported, or its id; else list."),
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="CODE", help="The unit's code; an id tells it by itself.")
    ] = None,
    id: Annotated[str | None, typer.Option(metavar="ID", help="Its id.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Without being asked.")] = False,
) -> None:
    """Take the answers of an imported file out of a unit again."""
    from bot.commands.files.responses import undo

    undo(file, unit, id, yes)


@importing.command()
def f02(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help=".csv or .xlsx: indicator, aspect, score, weight"),
    ],
    unit: UnitOption,
    year: Annotated[
        int, typer.Option(metavar="YEAR", help="Its scores of that year are replaced.")
    ],
    sheet: SheetOption = None,
    dry_run: DryRun = False,
) -> None:
    """Take an evaluator's F-02 scores of a unit (PEKPPP), all of them or none."""
    from bot.commands.ipp.commands import import_f02

    import_f02(file, unit, year, sheet, dry_run)


@importing.command()
def wording(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv or .xlsx")],
    unit: Annotated[str, typer.Option(metavar="CODE", help="Whose services they are.")],
    sheet: SheetOption = None,
    dry_run: DryRun = False,
) -> None:
    """Word the answers of a unit's services, or leave items out: service, item, 1, 2, 3, 4, …"""
    from bot.commands.files.questionnaire import import_wording

    import_wording(file, unit, sheet, dry_run)


@importing.command()
def standards(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".csv or .xlsx")],
    unit: Annotated[str, typer.Option(metavar="CODE", help="Whose promises they are.")],
    sheet: SheetOption = None,
    dry_run: DryRun = False,
) -> None:
    """Take what a unit promises of its services: service, element, text, valid_from."""
    from bot.commands.files.questionnaire import import_standards

    import_standards(file, unit, sheet, dry_run)


@exporting.command("responses")
def export_responses(
    out: Annotated[Path, typer.Option(metavar="FILE.csv", help="Replaced if it is there.")],
    unit: Annotated[str | None, typer.Option(metavar="CODE", help="One unit; else all.")] = None,
    period: Annotated[
        str | None, typer.Option(metavar="P", help="2026, 2026-Q3 …; else all that may be.")
    ] = None,
) -> None:
    """Write anonymous rows of published periods, 14 days after their end: the same for good.

    Month, service, source and profile only where at least 5 rows share them; no text, no day, no
    id. The rows add up to the period's sheet.
    """
    from bot.commands.files.export import export_responses

    export_responses(unit, period, out)


@counters.command("add")
def add_counter(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Such as “Loket 1”.")],
    service: Annotated[str | None, typer.Option(metavar="S", help="Its id or name.")] = None,
) -> None:
    """Print a key, once, with which that counter's machine asks for visit links."""
    from bot.commands.files.counters import add

    add(unit, name, service)


@counters.command("end")
def end_counter(
    id: Annotated[str, typer.Argument(metavar="ID", help="As skm counter list names it.")],
) -> None:
    """Take a counter's key back; the links that it made stay good."""
    from bot.commands.files.counters import end

    end(id)


@counters.command("list")
def list_counters(
    as_data: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the counters with a key."""
    from bot.commands.files.counters import listed

    listed(as_data)
