"""The catalogues are whole: every key that code uses, in both languages, and none besides."""

import ast
import re
import string
from collections.abc import Iterator

import pytest

from bot.dialogues import DIALOGUES
from flows.asides import ASIDES, speaking
from flows.engine.form import Line, Step
from flows.instrument import Questionnaire
from flows.loader import (
    ALWAYS,
    SKM,
    catalogues,
    ids_of,
    instrument,
    instrument_ids,
    missing,
    offered,
    read_po,
    words,
)
from flows.loader import LANGUAGES as LANGUAGES_THERE_ARE
from flows.survey.form import survey_form
from tests.support.instruments import CURRENT
from tests.support.paths import ROOT

SURVEY = survey_form(Questionnaire(CURRENT), instrument(CURRENT))
FORMS = (SURVEY, *DIALOGUES.forms.values())
LONGEST = 15  # words of a sentence
TO_HEADS = ("digest.", "radar.")  # read at a desk; their own tests measure them
LANGUAGES = ("id", "en")
_SAID = re.compile(r'said\("([\w.]+)"\)')


def official() -> set[str]:
    """Keys whose Indonesian words are an instrument's own."""
    return {key for name in instrument_ids() for key in instrument(name).texts()}


def code() -> Iterator[ast.AST]:
    for package in ("flows", "bot", "reports", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def keys_of_lines() -> set[str]:
    """Keys written out in code as Line("…")."""
    return {
        node.args[0].value
        for node in code()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Line"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def keys_of_forms() -> set[str]:
    """Keys of every step, choice, title and ending of the forms."""
    steps = [step for form in FORMS for step in form.steps]
    keys = {key for step in steps for line in lines_of(step) for key in keys_in(line)}
    keys |= {"survey.consent.more"}
    for form in (form for form in FORMS if form.asks):
        topics = {f"{form.asks}.{each}" for each in words("id").listed(form.asks)}
        of_steps = {f"{topic}.{step.text.key}" for topic in topics for step in form.steps}
        keys |= {form.asks, *topics, *(of_steps & words("id").texts.keys())}
    keys |= {f"menu.{each.command[1:]}" for each in DIALOGUES.all if each.menu}
    return keys | {f"{form.id}.{status}" for form in FORMS for status in endings(form.steps)}


def lines_of(step: Step) -> Iterator[Line]:
    yield from (step.text, *(choice.label for choice in step.choices))
    if step.title:
        yield step.title


def keys_in(line: Line) -> Iterator[str]:
    yield line.key
    for value in line.params.values():
        if isinstance(value, Line):
            yield from keys_in(value)


def endings(steps: tuple[Step, ...]) -> set[str]:
    closing = {choice.id for step in steps for choice in step.choices if choice.does == "close"}
    return {"cancelled", *closing}


def test_every_key_that_code_uses_has_its_words():
    used = keys_of_lines() | keys_of_forms() | keys_of_templates()
    missing = {
        key: [said for said in LANGUAGES if key not in words(said).texts] for key in used - {"="}
    }
    missing = {key: languages for key, languages in missing.items() if languages}
    assert not missing, f"words that code uses and flows/words has not, by language: {missing}"


def test_both_languages_say_the_same_things():
    indonesian, english = set(read_po("id")) | official(), set(read_po("en"))
    assert not indonesian - english, f"flows/words/en.po lacks {indonesian - english}"
    assert not english - indonesian, f"flows/words/id.po lacks {english - indonesian}"


def test_no_key_is_left_that_nothing_uses():
    said = {node.value for node in code() if isinstance(node, ast.Constant)}
    said |= set(re.findall(r"@(\S+)", " ".join(read_po("id").values())))  # in another list
    said |= keys_of_templates()
    made = [pattern(node) for node in code() if isinstance(node, ast.JoinedStr)]
    shapes = [re.compile(shape) for shape in made if re.search(r"[a-z]{2}", shape)]
    unused = {
        key
        for key in set(read_po("id")) - keys_of_forms() - said
        if not any(shape.fullmatch(key) for shape in shapes)
    }
    assert not unused, f"flows/words has what nothing says any more: {unused}"


def keys_of_templates() -> set[str]:
    """What the console's pages say by themselves."""
    texts = (node.value for node in code() if isinstance(node, ast.Constant))
    return {key for text in texts if isinstance(text, str) for key in _SAID.findall(text)}


def pattern(node: ast.JoinedStr) -> str:
    """An f-string as a pattern of the keys it may make."""
    parts = (part.value if isinstance(part, ast.Constant) else None for part in node.values)
    return "".join(".+" if part is None else re.escape(str(part)) for part in parts)


@pytest.mark.parametrize("language", LANGUAGES_THERE_ARE)
def test_no_key_stands_twice(language: str):
    text = (ROOT / f"flows/words/{language}.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)
    assert [key for key in keys if keys.count(key) > 1] == []


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", ids_of(SKM))
@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_asks_back_is_told_what_each_official_question_means(name: str, language: str):
    asked = instrument(name).keys if instrument(name).asked else ()
    keys = [f"asks.survey.meaning.{name}.{item}" for item in asked]
    lacking = [key for key in keys if key not in words(language).texts]
    assert not lacking, f"flows/words/{language}.po lacks {lacking}"


def test_both_languages_have_the_same_places():
    indonesian, english = words("id").texts, words("en").texts
    assert {k for k, text in indonesian.items() if places(text) != places(english[k])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_longer_than_a_phone_reads_at_a_glance(language: str):
    long = {
        sentence
        for key, text in words(language).texts.items()
        if key not in official() and not key.startswith(TO_HEADS)
        for sentence in re.split(r"[.?!:]\s|[\n·]", text)
        if len(sentence.split()) > LONGEST
    }
    assert long == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_fits_into_a_list_of_any_channel(language: str):
    """WhatsApp: the number as the title, the wording up to 72 characters below it."""
    labels = {
        words(language).line(choice.label)
        for form in FORMS
        for step in (*form.steps, *ASIDES)
        for choice in step.choices
    }
    assert {label for label in labels if len(label) > 72} == set()


def test_the_official_words_are_the_instruments_own():
    """No catalogue puts other Indonesian words in the place of the official ones."""
    assert official() & set(read_po("id")) == set()
    assert words("id").texts[f"{CURRENT}.cost.4"] == "Gratis"


def test_a_language_that_there_is_not_is_said_in_indonesian():
    assert words("xx").texts == words("id").texts
    assert words("../en").texts == words("id").texts


def test_what_is_missing_is_said_in_indonesian(monkeypatch):
    monkeypatch.setattr("flows.loader.read_po", lambda language: {"skip": "Lewati", "x": "y"}
                        if language == "id" else {"x": "z"})  # fmt: skip
    spoken = words.__wrapped__("en")
    assert (spoken.texts["skip"], spoken.texts["x"]) == ("Lewati", "z")


UNREVIEWED = [code for code in catalogues() if code not in ALWAYS]


@pytest.mark.parametrize("language", UNREVIEWED)
def test_a_language_without_the_office_says_known_things_with_their_places_and_who_read_it(
    language: str,
):
    text = (ROOT / f"flows/words/{language}.po").read_text(encoding="utf-8")
    said, indonesian = read_po(language), words("id").texts
    assert f'"Language: {language}\\n"' in text
    assert '"X-Reviewed: ' in text  # without the line it would be taken for read
    lacking = missing(language)
    assert not lacking, f"not offered: flows/words/{language}.po lacks {sorted(lacking)}"
    assert {key for key in said if key not in indonesian} == set()
    assert {key for key, own in said.items() if places(own) != places(indonesian[key])} == set()
    assert words(language).texts["roles.do"] == indonesian["roles.do"]
    asked = [f"{CURRENT}.{item.key}" for item in instrument(CURRENT).items]
    for key in asked:  # of four answers no two are the same
        assert len({said[f"{key}.{value}"] for value in range(1, 5)}) == 4, key
    assert len({said[key] for key in asked}) == len(asked)


def test_what_no_native_speaker_has_read_is_offered_where_it_is_named(monkeypatch):
    assert offered(()) == {"id", "en"}
    assert offered(("jv", "xx")) == {"id", "en", "jv"}
    monkeypatch.setattr("flows.loader._is_reviewed", lambda language: language == "su")
    assert offered(()) == {"id", "en", "su"}


def test_a_button_for_a_language_is_only_there_where_it_is_offered():
    """At the consent, in /bahasa, and where an admin translates a question."""
    for form in FORMS:
        for some, there_are in ((("id", "en"), set()), (LANGUAGES_THERE_ARE, {"jv", "su"})):
            shown = {c.id for step in speaking(form, some).steps for c in step.choices}
            beside = {c for step in speaking(form, some).steps for _, c in step.also}
            assert {"jv", "su"} & (shown | beside) == there_are, form.id


def test_a_language_can_be_offered_once_the_whole_survey_is_in_it(monkeypatch):
    assert [*LANGUAGES_THERE_ARE] == catalogues(), {each: missing(each) for each in catalogues()}
    assert len(set(LANGUAGES_THERE_ARE.values())) == len(catalogues())  # each by a name of its own
    texts = {language: read_po(language) for language in ("id", "en")}
    monkeypatch.setattr("flows.loader.read_po", lambda language: texts[language])
    newest = ids_of(SKM)[0]  # a successor that holds later decides already
    for key in ("survey.thanks", f"{newest}.facilities", "profile.sex", "not_applicable", "no"):
        texts["en"] = {each: text for each, text in read_po("en").items() if each != key}
        assert missing("en") == {key}


def test_only_a_translated_official_question_is_called_unofficial():
    english = words("en").unofficial
    assert f"{CURRENT}.cost" in english
    assert {f"{CURRENT}.title", f"{CURRENT}.cost.name", "survey.service"} & english == set()
    assert words("id").unofficial == frozenset()


def test_a_key_without_a_text_is_a_fault(monkeypatch, tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "xx.po").write_text('msgid "a"\nmsgid "b"\nmsgstr "B"\n')
    monkeypatch.setattr("flows.loader.files", lambda package: tmp_path)
    with pytest.raises(SyntaxError, match=r"xx\.po, line 2"):
        read_po.__wrapped__("xx")
