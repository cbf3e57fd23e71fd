"""What the database cannot take is asked anew, and nothing else is lost."""

from flows.engine.advance import advance
from flows.engine.events import Show, Tapped, Typed, Unfit, Write
from flows.engine.form import Choice, Form, Line, Step
from tests.support.events_of_forms import ME, begun

FORM = Form(
    "test",
    (
        Step("name", Line("find.query"), writes=60),
        Step("sure", Line("find.unit"), (Choice("yes", Line("yes")), Choice("no", Line("no")))),
    ),
    lambda form, conversation: Write(dict(conversation.answers)),
)


def test_a_form_that_has_finished_goes_on_where_the_database_could_not_take_it():
    named = advance(FORM, begun(FORM), Typed("1", 1, "Rini")).conversation
    done = advance(FORM, named, Tapped("2", 2, ME, "sure", "yes"))
    assert (done.conversation.status, len(done.effects)) == ("finished", 1)
    why = Line("none_found")
    again = advance(FORM, done.conversation, Unfit("sure", why, {"unit_name": "x"})).conversation
    assert (again.status, again.answers) == ("open", {"name": {"text": "Rini"}})
    assert again.about == {**named.about, "unit_name": "x"}
    finished = advance(FORM, again, Tapped("3", 3, ME, "sure", "no"))
    assert finished.effects == (Write({"name": {"text": "Rini"}, "sure": "no"}),)


def test_it_says_why_above_the_step_with_the_rows_there_are_now():
    rows = [{"id": "a", "label": "A"}]
    turn = advance(FORM, begun(FORM), Unfit("name", Line("choose"), offered={"name": rows}))
    (show,) = turn.effects
    assert isinstance(show, Show)
    assert show.screen.notes == (Line("choose"),)
    assert [button.choice for button in show.screen.choices] == ["a"]


def test_what_was_answered_after_a_choice_that_resets_is_forgotten_with_it():
    which = (Choice("a", Line("yes")), Choice("b", Line("no")))
    form = Form(
        "test", (Step("which", Line("choose"), which, resets=True), *FORM.steps), FORM.finish
    )
    talk = advance(form, begun(form), Tapped("1", 1, ME, "which", "a")).conversation
    talk = advance(form, talk, Typed("2", 2, "Rini")).conversation
    same = advance(form, talk, Tapped("3", 3, ME, "which", "a")).conversation
    assert same.answers == {"which": "a", "name": {"text": "Rini"}}
    turn = advance(form, same, Tapped("4", 4, ME, "which", "b"))
    assert turn.conversation.answers == {"which": "b"}
    (show,) = turn.effects
    assert isinstance(show, Show)
    assert show.screen.notes == ()
