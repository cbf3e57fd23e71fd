"""What comes from beside: pauses, language, help, other links, and the database."""

from dataclasses import replace

from flows.engine.advance import PAUSE
from flows.engine.ended import GRACE, until
from flows.engine.events import Asked, Found, Look, Opened, Start, Tapped, Told, Typed
from flows.engine.form import SKIPPED, Line, Step, literal
from flows.engine.hear import hear
from flows.engine.screen import answered
from flows.loader import words
from tests.support.tiny_chat import THREE, TWO, WRITE, Chat, pick

# --- pauses ---


def test_after_a_pause_any_word_leads_back_to_the_question():
    grouped = [replace(step, group="items") for step in THREE]
    chat = Chat(*grouped).tap("a", "yes").type("halo", later=PAUSE + 1)
    assert chat.shown.notes == (Line("resumed", {"place": 2, "of": 3}),)
    assert chat.type("halo", later=PAUSE).notes == ["choose"]


def test_at_the_first_question_there_is_nothing_to_say_about_a_pause():
    assert Chat(replace(TWO[0], group="items")).type("halo", later=PAUSE + 1).notes == []


# --- asides ---


def test_language_may_change_at_any_time_and_the_place_stays():
    chat = Chat(*TWO).tap("a", "yes").send(Asked("50", 9, "language"))
    assert chat.at == "language"
    chat.tap("language", "en")
    assert (chat.at, chat.now.language) == ("b", "en")


def test_language_by_a_button_beside_keeps_a_visit():
    chat = Chat(*THREE).tap("a", "yes").tap("b", "_back").tap("language", "en")
    assert (chat.at, chat.now.language) == ("a", "en")


def test_help_is_said_above_the_question():
    chat = Chat(*TWO).send(Asked("50", 9, "help"))
    assert (chat.at, chat.notes) == ("a", ["help"])


def test_cancelling_closes_for_good():
    chat = Chat(*TWO).tap("a", "yes").send(Asked("50", 9, "cancel"))
    assert (chat.at, chat.now.status) == (None, "cancelled")
    assert chat.tap("b", "yes").now.answers == {"a": "yes"}
    assert chat.shown.body == (Line("tiny.cancelled"),)


def test_an_answer_to_change_is_chosen_from_a_list_that_skipped_ones_stand_in():
    chat = Chat(WRITE, *TWO).tap("w", SKIPPED).tap("a", "yes")
    chat.now = chat.now.but(revisit="change")
    chat.tap("nowhere", "x")
    listed = [(b.choice, b.step) for b in chat.shown.choices]
    assert listed == [("w", "change"), ("a", "change"), ("stay", "change")]
    assert chat.tap("change", "w").at == "w"
    assert chat.type("ok").notes == ["changed"]
    assert [s.id for s in answered(chat.form, chat.now)] == ["w", "a"]


def test_another_link_is_offered_and_staying_drops_it():
    chat = Chat(*TWO).tap("a", "yes").send(Opened("50", 9, "SAMSAT-SK", "Mulai Sekupang"))
    assert [b.choice for b in chat.shown.choices] == ["stay", "start-50"]
    chat.tap("resume", "stay")
    assert chat.at == "b"
    assert chat.tap("resume", "start-50").notes == ["stale"]


def test_another_link_taken_replaces_the_conversation():
    chat = Chat(*TWO).tap("a", "yes").send(Opened("50", 9, "SAMSAT-SK", "Mulai Sekupang"))
    chat.id = 50
    chat.tap("resume", "start-50")
    assert chat.effects == (Start("SAMSAT-SK"),)
    assert chat.now.status == "replaced"


def test_a_button_of_an_older_offer_does_not_start_what_a_newer_one_names():
    chat = Chat(*TWO).tap("a", "yes").send(Opened("50", 9, "SAMSAT-SK", "Mulai Sekupang"))
    chat.send(Opened("51", 9, "DUKCAPIL", "Mulai Disdukcapil"))
    chat.id = 51
    assert chat.tap("resume", "start-50").notes == ["stale"]
    assert chat.now.is_open


def test_the_link_of_what_is_open_leads_back_to_it():
    chat = Chat(*TWO).tap("a", "yes").send(Opened("50", 9, "SAMSAT-SK", "Mulai Sekupang"))
    chat.send(Opened("51", 9, "SAMSAT-BC", same=True))
    assert chat.at == "b"


