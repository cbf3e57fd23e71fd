"""Typing is a tap where it says which button is meant: what was typed, read beside the screen.

The rules, in their order; the first that names one button decides:

1. Words equal to a label always mean that label; so does a name before " · ", if no other has it.
2. Other words for a label: the catalogue's, under the label's key and ".heard".
3. A number: the one that stands on a choice, or its place (`flows.engine.screen`). Where choices
   are ages or other ranges, the range it lies in.
4. A label with slips of spelling, or a part of it that no other label has. Two that are near are
   asked about, never guessed (`Typed.near`); so are the two of four answers between which a word
   such as "lumayan" lies.

What is asked back ("boleh dilewati?") is answered in a line and taken for nothing else; what ends
with a question mark names no button but by its label.

Where a text is asked, a text stays one: there only the first rule counts, and other words for what
passes over the question. So it is below an ending, where a unit may be named: but each button there
may be said otherwise.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product

from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation
from flows.engine.events import Asked, Edited, PersonEvent, Tapped, Typed
from flows.engine.form import SKIP_ALL, SKIPPED, Button, Form, Line, Step, asking
from flows.engine.input_parsing import written
from flows.engine.say import Words
from flows.engine.screen import BACK, ENDED, Screen, numbers, screen
from flows.engine.typed_words import meant_by, number_in, numbers_in

ASKED = 2  # near buttons are asked about; more are no help
LONG = 120  # characters; whoever writes more does not name a button
WAYS = 16  # in which a text with slips may be read
OLDEST = 120  # years
PASSES = (SKIPPED, SKIP_ALL, BACK.id)
_ABOUT = re.compile(r"\d\s*[+=]|[<>±~≈≥≤=]\s*\d")  # "17+" is no age
_RANGE = re.compile(r"(\d+)-(\d+|up)\Z")


def hear(form: Form, conversation: Conversation, event: PersonEvent, words: Words) -> PersonEvent:
    """A `Typed` that names a button of the present screen, or of what follows an ending, as that
    tap; a word such as "batal", where it can be no answer, as the command; anything else as it is,
    with the labels that it may have meant."""
    if isinstance(event, Edited):
        return _heard_anew(form, conversation, event, words)
    if not isinstance(event, Typed):
        return event
    shown, step = screen(form, conversation), asking(form, conversation)
    is_text = step is None or bool(step.writes or step.otherwise)
    if step and (asks := _asked_back(form, step, tidy(event.text), shown, words)):
        return replace(event, asks=asks)
    if step and _is_no_text(step, event, words):
        return replace(event, asks=Line("write"))
    found = _found(tidy(event.text), shown, words, is_text)
    if not found and step and step.otherwise and is_said("heard.yes", event, words):
        found = _only_row(conversation, shown)
    if len(found) == 1:
        return Tapped(event.id, event.at, conversation.id, found[0].step, found[0].choice)
    if step and is_said("heard.stop", event, words) and _is_no_answer(step, event):
        return Asked(event.id, event.at, "cancel")
    near = tuple(button.label for button in found) if len(found) == ASKED else ()
    wants = _wanted(form, event, words) if step and not (found or is_text) else None
    return replace(event, near=near, asks=wants)


def _wanted(form: Form, event: Typed, words: Words) -> Line | None:
    """How to pass over a question, or to correct another, for whoever tries to do it at one where
    no button does."""
    if not form.asks or len(event.text) > LONG:
        return None
    said, passing = words.bare(event.text), ("skip.heard", "skip_all.heard")
    if any(is_said(key, event, words) for key in passing):
        return Line(f"{form.asks}.skip")
    corrects = any(
        said == each or _within(each, said) for each in words.phrases("heard.correcting")
    )
    return Line(f"{form.asks}.wrong") if corrects else None


def _asked_back(form: Form, step: Step, text: str, shown: Screen, words: Words) -> Line | None:
    """The answer to what somebody asks instead of answering. In a text a question is one only
    where nothing else is said."""
    if not form.asks or _by_label(_plain(text), (*shown.choices, *shown.moves), words):
        return None
    said, is_text = words.bare(text), bool(step.writes)
    for topic in words.listed(form.asks):
        key = f"{form.asks}.{topic}"
        phrases = words.phrases(f"{key}.heard")
        if said in phrases or (not is_text and any(_within(each, said) for each in phrases)):
            of_step = f"{key}.{step.text.key}"
            return Line(of_step if of_step in words.texts else key)
    return None


def _is_no_text(step: Step, event: Typed, words: Words) -> bool:
    """Whether somebody wants to pass over what cannot be passed over."""
    passes = any(choice.id in PASSES for choice in step.choices)
    return bool(step.writes) and not passes and is_said("skip.heard", event, words)


def _is_no_answer(step: Step, event: Typed) -> bool:
    """A code or a day is asked, or a choice: what is typed cannot be taken for a text."""
    is_text = step.writes and not step.offers
    return not is_text or isinstance(written(step, tidy(event.text), event.at), Line)


def _within(phrase: Sequence[str], said: Sequence[str]) -> bool:
    """Whether its words are said in their order, with a few others."""
    left = iter(said)
    return 1 < len(phrase) >= len(said) - 3 and all(word in left for word in phrase)


def _only_row(conversation: Conversation, shown: Screen) -> list[Button]:
    """What a search found, where it is one: whoever says yes to it looks for nothing else."""
    step = shown.choices[0].step
    rows = {row["id"] for row in conversation.offered.get(step, ())}
    return [button for button in shown.choices if button.choice in rows] if len(rows) == 1 else []


def _heard_anew(form: Form, conversation: Conversation, event: Edited, words: Words) -> PersonEvent:
    """At the step that the message answered, whatever is asked now."""
    at = conversation.but(revisit=event.answers(conversation))
    step = asking(form, at)
    if step is None or step.id != at.revisit or not step.revisable:
        return event
    shown = replace(screen(form, at), moves=())
    found = _found(tidy(event.text), shown, words, bool(step.writes or step.otherwise))
    if len(found) != 1:
        return event
    return Tapped(event.id, event.at, conversation.id, step.id, found[0].choice)


def is_said(key: str, event: PersonEvent, words: Words) -> bool:
    """Whether somebody typed one of the words that the catalogue lists under `key`, or several."""
    if not isinstance(event, Typed) or len(event.text) > LONG:
        return False
    beside = {*words.listed("heard.beside_thanks")}
    said = words.bare(event.text)
    return _is_listed([word for word in said if word not in beside] or said, key, words)


def _found(text: str, shown: Screen, words: Words, is_text: bool) -> list[Button]:
    """The button that is meant, or those that may be."""
    buttons = (*shown.choices, *shown.moves)
    if named := _by_label(_plain(text), buttons, words):
        return [named]
    if len(begun := _by_name(_plain(text), shown.choices, words)) == 1:
        return begun
    if len(text) > LONG or text.endswith("?"):
        return []
    said = _without_thanks(words.bare(text), words)
    passing = [b for b in buttons if not is_text or b.choice in PASSES or b.step == ENDED]
    if other := [b for b in passing if _is_said_otherwise(said, b, words)]:
        return other[:ASKED]
    if same := [b for b in buttons if said in _labels(b, words)]:
        undenied = _undenied(text, words)
        return [*same, *(b for b in buttons if undenied in _labels(b, words))][:ASKED]
    if _ABOUT.search(text):
        return []
    if button := _by_number(said, shown, words):
        return [button]
    return [] if is_text else _in_words(text, said, shown, words)


def _in_words(text: str, said: list[str], shown: Screen, words: Words) -> list[Button]:
    """With slips or in part; of what stands between two answers both."""
    buttons = (*shown.choices, *shown.moves)
    scale = [button for button in shown.choices if button.label.key == "numbered"]
    if scale and (both := _by_two_numbers(said, shown, words)):
        return both
    if scale and len(said) > 1 and said[0] in words.listed("heard.agreeing"):
        said = said[1:]  # "ya, sudah sesuai" agrees to nothing
    found = _near(said, buttons, words) or _between(said, scale, words)
    other = _near(_undenied(text, words), buttons, words) if found else []
    return [*found, *(button for button in other if button not in found)]


def _without_thanks(said: list[str], words: Words) -> list[str]:
    """What is said before or after them; thanks alone are left."""
    beside, end = {*words.listed("heard.beside_thanks")}, len(said)
    while end and said[end - 1] in beside:
        end -= 1
    for thanks in words.phrases("heard.thanks"):
        before, after = said[: end - len(thanks)], said[len(thanks) :]
        if before and said[len(before) : end] == thanks:
            return before
        if said[: len(thanks)] == thanks and not beside.issuperset(after):
            return after
    return said


def _undenied(text: str, words: Words) -> list[str]:
    """What is said besides a "tidak" that stands by itself; empty where none does."""
    degrees, parts = {*words.listed("heard.degrees")}, words.parts(text)
    rest = [part for part in parts if not degrees.issuperset(part)]
    return [word for part in rest for word in part] if len(rest) < len(parts) else []


def _by_label(said: str, buttons: Iterable[Button], words: Words) -> Button | None:
    return next((b for b in buttons if said and said in map(_plain, _names(b.label, words))), None)


def _labels(button: Button, words: Words) -> list[list[str]]:
    """Its labels as words, without fillers."""
    labels = (words.bare(name) for name in _names(button.label, words))
    return [label for label in labels if label]


def _by_name(said: str, choices: Iterable[Button], words: Words) -> list[Button]:
    """Those of which it is all that stands before the first " · ": of "Samsat Batam Centre · Batam"
    the unit's name."""
    names = ((b, _plain(words.line(b.label).partition(" · ")[0])) for b in choices)
    return [b for b, name in names if said and said == name]


