"""What goes out: never more than Meta takes, as pywa would build it, and no markup of anybody's."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pywa.types import Button, Section, SectionList, SectionRow

from bot.channels.whatsapp.bodies import bodies, caption, template
from bot.channels.whatsapp.links import CAPABILITIES
from bot.channels.whatsapp.markup import marked, plain
from bot.core.sending.delivery import _fitted
from flows.engine.markup import Span
from flows.engine.say import Label, Message
from tests.support.whatsapp_limits import Refused, require_message
from tests.support.whatsapp_seen import seen


def whole(body: tuple[str, dict[str, Any]], **more: str) -> dict[str, Any]:
    kind, holds = body
    to = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "628111111",
        **more,
    }
    return {**to, "type": kind, kind: holds}


def sent(message: Message) -> list[dict[str, Any]]:
    """As delivery hands it over, checked against Meta's limits."""
    parts = _fitted(CAPABILITIES, message)
    found = [whole(body) for part in parts for body in bodies(part, "9bFlIkpYt5E")]
    for each in found:
        require_message(each, set())
    return found


def label(text: str, number: int = 0) -> Label:
    return Label(text, "step", f"c{number or text[:20]}", number, number > 0)


def rows(*texts: str) -> tuple[tuple[Label, ...], ...]:
    return tuple((label(text),) for text in texts)


def test_three_short_choices_are_buttons_as_pywa_builds_them():
    (body,) = sent(Message("Setuju?", rows("Ya", "Tidak")))
    theirs = [Button(title=t, callback_data=f"9bFlIkpYt5E:step:c{t}") for t in ("Ya", "Tidak")]
    assert body["interactive"]["action"] == {"buttons": [each.to_dict() for each in theirs]}


def test_others_are_a_list_as_pywa_builds_it():
    (body,) = sent(Message("Apa?", rows("Satu", "Dua", "Tiga", "Empat"), opens="Pilih"))
    names = ("Satu", "Dua", "Tiga", "Empat")
    theirs = SectionList(
        "Pilih",
        sections=[
            Section(
                title="",
                rows=[SectionRow(title=t, callback_data=f"9bFlIkpYt5E:step:c{t}") for t in names],
            )
        ],
    ).to_dict()
    theirs["sections"][0].pop("title", None)
    assert body["interactive"]["action"] == json.loads(json.dumps(theirs))


def test_a_long_official_wording_stands_below_its_number():
    """All of them then, so that one list reads alike."""
    texts = ("1 Tidak ada", "2 Ada tetapi tidak berfungsi", "3 Berfungsi kurang maksimal")
    shown = tuple((label(text, number),) for number, text in enumerate(texts, 1))
    (body,) = sent(Message("Bagaimana?", shown))
    (section,) = body["interactive"]["action"]["sections"]
    assert [(row["title"], row["description"]) for row in section["rows"]] == [
        ("1", "Tidak ada"),
        ("2", "Ada tetapi tidak berfungsi"),
        ("3", "Berfungsi kurang maksimal"),
    ]


def test_a_units_name_stands_above_where_it_is():
    (body,) = sent(Message("Yang mana?", rows("Samsat Batam Centre · Kota Batam, Kepulauan Riau")))
    (row,) = body["interactive"]["action"]["sections"][0]["rows"]
    assert (row["title"], row["description"]) == (
        "Samsat Batam Centre",
        "Kota Batam, Kepulauan Riau",
    )


def test_more_than_ten_choices_are_pages():
    """Each a list of its own, whose rows say what they mean for as long as they are seen."""
    found = sent(Message("Yang mana?", rows(*(f"Unit {n}" for n in range(23))), opens="Pilih"))
    assert [len(b["interactive"]["action"]["sections"][0]["rows"]) for b in found] == [10, 10, 3]
    assert [b["interactive"]["body"]["text"] for b in found] == [
        "Yang mana?",
        "Pilih (2/3)",
        "Pilih (3/3)",
    ]
    assert [each for each, _, _ in seen(found)[0].rows] == [f"Unit {n}" for n in range(23)]


TEXT = st.text(min_size=1, max_size=90).filter(lambda text: text.strip() != "")


@settings(max_examples=300, deadline=None)
@given(
    st.text(min_size=1, max_size=6_000).filter(lambda text: text.strip()),
    st.lists(TEXT, max_size=40),
    st.booleans(),
)
def test_meta_refuses_nothing(text, labels, are_numbered):
    shown = tuple(
        (Label(f"{n} {each}" if are_numbered else each, "s", str(n), n, are_numbered),)
        for n, each in enumerate(labels, 1)
    )
    for body in sent(Message(text, shown)):
        assert body["type"] in ("text", "interactive")


def test_the_limits_are_refused_by_one_more():
    """So that what is held against them is held against something."""
    (body,) = sent(Message("Apa?", rows("Satu", "Dua", "Tiga", "Empat")))
    row = body["interactive"]["action"]["sections"][0]["rows"][0]
    for name, most in (("title", 24), ("description", 72), ("id", 200)):
        before, row[name] = row.get(name), "x" * most
        require_message(body, set())
        row[name] += "x"
        with pytest.raises(Refused):
            require_message(body, set())
        row[name] = before or "x"


@pytest.mark.parametrize(
    "said",
    ["*tebal*", "_miring_", "~coret~", "```kode```", "`kode`", "a *b* c", "(*b*)", "*dua kata*"],
)
def test_nobodys_words_become_markup(said):
    """WhatsApp takes a sign for markup where it stands at a word's edge."""
    found = plain(said)
    assert len(found) == len(said)
    assert not set("*_~`") & set(found)


@pytest.mark.parametrize(
    ("said", "found"), [("> kutip", "› kutip"), ("- satu", "– satu"), ("* a", "∗ a")]
)
def test_nor_do_their_lines(said, found):
    assert marked(Message(f"Kata Anda:\n{said}", ()), 99) == f"Kata Anda:\n{found}"


@pytest.mark.parametrize(
    "said", ["https://x.id/?start=v_a_b", "SAMSAT-BC_mutasi", "3*4", "a~b", "5 Nov 2026"]
)
def test_what_is_no_markup_stays_as_it_is(said):
    assert plain(said) == said


def test_what_we_make_stand_out_does():
    message = Message("Kode AB-12 disalin", (), (Span("code", 5, 10),))
    assert marked(message, 99) == "Kode ```AB-12``` disalin"
    assert marked(Message("Sangat *baik*", (), (Span("bold", 0, 6),)), 99) == "*Sangat* ∗baik∗"
    # Where marks would be read themselves, there are none; nor where there is no room for them.
    assert marked(Message("Kode", (), (Span("bold", 0, 2),)), 99) == "Kode"
    assert marked(Message("Kode", (), (Span("bold", 0, 4),)), 5) == "Kode"


def test_captions_and_the_template():
    picture = whole(("image", {"id": "1", "caption": caption("*a* " * 600)}))
    require_message(picture, {"1"})
    require_message(whole(template("kabar", "/bantuan")), set())