# --- the database ---

QUERY = Step("query", literal("?"), writes=9, look="unit")
ROWS = Step("rows", literal("which?"), offers=True, otherwise="query")
LAST = pick("end", "send")


def found(*ids: str) -> Found:
    return Found("rows", [{"id": id, "label": f"Unit {id}"} for id in ids])


def test_what_is_found_is_offered_and_a_button_means_what_was_seen():
    chat = Chat(QUERY, ROWS, LAST).type("bat")
    assert chat.effects[0] == Look("unit", "bat")
    chat.send(found("x", "y"))
    assert [(b.choice, b.label) for b in chat.shown.choices] == [
        ("x", literal("Unit x")),
        ("y", literal("Unit y")),
    ]
    assert chat.tap("rows", "y").now.answers["rows"] == "y"


def test_text_at_the_rows_searches_again():
    chat = Chat(QUERY, ROWS, LAST).type("bat").send(found("x")).type("sek")
    assert chat.effects[0] == Look("unit", "sek")
    assert chat.send(found("z")).notes == []
    assert [b.choice for b in chat.shown.choices] == ["z"]


def test_nothing_found_asks_for_another_word_and_keeps_the_rows_there_were():
    chat = Chat(QUERY, ROWS, LAST).type("bat").send(found("x")).type("qqq").send(found())
    assert (chat.at, chat.notes) == ("query", ["none_found"])
    assert chat.now.offered["rows"] == [{"id": "x", "label": "Unit x"}]


def test_new_rows_ask_their_step_anew_also_while_it_is_being_changed():
    chat = Chat(QUERY, ROWS, LAST).type("bat").send(found("x")).tap("rows", "x")
    chat.tap("end", "_back").type("sek").send(found("z"))
    assert chat.at == "rows"
    assert [b.choice for b in chat.shown.choices] == ["z"]


def test_what_is_told_closes_and_is_told_again():
    chat = Chat(pick("a", "yes", look="voice"), LAST).tap("a", "yes")
    chat.send(Told("survey.counted"))
    assert (chat.at, chat.now.status) == (None, "finished")
    assert chat.shown.body == (Line("survey.counted"),)
    assert chat.type("halo").shown.body == (Line("survey.counted"),)
    assert (chat.shown.choices, chat.shown.moves) == ((), ())


# --- after the end ---

ROWS_AFTER = [
    {"id": "edit", "key": "ended.edit", "opening": "/ubah x"},
    {"id": "withdraw", "key": "ended.withdraw", "opening": "/hapus y"},
]


def ended() -> Chat:
    chat = Chat(*TWO).tap("a", "yes").tap("b", "yes")
    return chat.send(Told("survey.counted", rows=ROWS_AFTER))


def test_what_may_follow_stands_under_the_ending_and_begins_as_a_link_would():
    chat = ended()
    assert [(b.step, b.choice) for b in chat.shown.choices] == [
        ("_ended", "edit"),
        ("_ended", "withdraw"),
    ]
    before = chat.now.answers
    chat.tap("_ended", "withdraw")
    assert chat.effects == (Start("/hapus y"),)
    assert (chat.now.status, chat.now.answers) == ("finished", before)


def test_any_other_button_under_an_ending_shows_the_ending():
    chat = ended()
    for step, choice in (("_ended", "nothing"), ("a", "no"), ("language", "en"), ("_ended", "")):
        assert chat.tap(step, choice).shown.body == (Line("survey.counted"),)
    chat.send(Tapped("60", 60, "another0000", "_ended", "edit"))
    assert chat.shown.body == (Line("survey.counted"),)


def test_what_may_follow_is_typed_by_its_words_or_its_place():
    chat = ended()
    for said, choice in (("ubah", "edit"), ("Hapus jawaban.", "withdraw"), ("2", "withdraw")):
        heard = hear(chat.form, chat.now, Typed("70", 70, said), words("id"))
        assert heard == Tapped("70", 70, chat.now.id, "_ended", choice)
    for said in ("3", "0", "halo", ""):
        assert hear(chat.form, chat.now, Typed("71", 71, said), words("id")) == Typed(
            "71", 71, said
        )


def test_talking_on_does_not_put_off_the_end():
    chat = ended()
    last = chat.now.last
    assert chat.type("terima kasih", later=500).now.last == last
    assert until(chat.now) == last + GRACE
