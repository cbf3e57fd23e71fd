"""What keeps somebody from a page, found in its HTML and its colours, by the rules of WCAG 2.2 that
need no browser: https://www.w3.org/TR/WCAG22/. How it is drawn, and what a script does, is not
seen."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {
    *[
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
}
# May be left open: https://html.spec.whatwg.org/multipage/syntax.html#optional-tags
OPEN = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "thead", "tbody", "colgroup"}
FIELDS = ("input", "select", "textarea")
UNNAMED = ("hidden", "submit", "button", "reset", "image")  # inputs that need no label
FOCUSABLE = ("a", "button", "summary", *FIELDS)
LEAST, LEAST_DRAWN = 4.5, 3.0  # 1.4.3 of text; 1.4.11 of what is drawn


@dataclass
class Element:
    """`within`: its parents, the nearest last; `words`: all that is said in it, also by `alt`."""

    tag: str
    given: dict[str, str]
    within: tuple["Element", ...]
    words: str = ""

    @property
    def id(self) -> str:
        return self.given.get("id", "")

    def is_in(self, tag: str) -> bool:
        return any(each.tag == tag for each in self.within)


@dataclass
class _Page(HTMLParser):
    all: list[Element] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if len(given) != len(attributes):
            self.faults.append(f"<{tag}> says an attribute twice")
        this = Element(tag, given, tuple(self._open))
        self.all.append(this)
        self._say(given.get("alt", ""))
        if tag not in VOID:
            self._open.append(this)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._say(data)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open[-1].tag != tag and self._open[-1].tag in OPEN:
            self._open.pop()
        if tag in VOID or not self._open or self._open[-1].tag != tag:
            self.faults.append(f"</{tag}> closes nothing")
        else:
            self._open.pop()

    def _say(self, words: str) -> None:
        for each in self._open:
            each.words += words


def faults(html: str) -> list[str]:
    """What is wrong with a page, in words; none where nothing is found."""
    page = _Page()
    page.feed(html)
    page.close()
    checks = (_whole, _ids, _named, _grouped, _headed, _moving)
    return [*page.faults, *(fault for check in checks for fault in check(page.all))]


def _whole(page: list[Element]) -> list[str]:
    """A language (3.1.1), a title (2.4.2), text that can be enlarged (1.4.4)."""
    root = [each.given.get("lang", "") for each in page if each.tag == "html"]
    titles = [e.words.strip() for e in page if e.tag == "title" and not e.is_in("svg")]
    views = [each.given.get("content", "") for each in page if each.given.get("name") == "viewport"]
    return [
        *(["the page has no language"] if len(root) != 1 or not root[0] else []),
        *(["the page has no title"] if len(titles) != 1 or not titles[0] else []),
        *("it cannot be enlarged" for v in views if re.search(r"user-scalable=(no|0)|maximum", v)),
        *(["it has not one main part"] if sum(e.tag == "main" for e in page) != 1 else []),
    ]


def _ids(page: list[Element]) -> list[str]:
    """Each is there once, and whatever is referred to (1.3.1, 4.1.2)."""
    ids = [each.id for each in page if "id" in each.given]
    refers = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
    meant = {id for each in page for name in refers for id in each.given.get(name, "").split()}
    return [
        *(f"the id “{id}” is there twice" for id in sorted({i for i in ids if ids.count(i) > 1})),
        *(f"there is no id “{id}”" for id in sorted(meant - {*ids})),
    ]


def _named(page: list[Element]) -> list[str]:
    """Fields, buttons, links and pictures say what they are (1.1.1, 2.4.4, 4.1.2)."""
    found = [f"a field has no label: {_shown(e)}" for e in page if _is_field(e)
             and not _label(e, page)]  # fmt: skip
    for each in page:
        spoken = each.words.strip() or _own_name(each, page)
        if each.tag in ("button", "summary") and not spoken:
            found.append(f"a button says nothing: {_shown(each)}")
        if each.tag == "a" and "href" in each.given and not spoken:
            found.append(f"a link says nothing: {_shown(each)}")
        if each.tag == "img" and "alt" not in each.given:
            found.append(f"a picture has no words: {_shown(each)}")
        if each.given.get("role") == "img" and not _own_name(each, page):
            found.append(f"a picture has no words: {_shown(each)}")
    return found


def _is_field(each: Element) -> bool:
    return each.tag in FIELDS and each.given.get("type", "text") not in UNNAMED


def _own_name(each: Element, page: list[Element]) -> str:
    by = each.given.get("aria-labelledby", "").split()
    said = " ".join(other.words for other in page if other.id in by)
    return (each.given.get("aria-label") or each.given.get("title") or said).strip()


def _label(each: Element, page: list[Element]) -> str:
    of = [other for other in page if other.tag == "label" and other.given.get("for") == each.id]
    around = [other for other in each.within if other.tag == "label"]
    return _own_name(each, page) or " ".join(label.words for label in (*of, *around)).strip()


def _grouped(page: list[Element]) -> list[str]:
    """Fields that belong together say of what (1.3.1): a fieldset begins with its legend, radio
    buttons have one; cells have headings; items are in lists."""
    found = []
    for number, each in enumerate(page):
        inside = page[number + 1 : number + 2]
        if each.tag == "fieldset" and not (inside and inside[0].tag == "legend"):
            found.append("a fieldset does not begin with its legend")
        if each.tag == "legend" and not each.words.strip():
            found.append("a legend says nothing")
        if each.given.get("type") == "radio" and not each.is_in("fieldset"):
            found.append(f"a choice is in no fieldset: {_shown(each)}")
        if each.tag == "li" and not (each.is_in("ul") or each.is_in("ol")):
            found.append("an item is in no list")
        if each.tag == "table" and not any(t.tag == "th" and each in t.within for t in page):
            found.append("a table has no headings")
    return found


def _headed(page: list[Element]) -> list[str]:
    """One heading of the page, and none below that leaves a level out (1.3.1, 2.4.6)."""
    heads = [each for each in page if re.fullmatch(r"h[1-6]", each.tag)]
    levels = [int(each.tag[1]) for each in heads]
    return [
        *(["it has not one h1"] if levels.count(1) != 1 else []),
        *("a heading says nothing" for each in heads if not each.words.strip()),
        *(
            f"h{after} follows h{before}"
            for before, after in zip([0, *levels], levels, strict=False)
            if after > before + 1
        ),
    ]


def _moving(page: list[Element]) -> list[str]:
    """Nothing happens by itself (2.2.1), nor in another order than it is read (2.4.3), nor where
    nobody hears it (4.1.2), nor is one thing to be pressed in another."""
    found = []
    for each in page:
        hidden = [e for e in (*each.within, each) if e.given.get("aria-hidden") == "true"]
        place = each.given.get("tabindex", "")
        if each.given.get("http-equiv", "").lower() == "refresh":
            found.append("it changes by itself")
        if place.isdigit() and int(place) > 0:
            found.append(f"it is reached out of order: {_shown(each)}")
        is_pressed = each.tag in FOCUSABLE and each.given.get("type") != "hidden"
        if is_pressed and hidden and place != "-1" and "disabled" not in each.given:
            found.append(f"it can be reached and is not heard: {_shown(each)}")
        if is_pressed and any(e.tag in ("a", "button") for e in each.within):
            found.append(f"it is to be pressed within another: {_shown(each)}")
    return found


def _shown(each: Element) -> str:
    said = " ".join(f'{name}="{value[:40]}"' for name, value in each.given.items())
    return f"<{each.tag} {said}> {each.words.strip()[:40]}".strip()


def contrast(one: str, other: str) -> float:
    """Of two colours, #rgb or #rrggbb: 1 (the same) to 21 (black and white).
    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * each for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def themes(css: str) -> dict[str, dict[str, str]]:
    """The named colours of a style sheet, by theme: the dark one has what it says anew."""
    found = re.findall(r"(prefers-color-scheme:\s*dark\)\s*\{)?:root\{([^}]*)\}", css)
    light = dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", found[0][1]))
    dark = next(said for is_dark, said in found if is_dark)
    return {"light": light, "dark": light | dict(re.findall(r"--([\w-]+):(#[0-9a-f]+)", dark))}


def faint(css: str, texts: str, drawn: str) -> list[str]:
    """Pairs "ink/paper link/paper" that are too near to each other in one of the themes: of
    `texts`, and of what is `drawn`, such as the border of a field."""
    pairs = [*((pair, LEAST) for pair in texts.split()),
             *((pair, LEAST_DRAWN) for pair in drawn.split())]  # fmt: skip
    found = []
    for theme, colours in themes(css).items():
        for pair, least in pairs:
            ratio = contrast(*(colours[name] for name in pair.split("/")))
            if ratio < least:
                found.append(f"{theme} {pair}: {ratio:.2f}, not {least}")
    return found
