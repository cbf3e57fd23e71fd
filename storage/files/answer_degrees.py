"""Four answers in a form's own words, read by their degrees: "tidak puas, kurang puas, puas,
sangat puas" are 1 to 4, as the questionnaire's own are (PermenPANRB 14/2017: tidak sesuai … sangat
sesuai).

What such words mean is offered to whoever sends the table, and never taken without asking: the
form may have meant otherwise. Nothing is offered where the words fit two scales: without "kurang",
"tidak puas" may be the lowest of four or stand above "sangat tidak puas"; "cukup" beside "kurang"
makes five; a number in the cell may say the contrary; "SP, P, KP, TP" and "SB, B, KB, TB" stand
beside each other.
"""

import re
from collections.abc import Iterable, Sequence

from storage.files.found_table import names_of

LOWEST = ("sangat tidak", "sangat kurang")
LOW = ("tidak", "kurang", "cukup")
_SHORT = re.compile(r"(st|[stkc]|)([pbm])")  # of puas, baik, mudah
_IN_FULL = {"st": "sangat tidak", "s": "sangat", "t": "tidak", "k": "kurang", "c": "cukup", "": ""}
_DEGREES = (*LOWEST, "sangat", *LOW, "")


def by_degree(cells: Iterable[Sequence[str]]) -> dict[str, int]:
    """Words → 1 to 4, of cells that are given as their parts, `plain`: words, or a number. Cells in
    which something else stands are left out; empty where the scale is not clear."""
    found, beside = dict[str, str](), set[tuple[str, int]]()
    for parts in cells:
        texts = [part for part in parts if not part.isdecimal()]
        degree = _degree(texts[0]) if len(texts) == 1 else None
        if degree is not None:
            found[texts[0]] = degree
            beside |= {(texts[0], int(part)) for part in parts if part.isdecimal()}
    scales = {short[2] for text in found if (short := _SHORT.fullmatch(text))}
    values = _scale({*found.values()}) if len(scales) < 2 else {}
    read = {text: values[degree] for text, degree in found.items() if degree in values}
    says_other = any(read.get(text) != number for text, number in beside)
    return {} if says_other or len({*read.values()}) == 1 else read


def _degree(text: str) -> str | None:
    """What stands before a word that is the better the more there is of it; None of others."""
    if short := _SHORT.fullmatch(text):
        return _IN_FULL[short[1]]
    good = names_of("degrees")["of"]
    return next((each for each in _DEGREES for of in good if f"{each} {of}".strip() == text), None)


def _scale(seen: set[str]) -> dict[str, int]:
    lowest = [degree for degree in LOWEST if degree in seen]
    low = [degree for degree in LOW if degree in seen]
    high = {"": 3, "sangat": 4}
    match lowest, low:
        case [worst], []:
            return {worst: 1, **high}
        case [worst], [second]:
            return {worst: 1, second: 2, **high}
        case [], ["tidak", second]:
            return {"tidak": 1, second: 2, **high}
        case [], ["kurang"]:
            return {"kurang": 2, **high}
        case [], []:
            return high
    return {}
