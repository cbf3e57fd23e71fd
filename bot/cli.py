"""The command line: names, options and formats are a contract.

Nothing slow is imported here: each command brings what it needs when it is called, and `skm --help`
answers at once.
"""

import atexit
import gc
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.commands.figures.commands import figures
from bot.commands.files.commands import counters, exporting, importing
from bot.commands.refusal import EXIT_CODES, NUMBERS, Commands
from bot.commands.upkeep.commands import upkeep

# What a command imports stays: it is not searched for garbage again and again while it is read.
# What runs for long sets it back (`bot.run`).
gc.set_threshold(100_000)
# Nor when it ends: that took a fifth of a command's time, and the system takes all of it anyway.
atexit.register(gc.freeze)

app = typer.Typer(
    name="skm",
    cls=Commands,
    help="The public service satisfaction survey (SKM) in a chat: survey, index, weekly digest.",
    epilog=f"Exit codes: {'; '.join(f'{code}: {means}' for code, means in EXIT_CODES.items())}. "
    f"{NUMBERS}",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
database = typer.Typer(help="Create or migrate the database.", no_args_is_help=True)
app.add_typer(database, name="db")
app.add_typer(importing, name="import")
app.add_typer(exporting, name="export")
app.add_typer(counters, name="counter")
app.add_typer(figures)
app.add_typer(upkeep)

Code = Annotated[str, typer.Argument(metavar="UNIT", help="The unit's code.")]
AsData = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _versions(asked: bool) -> None:
    if asked:
        from bot.commands.upkeep.versions import versions

        versions()
        raise typer.Exit


@app.callback()
def skm(
    asked: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_versions, help="Program, database, libraries."
        ),
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play a citizen by itself.")] = False,
) -> None:
    """Try it all: no token, no network, a temporary database."""
    from bot.commands.demo import demo

    demo(once)


@app.command()
def run() -> None:
    """Run everything in one process."""
    _run(talks=True, works=True)


@app.command()
def serve() -> None:
    """Run channels and web; any number of these on one Postgres."""
    _run(talks=True, works=False)


@app.command()
def work() -> None:
    """Run scheduler and sending; any number of these on one Postgres."""
    _run(talks=False, works=True)


def _run(*, talks: bool, works: bool) -> None:
    from bot.settings import load

    settings = load().for_talking()

    from bot.start import started

    with started(settings, talks=talks, works=works) as addresses:
        from bot.run import run

        run(settings, addresses, talks=talks, works=works)


@database.command()
def upgrade() -> None:
    """Create the database, or bring it to this release."""
    from bot.commands.upkeep.database import upgrade

    upgrade()


@database.command()
def restored() -> None:
    """After a backup was put in its place: drop what waits to be sent, and go on from there."""
    from bot.commands.upkeep.backup import restored

    restored()


@app.command()
def link(
    unit: Code,
    service: Annotated[str | None, typer.Option(metavar="S", help="Its id or name.")] = None,
    qr: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Write a QR code.")] = None,
    once: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1000, help="N links, each for one visit.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", metavar="D", help="With --once: of which day. Default: today."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(metavar="FILE.pdf", help="With --once: QR codes to print.")
    ] = None,
) -> None:
    """Print the link that opens a unit's survey, or single-use links that verify a visit."""
    if once is None and (day or sheet):
        raise typer.BadParameter("--date and --sheet belong to --once.")
    if once is not None and qr:
        raise typer.BadParameter("--qr is for one link; with --once use --sheet FILE.pdf.")
    if once is not None:
        from bot.commands.files.visits import visit_links

        return visit_links(unit, service, once, day, sheet)
    from bot.commands.files.units import link

    link(unit, service, qr)


@app.command()
def poster(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.pdf")],
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help="The unit's code.")] = None,
    agency: Annotated[str | None, typer.Option(metavar="A", help="An agency's units.")] = None,
    everyone: Annotated[bool, typer.Option("--all", help="All units.")] = False,
    size: Annotated[Literal["A4", "A5"], typer.Option()] = "A4",
) -> None:
    """Write posters with the QR codes of units, one a page."""
    from bot.commands.files.poster import poster

    poster(unit, agency, everyone, size, out)


@app.command()
def letterhead(
    unit: Annotated[str | None, typer.Argument(metavar="UNIT", help="The unit's code.")] = None,
    agency: Annotated[str | None, typer.Option(metavar="A", help="All units of an agency.")] = None,
    place: Annotated[str | None, typer.Option(help="Where reports are signed.")] = None,
    position: Annotated[str | None, typer.Option(help="The office of who signs.")] = None,
    person: Annotated[str | None, typer.Option(help="The name of who signs.")] = None,
    rank: Annotated[str | None, typer.Option(help="Pangkat and golongan.")] = None,
    nip: Annotated[str | None, typer.Option(help="NIP, 18 digits.")] = None,
    letter: Annotated[str | None, typer.Option(help="The letter's number, of --period.")] = None,
    period: Annotated[str | None, typer.Option(metavar="P", help="Of --letter: 2026-Q4")] = None,
    address: Annotated[str | None, typer.Option(help="A line below the head.")] = None,
    preface: Annotated[str | None, typer.Option(help="Kata pengantar, a paragraph a line.")] = None,
    background: Annotated[str | None, typer.Option(help="Latar belakang, likewise.")] = None,
    logo: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A PNG or SVG; “-” takes it away.")
    ] = None,
) -> None:
    """Say who signs the papers of a unit or an agency, and what they say; "" takes a text away."""
    from bot.commands.files.letterhead import letterhead

    said = {"place": place, "position": position, "person": person, "rank": rank, "nip": nip}
    said |= {"letter": letter, "address": address, "preface": preface, "background": background}
    letterhead(unit, agency, said, period, logo)


