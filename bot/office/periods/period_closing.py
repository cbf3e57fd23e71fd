"""A period that is over is closed in chat, as `skm publish` does it: first what its sheet will show
and what it withholds, with the figures that digests told already; then for good."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from bot.core.turns.turn_context import TurnContext
from flows.commands import PERIOD, REPORT, announce
from flows.engine.conversation import Conversation
from flows.engine.events import Noted, Told, Unfit
from flows.engine.form import Line
from flows.engine.say import Words
from flows.formats import number
from flows.loader import instrument, words
from flows.office.period import SHEET
from reports.disclosure import least
from reports.official_report.gathered import of_weeks
from reports.sheets.publish import Made, PublishRefused, made, publish
from reports.sheets.sheet import Content, erased_since, shown_in, uncounted
from reports.statistics.index import rounded
from storage.answers.receipts import canonical
from storage.index import sheets
from storage.office import audit
from storage.periods import parse
from storage.units import Unit

FEW = 200  # responses whose sheet is made at once
VERSION = "version"  # in `about`: of the sheet that was looked at


def preview(context: TurnContext, talk: Conversation, unit: Unit, period: str) -> Noted | Unfit:
    """What the sheet will show and what it will not, or why there can be none yet."""
    try:
        ready = _made(context, unit, period)
    except PublishRefused as refused:
        return Unfit("do", refused.why)
    known = _told_before(context.connection, unit, ready.content, context.at, words(talk.language))
    return Noted({**talk.about, **_told(ready.content, known, talk.language)})


def close(context: TurnContext, talk: Conversation, unit: Unit, period: str) -> Told | Unfit:
    """Of a `locked` unit, and only the sheet that was looked at. Of two at once one is told that it
    is published already."""
    try:
        ready = _made(context, unit, period)
        known = _told_before(
            context.connection, unit, ready.content, context.at, words(talk.language)
        )
        now = _told(ready.content, known, talk.language)
        if now[VERSION] != talk.about.get(VERSION):
            return Unfit("publish", Line("period.changed"), about=now)
        content = publish(context.connection, unit, parse(period), context.at, ready)
    except PublishRefused as refused:
        again = {"id": "again", "key": "period.again", "opening": f"{PERIOD} {unit.code}"}
        return Told("period.refused", {"why": words(talk.language).line(refused.why)}, [again])
    by, after = (context.by, {"period": period, "sheet": content["number"]})
    audit.note(context.connection, context.at, by, "run_periods", unit.scope, after=after)
    return _closed(unit, content, talk.language)


def _made(context: TurnContext, unit: Unit, period: str) -> Made:
    """The sheet; of many responses it takes seconds. Raises PublishRefused, NotReady."""
    wanted = parse(period)

    def make(connection: Connection) -> Made | PublishRefused:
        try:
            return made(connection, unit, wanted, context.at)
        except PublishRefused as refused:
            return refused

    if sheets.has_many(context.connection, unit.id, wanted.first, wanted.last, FEW):
        found = context.made_before(("sheet", unit.code, period), make)
    else:
        found = make(context.connection)
    if isinstance(found, PublishRefused):
        raise found
    return found


def _closed(unit: Unit, content: Content, language: str) -> Told:
    index, spoken = content["index"], words(language)
    period = content["period"]["name"]
    said = {"period": period, "number": str(content["number"])}
    said |= {"unit": unit.name, "n": str(content["n"])}
    next_to_do = [
        {"id": "report", "key": "digest.button.report", "opening": f"{REPORT} {unit.code}"},
        {"id": "announce", "key": "announce.new", "opening": announce(unit.code, period)},
    ]
    if index["ikm"] is None:
        return Told("period.closed.bare", said, next_to_do)
    grade = spoken.line(Line(f"digest.grade.{index['grade']}"))
    said |= {"ikm": number(index["ikm"], spoken), "grade": index["grade"], "label": grade}
    return Told("period.closed", said, next_to_do)


def _told(content: Content, known: Iterable[Line], language: str) -> dict[str, str]:
    """Its words, and what it is known by when the button below them is tapped."""
    spoken = words(language)
    same: dict[str, Any] = {**content, "published": None}
    return {
        SHEET: "\n".join(spoken.line(line) for line in (*sheet_lines(content), *known)),
        VERSION: hashlib.sha256(canonical(same)).hexdigest()[:16],
    }


def _told_before(
    connection: Connection, unit: Unit, content: Content, at: int, spoken: Words
) -> Iterator[Line]:
    """The period's figures as far as digests told them. The sheet's own are not shown before it is
    for good: whoever looked at them twice could read from the difference what came between."""
    period = parse(content["period"]["name"])
    report = of_weeks(connection, unit, period, at) if shown_in(content).figures else None
    index = report.figures.headline if report else None
    if report is None or index is None:
        return
    told = {"told": report.figures.n, "n": content["n"], "ikm": number(index.ikm, spoken)}
    grade = Line(f"digest.grade.{index.grade}")
    yield Line("period.sheet.told", {**told, "grade": index.grade or "", "label": grade})
    means = {each.key: each.mean for each in report.figures.elements if each.mean is not None}
    if report.weakest:
        weakest = tuple(
            Line("period.sheet.mean", {
                "element": Line(f"{report.instrument}.{key}.name"),
                "mean": number(rounded(means[key], 2), spoken),
            })
            for key in report.weakest
        )  # fmt: skip
        yield Line("period.sheet.weakest", {"elements": weakest})


def sheet_lines(content: Content) -> Iterator[Line]:
    """What a sheet to come will show, and what it will not and why; never a figure."""
    shown, n = shown_in(content), content["n"]
    unit, period = content["unit"]["name"], content["period"]["name"]
    yield Line("period.sheet", {"unit": unit, "period": period, "n": n})
    if content["sample"] and not content["sample"]["enough"]:
        yield Line("period.sheet.sample", {"needed": content["sample"]["needed"]})
    if since := erased_since(content):
        yield Line("period.sheet.erased", {"count": since})
    if not shown.figures:
        yield Line(
            "period.hidden.few" if n < least() else "period.hidden.differs", {"least": least()}
        )
        return
    yield Line("period.shown")
    if few := uncounted(content):
        yield Line("period.uncounted", {"n": few})
    if hidden := _hidden_elements(content):
        names = tuple(Line(f"{content['instrument']}.{key}.name") for key in hidden)
        yield Line("period.hidden.some", {"elements": names, "least": least()})
    if not shown.parts and _has_parts(content):
        yield Line("period.hidden.parts", {"least": least()})
    if content["radar"] is not None and not shown.marked:
        yield Line("period.hidden.marked", {"least": least()})


def _hidden_elements(content: Content) -> list[str]:
    """Those that the release rule withholds; not those that nobody answered."""
    by, means = instrument(content["instrument"]), content["index"]["elements"]
    answered = {of for item, of in by.elements.items() if content["sums"][item]["n"]}
    keys = dict.fromkeys(by.elements.values())
    return [key for key in keys if means[key] is None and key in answered]


def _has_parts(content: Content) -> bool:
    return len(content["sources"]) > 1 or 0 < content["verified"]["n"] < content["n"]
