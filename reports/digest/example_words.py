"""Who does better at a weak element, in one line of a digest."""

from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import number
from reports.digest.composed import Digest, Example
from reports.digest.words import element_name

UNIT, DID = 40, 60  # characters


def example_text(digest: Digest, words: Words) -> str:
    """ "" where there is no example."""
    if not digest.examples:
        return ""
    element = element_name(digest, digest.examples[0].element, words)
    units = "; ".join(_unit(each, words) for each in digest.examples)
    return words.line(Line("digest.example", {"element": element, "units": units}))


def _unit(example: Example, words: Words) -> str:
    said = {"unit": cut(example.unit, UNIT), "mean": number(example.mean, words)}
    if not example.did:
        return words.line(Line("digest.example.unit", said))
    return words.line(Line("digest.example.did", {**said, "did": cut(example.did, DID)}))