def _names(label: Line, words: Words) -> list[str]:
    """Its words; of a numbered one also those without the number, at the end."""
    inner = label.params.get("label")
    lines = [label, *([inner] if isinstance(inner, Line) else [])]
    return [words.line(line) for line in lines]


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .,!)‹›").split())


def _is_said_otherwise(said: Sequence[str], button: Button, words: Words) -> bool:
    """As one of the other words, or as several of them: "ya, setuju"."""
    inner = button.label.params.get("label")
    label = inner if isinstance(inner, Line) else button.label
    return _is_listed(said, f"{label.key}.heard", words)


def _is_listed(said: Sequence[str], key: str, words: Words) -> bool:
    others = words.phrases(key)
    return bool(said) and (said in others or all([word] in others for word in said))


def _by_number(said: Sequence[str], shown: Screen, words: Words) -> Button | None:
    ranges = {span: b for b in shown.choices if (span := _range(b))}
    beside = words.listed("heard.beside_age" if ranges else "heard.beside_number")
    named = (words.listed("heard.numbers"), words.listed("heard.ordinals"))
    found = (number_in(said, beside, names) for names in named)
    number = next((each for each in found if each is not None), None)
    if number is None:
        return None
    if ranges:
        return next((b for (low, high), b in ranges.items() if low <= number <= high), None)
    return numbers(shown).get(number)