@app.command()
def instrument(
    unit: Code,
    id: Annotated[str, typer.Argument(metavar="ID", help="spkp, spak-4, spak-6 or f-03.")],
    qr: Annotated[Path | None, typer.Option(metavar="FILE.png", help="Write a QR code.")] = None,
) -> None:
    """Let a unit run another survey beside its SKM, and print the link that opens it."""
    from bot.commands.files.questionnaire import ask

    ask(unit, id, qr)


@app.command()
def invite(
    role: Annotated[
        Literal["head", "admin", "evaluator", "officer"],
        typer.Argument(metavar="ROLE", help="head, admin, evaluator or officer."),
    ],
    scope: Annotated[
        str,
        typer.Argument(
            metavar="SCOPE",
            help="A unit's code, an agency's name, or “*”. Where it is both: unit:CODE.",
        ),
    ],
    function: Annotated[
        str, typer.Option(metavar="TEXT", help="Their function, such as “Kepala Samsat”: no name.")
    ] = "",
) -> None:
    """Print a link that gives a chat a role, once, within 7 days."""
    from bot.commands.files.units import invite

    invite(role, scope, function)


@app.command()
def tell(
    unit: Code,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What citizens said, and what is better now.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Send without asking.")] = False,
) -> None:
    """Tell citizens who asked for news of a unit what it has improved."""
    from bot.commands.tell import tell

    tell(unit, text, yes)


@app.command()
def aggregate() -> None:
    """Fold responses into tallies now."""
    from bot.commands.figures.fold import aggregate

    aggregate()


@app.command()
def ipp(
    year: Annotated[int, typer.Option(metavar="YEAR", help="Such as 2026.")],
    unit: Annotated[str | None, typer.Option(metavar="CODE", help="One unit; else all.")] = None,
    agency: Annotated[
        str | None, typer.Option(metavar="A", help="One institution's units and rank.")
    ] = None,
    as_data: AsData = False,
) -> None:
    """Print the public service index (IPP = 0.75 F-02 + 0.25 F-03) and rank institutions."""
    if unit and agency:
        raise typer.BadParameter("Give --unit or --agency, not both.")
    from bot.commands.ipp.commands import ipp

    ipp(unit, agency, year, as_data)


@app.command()
def digest(
    unit: Code,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Gets digest.txt and digest.jpg.")],
    week: Annotated[str | None, typer.Option(metavar="2026-W47", help="The last full one.")] = None,
) -> None:
    """Write a unit's weekly digest as its head gets it."""
    from bot.commands.figures.digest import digest

    digest(unit, week, out)


@app.command()
def publish(
    unit: Code,
    period: Annotated[str, typer.Option(metavar="P", help="The unit's own: 2026-Q4.")],
    yes: Annotated[bool, typer.Option("--yes", help="Publish without being asked.")] = False,
) -> None:
    """Show what a period's sheet will hold, and once agreed close the period for good."""
    from bot.commands.figures.publish import publish

    publish(unit, period, yes)


@app.command()
def sheet(
    unit: Code,
    period: Annotated[str | None, typer.Option(metavar="P", help="Else the newest sheet.")] = None,
    number: Annotated[
        int | None, typer.Option(metavar="N", help="The sheet of that number.")
    ] = None,
    as_data: AsData = False,
    leaves: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the leaves, one a line, in hex.")
    ] = None,
) -> None:
    """Show a published sheet; --json prints the bytes that its SHA-256 stands for."""
    from bot.commands.figures.publish import sheet

    sheet(unit, period, number, as_data, leaves)


@app.command()
def site(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Gets the folder.")],
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where it will be reached. Default: SKM_PUBLIC_URL."),
    ] = None,
    no_rows: Annotated[
        bool, typer.Option("--no-rows", help="Without anonymous rows of each period.")
    ] = False,
) -> None:
    """Write the public site as files for any web host; again into the same folder, what changed."""
    from bot.commands.figures.site import site

    site(out, url, not no_rows)


@app.command()
def verify(
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint of the log as it left; may be repeated."),
    ] = None,
) -> None:
    """Recompute all tallies, receipts, sheets and the log; exit code 1 if any differ."""
    from bot.commands.figures.digest import verify

    verify(checkpoint or ())


@app.command()
def doctor(as_data: AsData = False) -> None:
    """Say what is wrong, and what to do; exit code 1 if anything is."""
    from bot.commands.upkeep.doctor import doctor

    doctor(as_data)


@app.command("man")
def manual(context: typer.Context) -> None:
    """Print the manual page: skm man > skm.1, man ./skm.1"""
    from bot.commands.manual import manual

    manual(context.find_root().command)
