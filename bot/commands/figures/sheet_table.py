"""A published sheet in words, for people at a terminal."""

from collections.abc import Iterator

from bot.commands.figures.index_table import element_name, interval_line, sample_line, source_name
from flows.formats import number
from flows.instrument import Instrument
from flows.loader import instrument, words
from flows.operator_words import spoken, tr
from reports.disclosure import least
from reports.sheets.sheet import FIRST, Content, erased_since, shown_in, uncounted


def headline(content: Content, hash: bytes) -> Iterator[str]:
    """What was published, in a few lines."""
    unit, period = content["unit"], content["period"]["name"]
    yield tr("Sheet {0} · {1} ({2}) · {3}", content["number"], unit["name"], unit["code"], period)
    yield tr("{0} · {1:respondent|respondents}", _index(content["index"]), content["n"])
    if since := erased_since(content):
        yield tr("{0} erased since then; the figures stay as they were shown", since)
    if few := uncounted(content):
        yield tr(
            "{0:answer is|answers are} not counted: a difference would tell what few said.", few
        )
    if not shown_in(content).figures:
        yield (
            tr("Figures withheld: fewer than 5 responded.")
            if content["n"] < least()
            else tr("Figures withheld: with those shown before, they tell what 1 to 4 people said.")
        )
    yield f"SHA-256 {hash.hex()}"


def lines(content: Content, hash: bytes, erased: int) -> Iterator[str]:
    """All of it. `erased`: how many of its responses were erased since."""
    yield from headline(content, hash)
    yield tr("Previous: {0}", content["previous"] or tr("none"))
    yield tr("Published {0}", content["published"])
    if corrects := content["corrects"]:
        yield tr(
            "Corrects sheet {0}: {1:answer|answers} erased", corrects["number"], corrects["erased"]
        )
    if erased > erased_since(content):
        number_since = erased - erased_since(content)
        yield tr("Erased since publishing: {0:answer|answers}; this sheet stands", number_since)
    yield _rule(content)
    yield tr(
        "{0} · method {1} · {2}", content["instrument"], content["method"], content["rounding"]
    )
    yield from _statistics(content)
    yield from _elements(content)
    yield from _wordings(content)
    yield from _parts(content)
    yield from _radar(content["radar"])
    leaves = content["leaves"]
    yield tr("Tree of RFC 6962: {0:leaf|leaves}, root {1}", leaves["number"], leaves["root"])
    if rests := content.get("log"):
        yield tr("Rests on the log of {0:entry|entries}, root {1}", rests["size"], rests["root"])


def _rule(content: Content) -> str:
    if content["format"] == FIRST:
        return tr("Rule {0}: an index of all elements that were answered", FIRST)
    return tr("Rule {0}: an index of the elements that are shown", content["format"])


def _index(index: Content) -> str:
    if index["ikm"] is None:
        return "IKM –"
    grade = f" · {index['grade']} ({index['label']})" if index["grade"] else ""
    return f"IKM {number(index['ikm'], words(spoken()))}{grade}"


def _statistics(content: Content) -> Iterator[str]:
    index, sample = content["index"], content["sample"]
    if index["skm"]:
        yield f"SKM {number(index['skm'], words(spoken()))}"
    if index["ci95"]:
        yield interval_line(*index["ci95"])
    if index["alpha"]:
        yield tr("Cronbach's alpha {0}", number(index["alpha"], words(spoken())))
    if sample:
        yield sample_line(content["n"], sample, content["population"])


def _elements(content: Content) -> Iterator[str]:
    by = instrument(content["instrument"])
    since = {each["element"]: each["since"] for each in reversed(content["promised"])}
    means = content["index"]["elements"]  # canonical JSON has them by name
    for key, mean in ((key, means[key]) for key in dict.fromkeys(by.elements.values())):
        n = max(content["sums"][item]["n"] for item, of in by.elements.items() if of == key)
        shown = number(mean, words(spoken())) if mean else "–"
        marked = tr(" · what is promised changed {0}", since[key]) if key in since else ""
        yield "  " + tr("{0}: {1} · {2:answer|answers}", element_name(by, key), shown, n) + marked


def _wordings(content: Content) -> Iterator[str]:
    """Where services were asked in the unit's own words, or not asked at all."""
    by = instrument(content["instrument"])
    said = [each for asked in content["wordings"].values() for each in asked.items()]
    for service, wording in said:
        for item, answers in wording.get("options", {}).items():
            of = service, _named(by, item), " / ".join(answers)
            yield "  " + tr("the unit's words for {0}, {1}: {2}", *of)
        for item in wording.get("without", []):
            yield "  " + tr("not asked for {0}: {1}", service, _named(by, item))
        if "not_applicable" in wording:
            names = [_named(by, item) for item in wording["not_applicable"]] or [tr("none")]
            yield "  " + tr("may be “not applicable” for {0}: {1}", service, ", ".join(names))


def _named(by: Instrument, item: str) -> str:
    return element_name(by, by.elements[item])


def _parts(content: Content) -> Iterator[str]:
    for source, part in content["sources"].items():
        yield "  " + _part(source_name(source), part)
    verified = content["verified"]
    if verified["n"]:
        yield "  " + _part(tr("verified visits"), verified)
    if (visits := content.get("visits")) and (visits["issued"] or visits["used"]):
        yield "  " + tr("visit links: {0} issued, {1} used", visits["issued"], visits["used"])


def _part(name: str, of: Content) -> str:
    return tr("{0}: {1:respondent|respondents} · {2}", name, of["n"], _index(of))


def _radar(radar: Content | None) -> Iterator[str]:
    if radar is None:
        return
    for name, mark in radar["marks"].items():
        yield f"  {words(spoken()).texts[f'radar.name.{name}']}: {_number_of(mark)}"
    without = radar["without_marked"]
    if without["n"] is None:
        yield f"  {tr('without those marked')}: {words(spoken()).texts['radar.hidden']}"
    else:
        yield "  " + _part(tr("without those marked"), without)


def _number_of(mark: Content | None) -> str:
    if mark is None:
        return words(spoken()).texts["radar.hidden"]
    if not mark["checked"]:
        return tr("not checked")
    return tr("{0} of {1}", mark["n"], mark["checked"])
