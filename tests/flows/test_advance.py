"""The rules of `advance`, one feature at a time, each on the smallest form that has it."""

from dataclasses import replace

from flows.engine.conversation import REMEMBERED
from flows.engine.events import Submit, Tapped
from flows.engine.form import Line, literal
from flows.engine.say import say
from flows.engine.screen import screen
from flows.loader import words
from tests.support.tiny_chat import ME, THREE, TWO, WRITE, Chat, only_if, pick

# --- the path ---


def test_an_answer_leads_to_the_next_step_and_the_last_one_submits():
    chat = Chat(*TWO).tap("a", "yes")
    assert (chat.at, chat.now.status, chat.notes) == ("b", "open", [])
    chat.tap("b", "no")
    assert (chat.at, chat.now.status) == (None, "finished")
    assert chat.effects == (Submit({"a": "yes", "b": "no"}),)


def test_a_step_that_does_not_apply_is_passed_over():
    steps = (pick("a", "yes", "no"), pick("b", "yes", when=only_if("a", "yes")), pick("c", "yes"))
    assert Chat(*steps).tap("a", "no").at == "c"
    assert Chat(*steps).tap("a", "yes").at == "b"


def test_a_changed_path_keeps_the_answers_it_leaves_and_submits_without_them():
    inner = pick("b", "1", "2", when=only_if("a", "yes"))
    chat = Chat(pick("a", "yes", "no"), inner, pick("c", "yes"))
    chat.tap("a", "yes").tap("b", "2").tap("a", "no").tap("c", "yes")
    assert chat.effects == (Submit({"a": "no", "c": "yes"}),)
    assert chat.now.answers["b"] == "2"


def test_whoever_changes_back_has_the_answers_of_that_path_again():
    inner = pick("b", "1", "2", when=only_if("a", "yes"))
    chat = Chat(pick("a", "yes", "no"), inner, pick("c", "yes"))
    chat.tap("a", "yes").tap("b", "2").tap("a", "no").tap("a", "yes")
    assert chat.at == "c"


def test_a_change_that_opens_a_path_asks_it_before_what_comes_after():
    inner = pick("b", "1", when=only_if("a", "yes"))
    chat = Chat(pick("a", "yes", "no"), inner, pick("c", "yes"), pick("d", "yes"))
    chat.tap("a", "no").tap("c", "yes").tap("a", "yes")
    assert (chat.at, chat.notes) == ("b", ["changed"])


# --- taps ---


def test_a_tap_on_an_answered_step_corrects_it_and_shows_the_step_asked():
    chat = Chat(*THREE).tap("a", "yes").tap("b", "yes").tap("a", "no")
    assert (chat.now.answers, chat.at) == ({"a": "no", "b": "yes"}, "c")
    assert chat.shown.notes == (Line("changed", {"title": literal("A"), "answer": literal("no")}),)


def test_the_same_answer_twice_changes_nothing_and_says_nothing():
    chat = Chat(*TWO).tap("a", "yes")
    before = chat.now
    chat.tap("a", "yes")
    assert (chat.now.answers, chat.at, chat.notes) == (before.answers, "b", [])


def test_a_tap_on_a_step_not_yet_shown_is_stale():
    chat = Chat(*THREE).tap("a", "yes").tap("c", "yes")
    assert (chat.now.answers, chat.at, chat.notes) == ({"a": "yes"}, "b", ["stale"])


def test_a_tap_on_a_step_that_no_longer_applies_is_stale():
    inner = pick("b", "1", "2", when=only_if("a", "yes"))
    chat = Chat(pick("a", "yes", "no"), inner, pick("c", "yes"))
    chat.tap("a", "yes").tap("b", "1").tap("a", "no").tap("b", "2")
    assert (chat.now.answers["b"], chat.notes) == ("1", ["stale"])


