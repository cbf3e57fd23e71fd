"""Pages that are text: how figures are made, what data there is, and the check of a receipt."""

import json
from functools import partial

from reports.site.catalogue import Catalogue
from reports.site.rendering import Writer
from reports.site.unit_pages import Pages
from storage.answers.receipts import EXAMPLE

HOW = ("index", "grade", "sample", "interval", "hidden", "ranking", "radar", "frozen")
LINES = 3  # at most, of a part
SAID = (
    *("code", "sheet", "missing", "listed", "unlisted", "root", "root.wrong"),
    *("log", "log.none", "log.unnamed", "log.unsigned", "log.wrong"),
    *("signed", "signed.wrong", "fault"),
)
DATA = (
    ("data/units.csv", "units"),
    ("data/units.json", "units"),
    ("data/ranking.json", "ranking"),
    ("data/datapackage.json", "package"),
    ("openapi.json", "openapi"),
    ("feed.atom", "feed"),
)


def pages(writer: Writer, catalogue: Catalogue, logged: bool) -> Pages:
    """`logged`: whether there is a log to link to."""
    return {
        writer.file("cara/"): partial(_how, writer),
        writer.file("data/"): partial(_data, writer, catalogue, logged),
        writer.file("periksa/"): partial(_check, writer, logged),
    }


def _how(writer: Writer) -> bytes:
    parts = [(writer.say(f"how.{part}"), _lines(writer, f"how.{part}"), ()) for part in HOW]
    title = writer.say("menu.how")
    return writer.page("text.html", "cara/", title=title, heading=title, parts=parts)


def _lines(writer: Writer, key: str) -> list[str]:
    numbered = (f"{key}.{number}" for number in range(1, LINES + 1))
    return [writer.say(each) for each in numbered if f"site.{each}" in writer.words.texts]


def _data(writer: Writer, catalogue: Catalogue, logged: bool) -> bytes:
    files = [(path, path, writer.say(f"data.{what}")) for path, what in DATA]
    by_period = [
        (f"data/{name}/{file}", f"data/{name}/{file}", writer.period(name))
        for name in catalogue.periods
        for file in ("sheets.csv", "sheets.json", "elements.csv")
    ]
    log = [
        (f"log/{name}", f"log/{name}", "")
        for name in ("checkpoint", "key.txt", "entries.txt", "verify_skm.py")
    ]
    parts = [
        ("", _lines(writer, "data.about"), ()),
        (writer.say("data.licence"), _lines(writer, "data.licence"), ()),
        (writer.say("data.files"), _lines(writer, "data.files"), files),
        (writer.say("data.periods"), (), by_period),
    ]
    if logged:
        parts.append((writer.say("data.log"), _lines(writer, "data.log"), log))
    title = writer.say("menu.data")
    return writer.page("text.html", "data/", title=title, heading=title, parts=parts)


def _check(writer: Writer, logged: bool) -> bytes:
    said = {key: writer.words.texts[f"site.check.said.{key}"] for key in SAID}
    return writer.page(
        "check.html",
        "periksa/",
        title=writer.say("check"),
        said=json.dumps(said, ensure_ascii=False),
        example=EXAMPLE,
        logged=logged,
        script="check.js",
    )