def _by_two_numbers(said: Sequence[str], shown: Screen, words: Words) -> list[Button]:
    """Both that are named: "3 atau 4", "4 trus 3"."""
    beside = words.listed("heard.beside_number") + words.listed("heard.beside_two")
    named = numbers_in(said, beside, words.listed("heard.numbers"))
    there = numbers(shown)
    both = [there[number] for number in dict.fromkeys(named) if number in there]
    return both if len(both) == len(named) == ASKED else []


def _range(button: Button) -> tuple[int, int] | None:
    found = _RANGE.match(button.choice)
    if not found or found[1] not in button.label.key:
        return None
    return int(found[1]), OLDEST if found[2] == "up" else int(found[2])


def _near(said: list[str], buttons: Sequence[Button], words: Words) -> list[Button]:
    """Those whose label is said with slips, or in part. A bare number means only the label that
    begins with it: "3" is not the button that says "3 dari 9" at its end."""
    of = [(b, words.bare(_names(b.label, words)[-1])) for b in buttons]
    if all(word.isdecimal() for word in said):
        of = [(b, label) for b, label in of if label[: len(said)] == said]
    vocabulary = {word for _, label in of for word in label}
    read = [_corrected(word, vocabulary, words) for word in said]
    if not read or not all(read):
        return []
    ways = [list(way) for way in islice(product(*read), WAYS)]
    whole = [b for b, label in of if any(_are_same(way, label, words) for way in ways)]
    if whole:
        return whole
    numbered = [(b, label) for b, label in of if b.label.key == "numbered"]
    if numbered:
        return _by_degree(ways, numbered, words)
    return [b for b, label in of if b.step == buttons[0].step and any(_in(w, label) for w in ways)]


