"""Each dialogue is one value: nothing of it is missing, and whatever shows dialogues shows it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.core.dialogue import Dialogue, Dialogues
from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.office.questions.question_editor import Meant, meant
from flows.engine.events import Asked, Opened
from flows.engine.form import Line
from flows.instrument import Questionnaire
from flows.intents import FindUnit
from flows.loader import instrument, words
from flows.survey.form import survey_form
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, VAULT, Chance, office, unit_row

COMMANDS = [each for each in DIALOGUES.all if each.command]
OF_FORMS = [each for each in DIALOGUES.all if each.form]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        yield engine


@pytest.mark.parametrize("dialogue", COMMANDS, ids=lambda each: each.command)
def test_a_command_is_heard_under_each_of_its_names(dialogue: Dialogue):
    for name in (dialogue.command, *dialogue.aliases):
        heard = DIALOGUES.heard("1", NOON, f"{name.upper()}@skm_bot  a b ")
        if not dialogue.typed:
            assert heard is None
        elif dialogue.asks:
            assert heard == Asked("1", NOON, dialogue.asks)
        else:
            said = "a b" if dialogue.link else f"{dialogue.command} a b"
            assert heard == Opened("1", NOON, said)


@pytest.mark.parametrize("text", ["", " /cek", "cek", "/", "/tidakada", "/kabari X", "@skm_bot"])
def test_any_other_text_is_none(text: str):
    assert DIALOGUES.heard("1", NOON, text) is None


@pytest.mark.parametrize("dialogue", OF_FORMS, ids=lambda each: str(each.form)[:20])
def test_a_form_looks_up_what_its_dialogue_knows(dialogue: Dialogue):
    form = dialogue.form
    if isinstance(form, str):
        form = survey_form(Questionnaire(CURRENT), instrument(CURRENT))
    assert form is not None
    asked = {look for step in form.steps for look in (step.look, step.locates) if look}
    assert asked == set(dialogue.looks)


@pytest.mark.parametrize("dialogue", COMMANDS, ids=lambda each: each.command)
def test_whoever_has_no_role_is_told_so_where_one_is_needed(engine: Engine, dialogue: Dialogue):
    if not dialogue.needs:
        return
    with engine.begin() as connection:
        context = TurnContext(
            connection, VAULT, Forms(DIALOGUES), Chance(), address="tg:1", at=NOON
        )
        for said in ("", "SMST-BTM", "*"):
            opened = Opened("1", NOON, f"{dialogue.command} {said}".strip())
            assert isinstance(DIALOGUES.resolve(context, opened), Line)


def test_a_menu_has_words_for_each_of_its_commands():
    listed = [each for each in COMMANDS if each.menu]
    for language in ("id", "en"):
        said = words(language).texts
        assert [each for each in listed if f"menu.{each.command[1:]}" not in said] == []
    assert all(each.opens or each.asks for each in listed)


def test_a_new_command_is_heard_listed_and_opened(engine: Engine):
    new = Dialogue("/baru", ("/new",), menu="roles", opens=lambda *of: Line("=", {"said": of[1]}))
    found = Dialogues(new, Dialogue(link=FindUnit, opens=lambda *of: Line(f"{of[1].unknown}")))
    assert found.menu == {"/baru": None}
    assert found.heard("1", NOON, "/New x") == Opened("1", NOON, "/baru x")
    with engine.begin() as connection:
        context = TurnContext(connection, VAULT, Forms(found), Chance(), address="tg:1", at=NOON)
        for opening, line in (("/baru x", Line("=", {"said": "x"})), ("/lama", Line("True"))):
            assert found.resolve(context, Opened("1", NOON, opening)) == line


def test_no_two_dialogues_share_a_name():
    with pytest.raises(ValueError, match="'/new' belongs to two dialogues"):
        Dialogues(Dialogue("/baru", ("/new",)), Dialogue("/new"))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", Meant()),
        ("Bapenda Kepri", Meant("Bapenda Kepri")),
        ("* #41", Meant("*", "41")),
        ("A__spak #4", Meant("A", "4", "spak")),
        ("A #x", Meant("A #x")),
        ("#4", Meant("#4")),
    ],
)
def test_what_is_said_of_questions_is_read(said: str, read: Meant):
    assert meant(said) == read
