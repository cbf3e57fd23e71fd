"""A photo, a document, a table sent into a form: taken where a step takes one, else a sentence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engine.advance import advance
from flows.engine.conversation import Conversation
from flows.engine.events import Attached, Look, Show, Tapped, Typed
from flows.engine.form import Attaches, Choice, Form, Line, Step, When
from flows.engine.input_parsing import PHOTO_BYTES, TABLE_BYTES, file_behind, to_fetch

PHOTO = Attached("1", 5, "photo", "P-1", size=90_000)
DOCUMENT = Attached("1", 5, "document", "D-1", "surat.pdf", 90_000)
TABLE = Attached("1", 5, "document", "T-1", "Unit \u202e2026.XLSX", 9_000)
CELLS = [["code", "name"], ["U-1", "Samsat"]]
READ = Attached("1", 5, "document", "T-1", "Unit \u202e2026.XLSX", 9_000, {"": CELLS})
UNREAD = Attached("1", 5, "document", "T-1", "unit.csv", 9_000, Line("file.csv"))
LARGE = Attached("1", 5, "document", "T-2", "besar.csv", TABLE_BYTES + 1)


def form(*attaches: Attaches, writes: int = 0) -> Form:
    proof = Step("proof", Line("="), attaches=attaches, writes=writes, look="read")
    after = Step("after", Line("="), writes=9)
    return Form("f", (proof, after), lambda form, conversation: Look("end", ""))


def open_one() -> Conversation:
    return Conversation("c", "f", "1", "", "id", 0, 0)


def sent(event: Attached | Typed, *attaches: Attaches, writes: int = 0):
    """What is answered, and the notes under which what is asked stands again."""
    turn = advance(form(*attaches, writes=writes), open_one(), event)
    show = turn.effects[-1]
    assert isinstance(show, Show)
    return turn.conversation.answers.get("proof"), [note.key for note in show.screen.notes]


@pytest.mark.parametrize(
    ("event", "attaches", "kind", "name"),
    [
        (PHOTO, ["photo"], "photo", ""),
        (PHOTO, ["document", "photo"], "photo", ""),
        (DOCUMENT, ["photo", "document"], "document", "surat.pdf"),
        (READ, ["table"], "document", "Unit 2026.XLSX"),
    ],
)
def test_what_a_step_takes(event, attaches: Sequence[Attaches], kind: str, name: str):
    value, notes = sent(event, *attaches)
    assert value == {"text": name, "file": event.file, "kind": kind}
    assert notes == []


@pytest.mark.parametrize(
    ("event", "attaches", "note"),
    [
        (DOCUMENT, ["photo"], "attach.photo"),
        (PHOTO, ["table"], "attach.table"),
        (DOCUMENT, ["table"], "attach.table"),
        (LARGE, ["table"], "attach.large"),
        (UNREAD, ["table"], "file.csv"),
        (Typed("1", 5, "ini fotonya"), ["photo"], "attach.photo"),
        (Typed("1", 5, ""), ["table"], "attach.table"),
    ],
)
def test_what_it_does_not_take_is_answered_by_how(event, attaches, note):
    assert sent(event, *attaches) == (None, [note])


def test_words_and_a_photo_each_answer_a_step_that_takes_both():
    assert sent(Typed("1", 5, "https://contoh.go.id"), "photo", writes=99)[0] == {
        "text": "https://contoh.go.id"
    }
    assert sent(PHOTO, "photo", writes=99)[0]
    assert sent(PHOTO, writes=99) == (None, ["write"])


def test_only_a_table_that_is_asked_for_is_fetched_and_once():
    (asked, _), (other, _) = form("table").steps, form("photo", "document").steps
    assert to_fetch(asked, TABLE) == "table"
    for event in (READ, UNREAD, PHOTO, DOCUMENT, LARGE):
        assert to_fetch(asked, event) is None
    assert to_fetch(other, TABLE) is None


def test_a_photo_that_everybody_may_see_is_fetched_and_so_is_the_one_behind_a_button():
    proof, after = form("photo", "document").steps
    asked, _ = form("public").steps
    yes = Choice("yes", Line("="), brings=lambda talk: str(talk.answers["proof"]["file"]))
    asked = replace(asked, id="public", choices=(Choice("no", Line("=")), yes))
    assert to_fetch(asked, PHOTO) == "public"
    for event in (DOCUMENT, TABLE, replace(PHOTO, size=PHOTO_BYTES + 1)):
        assert to_fetch(asked, event) is None
    here = open_one().but(answers={"proof": {"text": "", "file": "P-1", "kind": "photo"}})
    tap = Tapped("2", 6, "c", "public", "yes")
    assert file_behind(asked, here, tap) == "P-1"
    for other in (
        replace(tap, choice="no"),
        replace(tap, step="proof"),
        Typed("2", 6, "yes"),
        replace(tap, conversation="older"),
    ):
        assert file_behind(asked, here, other) == ""
    with_both = Form("f", (proof, asked, after), lambda form, conversation: Look("end", ""))
    brought = Attached("2", 6, "photo", "P-1", table={"picture": [["…"]]})
    turn = advance(with_both, here, brought)
    assert turn.conversation.answers["public"] == {"text": "", "file": "P-1", "kind": "photo"}


def test_the_next_photo_of_an_album_is_no_answer_to_a_question_about_the_first():
    """Where only a button says that a photo may be seen."""
    assert sent(PHOTO, "chosen") == (None, ["attach.chosen"])
    read = replace(PHOTO, table={"picture": [["…"]]})
    assert sent(read, "chosen") == (None, ["attach.chosen"])
    assert sent(replace(read, chosen=True), "chosen")[0] == {
        "text": "", "file": "P-1", "kind": "photo"
    }  # fmt: skip


def test_a_condition_sees_of_a_file_its_kind():
    proof, after = form("photo", "document", writes=9).steps
    asked = replace(after, when=(When("proof", frozenset({"photo"})),))
    of = Form("f", (proof, asked), lambda form, conversation: Look("end", ""))
    for value, follows in (
        ({"text": "", "file": "P-1", "kind": "photo"}, True),
        ({"text": "x.pdf", "file": "D-1", "kind": "document"}, False),
        ({"text": "photo"}, False),
    ):
        assert asked.follows({"proof": value}) is follows
        assert (asked in of.path({"proof": value})) is follows


def test_the_database_is_asked_about_it():
    turn = advance(form("table"), open_one(), READ)
    assert turn.effects[0] == Look("read", "Unit 2026.XLSX")


@drawn(st.text(max_size=300), st.sampled_from(["photo", "document"]), st.integers(0))
def test_no_name_of_a_file_breaks_a_conversation(name, kind, size):
    event = Attached("1", 5, kind, "X", name, size, {})
    for attaches in (("photo", "document"), ("table",), ()):
        turn = advance(form(*attaches, writes=0 if attaches else 9), open_one(), event)
        turn.conversation.to_json().encode()