def _are_same(said: Sequence[str], label: Sequence[str], words: Words) -> bool:
    """In any order, but what says no stands where the label has it: "ramah tidak sopan" says less
    than "tidak sopan dan ramah"."""
    return sorted(said) == sorted(label) and _says_no_alike(said, label, words)


def _says_no_alike(said: Sequence[str], label: Sequence[str], words: Words) -> bool:
    degrees = {*words.listed("heard.degrees")}
    at = [place for place, word in enumerate(label) if word in degrees]
    return all(said[place : place + 1] == [label[place]] for place in at)


def _corrected(word: str, vocabulary: set[str], words: Words) -> list[str]:
    """What may be meant among the words that there are. A word that the language has is no slip."""
    if word in vocabulary:
        return [word]
    return [] if word in words.known() else sorted(meant_by(word, vocabulary))


def _by_degree(
    ways: Sequence[Sequence[str]], numbered: Sequence[tuple[Button, list[str]]], words: Words
) -> list[Button]:
    """Of answers such as "Kurang sesuai, Sesuai, Sangat sesuai": by the words in which they differ
    alone, or with some of those that all have. What also means "no", or only strengthens, is no
    such word alone."""
    common = set.intersection(*(set(label) for _, label in numbered))
    alone = {*words.listed("heard.no"), *words.listed("heard.not_alone")}
    if not common or any(" ".join(way) in alone for way in ways):
        return []
    found = []
    for button, label in numbered:
        degree = sorted(set(label) - common)
        if any(
            sorted(set(way) - common) == degree
            and _in(way, label)
            and _says_no_alike(way, label, words)
            for way in ways
        ):
            found.append(button)
    return found


def _between(said: Sequence[str], numbered: Sequence[Button], words: Words) -> list[Button]:
    """Of four answers from low to high the two between which the words lie: "lumayan" says the
    middle ones, "lama" the low ones where quick is asked, two that are both named are those."""
    scale = [(button, set(_labels(button, words)[-1])) for button in numbered]
    if len(scale) != 4 or not said:
        return []
    common = set.intersection(*(label for _, label in scale))
    named = [b for b, label in scale if label <= {*said}]
    if len(named) == ASKED and all(any(w in label for _, label in scale) for w in said):
        return named
    rest, middling = (
        [word for word in said if word not in common],
        {*words.listed("heard.middling")},
    )
    if rest and all(word in middling for word in rest):
        return [button for button, _ in scale[1:3]]
    if common and (half := _praised(said, rest, words)):
        return [button for button, _ in scale[half]]
    opposite = dict(pair.split("=") for pair in words.listed("heard.opposites"))
    low = [word for word in rest if opposite.get(word) in common]
    strong = {*middling, *words.listed("heard.not_alone")}
    if low and all(word in low or word in strong for word in rest):
        return [button for button, _ in scale[:2]]
    return []


def _praised(said: Sequence[str], rest: Sequence[str], words: Words) -> slice | None:
    """Where on a scale praise or blame lies that is said in a general word: "baik", "kurang puas".
    `rest`: what is said in words that no answer has in common."""
    praise, middling, denied = (
        {*words.listed(key)} for key in ("heard.praise", "heard.middling", "heard.degrees")
    )
    strong, other = {*words.listed("heard.not_alone")}, {*rest} - praise
    if other == {*rest} or not other <= middling | denied | strong:
        return None
    if other & denied:
        return slice(0, 2) if [*rest] == [*said] else None
    return slice(1, 3) if other & middling else slice(2, 4)


def _in(said: Sequence[str], label: Sequence[str]) -> bool:
    return all(said.count(word) <= label.count(word) for word in said)