def test_a_tap_on_no_step_no_choice_or_another_conversation_is_stale():
    chat = Chat(*TWO)
    assert chat.tap("nowhere", "yes").notes == ["stale"]
    assert chat.tap("a", "nothing").notes == ["stale"]
    assert chat.send(Tapped("9", 9, "another0000", "a", "yes")).notes == ["stale"]
    assert (chat.now.answers, chat.at) == ({}, "a")


# --- going back ---


def test_back_leads_to_the_answer_before_and_an_answer_leads_on():
    chat = Chat(*THREE).tap("a", "yes").tap("b", "yes").tap("c", "_back")
    assert chat.at == "b"
    assert chat.tap("b", "_back").at == "a"
    assert chat.tap("a", "yes").at == "c"
    assert chat.now.answers == {"a": "yes", "b": "yes"}


def test_back_tapped_twice_goes_back_once():
    chat = Chat(*THREE).tap("a", "yes").tap("b", "yes").tap("c", "_back").tap("c", "_back")
    assert (chat.at, chat.notes) == ("b", [])


def test_the_first_step_has_no_way_back_and_a_step_that_may_not_be_revised_is_none():
    chat = Chat(replace(TWO[0], revisable=False), *THREE[1:])
    assert chat.tap("a", "yes").shown.moves == ()
    assert chat.tap("b", "_back").at == "b"
    assert [b.choice for b in chat.tap("b", "yes").shown.moves] == ["_back"]


def test_a_visit_to_a_step_that_does_not_apply_is_none():
    inner = pick("b", "1", when=only_if("a", "yes"))
    chat = Chat(pick("a", "yes", "no"), inner, pick("c", "yes")).tap("a", "no")
    chat.now = chat.now.but(revisit="b")
    assert chat.at == "c"


# --- writing ---


def test_text_answers_a_step_that_is_written_and_no_other():
    assert Chat(WRITE, TWO[1]).type("abc").now.answers == {"w": {"text": "abc"}}
    assert Chat(*TWO).type("abc").notes == ["choose"]


def test_text_is_measured_after_it_is_tidied():
    assert Chat(WRITE, TWO[1]).type("  a\u202e  b \x00 ").now.answers == {"w": {"text": "a b"}}
    chat = Chat(WRITE, TWO[1]).type("abcdef")
    assert chat.shown.notes == (Line("too_long", {"length": 6, "most": 5}),)
    assert Chat(WRITE, TWO[1]).type(" \n\u200b \u200d ").notes == ["write"]


def test_a_check_may_refuse_a_text():
    fussy = replace(WRITE, check=lambda text: None if text == "ok" else Line("write"))
    assert Chat(fussy, TWO[1]).type("no").notes == ["write"]
    assert Chat(fussy, TWO[1]).type("ok").at == "b"


def test_a_command_that_there_is_not_is_no_answer():
    chat = Chat(WRITE, TWO[1]).type("/cek")
    assert (chat.at, chat.notes, chat.now.answers) == ("w", ["help"], {})


def test_a_citizens_braces_are_only_braces():
    chat = Chat(replace(WRITE, writes=50), *TWO).type("x").tap("a", "_back").type("{title} {0} %s")
    assert say(chat.shown, words("id")).text.startswith("w? diubah: {title} {0} %s")


# --- the same event again ---


def test_the_last_events_of_a_person_change_nothing_when_they_come_again():
    chat = Chat(*TWO)
    for number in range(2 * REMEMBERED):
        chat.send(Tapped(f"e{number}", number, ME, "a", "yes" if number % 2 else "no"))
    before = chat.now
    for number in range(REMEMBERED, 2 * REMEMBERED):
        assert chat.send(Tapped(f"e{number}", 999, ME, "b", "yes")).now is before
        assert chat.shown == screen(chat.form, before)


def test_a_new_event_between_remembered_ones_still_counts():
    chat = Chat(*TWO).send(Tapped("7", 1, ME, "a", "yes")).send(Tapped("5", 1, ME, "b", "yes"))
    assert chat.now.status == "finished"
