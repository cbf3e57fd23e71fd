"""A photo, a document, a table sent into a form: taken where a step takes one, else a sentence."""

from collections.abc import Sequence

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from flows.engine.advance import advance
from flows.engine.conversation import Conversation
from flows.engine.events import Attached, Look, Show, Typed
from flows.engine.form import Attaches, Form, Line, Step
from flows.engine.input_parsing import TABLE_BYTES, is_to_fetch

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
    asked, here = form("table"), open_one()
    assert is_to_fetch(asked, here, TABLE)
    for event in (READ, UNREAD, PHOTO, DOCUMENT, LARGE):
        assert not is_to_fetch(asked, here, event)
    assert not is_to_fetch(form("photo", "document"), here, TABLE)


def test_the_database_is_asked_about_it():
    turn = advance(form("table"), open_one(), READ)
    assert turn.effects[0] == Look("read", "Unit 2026.XLSX")


@drawn(st.text(max_size=300), st.sampled_from(["photo", "document"]), st.integers(0))
def test_no_name_of_a_file_breaks_a_conversation(name, kind, size):
    event = Attached("1", 5, kind, "X", name, size, {})
    for attaches in (("photo", "document"), ("table",), ()):
        turn = advance(form(*attaches, writes=0 if attaches else 9), open_one(), event)
        turn.conversation.to_json().encode()
