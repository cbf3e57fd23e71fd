"""`skm letterhead`: what papers of a unit or an agency say besides figures, and their logo."""

import time
from collections.abc import Mapping
from pathlib import Path

import typer
from sqlalchemy import Connection

from bot.commands.open_database import opened
from bot.commands.refusal import Refused
from bot.commands.scope import level_of, period_named, unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.engine.clean_text import tidy
from flows.office.signing import MOST, OF_PERSON, SIGN, SIGNATURE, no_nip
from flows.operator_words import reason, tr
from reports.printed.redrawing import MOST_BYTES, PictureRefused, redrawn
from storage.office import audit, paper_details
from storage.office.paper_details import TEXTS
from storage.scope import Scope

_NO_LOGO = "-"


def letterhead(
    unit: str | None,
    agency: str | None,
    said: Mapping[str, str | None],
    period: str | None,
    logo: Path | None,
) -> None:
    """Keep what is said, then print all that is kept. `said`: fields of `PaperDetails`. Raises
    Refused."""
    texts: dict[str, str | bytes | None] = {**_texts(said, period)}
    if logo is not None:
        texts["logo"] = None if str(logo) == _NO_LOGO else _logo(logo)
    name = period_named(period).name if period else ""
    with opened(load()) as engine, engine.begin() as connection:
        scope = _scope(connection, unit, agency)
        paper_details.keep(connection, scope, texts, name)
        now = int(time.time())
        # Which, not what: the name of who signs is on each paper, and not for the log.
        for paper in sorted({SIGN if each in SIGNATURE else each for each in texts}):
            audit.note(connection, now, OPERATOR, "sign_papers", scope, None, {"paper": paper})
        kept = paper_details.of_scope(connection, scope, name)
    for field in TEXTS:
        if text := getattr(kept, field):
            typer.echo(f"{field}: {text}")
    typer.echo(f"logo: {tr('kept') if kept.logo else '–'}")


def _texts(said: Mapping[str, str | None], period: str | None) -> dict[str, str]:
    """As in chat. Raises Refused."""
    texts = {name: tidy(text) for name, text in said.items() if text is not None}
    for name, text in texts.items():
        if len(text) > MOST[name]:
            raise Refused(tr("--{0} has {1} characters; at most {2}.", name, len(text), MOST[name]))
    if texts.get("letter") and not period:
        raise Refused(tr("--letter is the number of one period's letter: add --period P."))
    if texts.get("nip") and no_nip(texts["nip"]):
        raise Refused(tr("--nip has 18 digits."))
    anew = OF_PERSON if "person" in texts else ()
    return {**dict.fromkeys(anew, ""), **texts}


def _scope(connection: Connection, unit: str | None, agency: str | None) -> Scope:
    if bool(unit) == bool(agency):
        raise Refused(tr("Say whose papers: UNIT or --agency A."))
    if unit:
        return unit_of(connection, unit).scope
    return Scope("agency", level_of(connection, "agency", str(agency))[0])


def _logo(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refused(tr("{0} cannot be read: {1}.", file, reason(error))) from error
    try:
        return redrawn(content, "logo")
    except PictureRefused as refused:
        raise Refused(_why(refused.why, file)) from None


def _why(why: str, file: Path) -> str:
    match why:
        case "large":
            return tr("{0} is larger than {1} bytes: make it smaller.", file, MOST_BYTES["logo"])
        case "kind":
            return tr("{0} is no PNG, JPEG or SVG.", file)
        case "sides":
            return tr("{0} has too many pixels: make it smaller.", file)
        case "parts":
            return tr("{0} has scripts, links or pictures in it: save it as a PNG.", file)
    return tr("{0} cannot be drawn: save it anew as a PNG.", file)
