"""Changes of a questionnaire: what stays as it is, and that no difference goes unsaid."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.form import Line
from flows.extra_question import Asked, Extra, Translation
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.office.questions.change import (
    Add,
    Change,
    Edit,
    Move,
    Restore,
    Retire,
    Reword,
    Translate,
    changed,
)
from flows.office.questions.difference import difference
from flows.office.questions.faults import faults
from flows.survey.form import survey_form
from tests.support.instruments import CURRENT

SERVICES = {"mutasi": "Mutasi", "pajak": "Pajak tahunan"}
_KEYS = st.sampled_from("aabbc")
_TEXTS = st.sampled_from(["Naik apa?", "Parkir?", "Lama?", "lama?", "Di mana?"])
_ASKED = st.none() | st.builds(
    Asked,
    st.sampled_from(["cost", "service", "x_a", "x_b"]),
    st.sampled_from([("1",), ("mutasi",), ("1", "2"), ("9",)]),
)
_FIELDS = st.fixed_dictionaries(
    {}, optional={"text": _TEXTS, "asked": _ASKED, "required": st.booleans()}
)
_WORDS = st.none() | st.just(Translation("en", "How?", ("Motorbike", "Car")))
_changes = st.one_of(
    st.builds(Add, st.builds(Extra, _KEYS, _TEXTS, st.just("choice"), st.just(("M", "N")))),
    st.builds(Edit, _KEYS, _FIELDS),
    st.builds(Edit, _KEYS, _FIELDS),
    st.builds(Translate, _KEYS, st.just("en"), _WORDS),
    st.builds(Retire, _KEYS),
    st.builds(Move, _KEYS, st.integers(1, 5)),
    st.builds(
        Reword,
        st.sampled_from(sorted(SERVICES)),
        st.sampled_from(["cost", "procedure"]),
        st.none() | st.just(("A", "B", "C", "D")),
        st.none() | st.booleans(),
    ),
)


START = Questionnaire(
    CURRENT,
    (
        Extra("a", "Naik apa?", "choice", ("M", "N")),
        Extra("b", "Parkir?", "choice", ("M", "N"), asked=Asked("x_a", ("1",))),
    ),
)


def made_of(asked: Questionnaire, changes: list[Change]) -> list[Questionnaire]:
    """The versions one after the other, as they would be published."""
    versions = [asked]
    for change in changes:
        keys = [extra.key for extra in versions[-1].extras]
        if isinstance(change, Add) and change.extra.key in keys:
            continue  # a new question has a key of its own
        after = changed(versions[-1], change)
        if not list(faults(after, SERVICES)):
            versions.append(after)
    return versions


@given(st.lists(_changes, max_size=10))
def test_what_has_no_fault_can_be_asked_and_no_difference_goes_unsaid(changes: list[Change]):
    versions = made_of(START, changes)
    for before, after in [*pairwise(versions), (versions[0], versions[-1])]:
        survey_form(after, instrument(CURRENT))
        lines = difference(before, after, SERVICES)
        assert (lines == (Line("question.change.none"),)) is (before.id == after.id)
        assert all(words(said).line(line) for said in ("id", "en") for line in lines)


@given(st.lists(_changes, max_size=10))
def test_any_former_version_can_be_brought_back(changes: list[Change]):
    versions = made_of(START, changes)
    for former in versions:
        assert changed(versions[-1], Restore(1, former)) == former
        assert list(faults(former, SERVICES)) == []


@given(st.lists(_changes, max_size=8), _KEYS, st.integers(-1, 9))
def test_moving_changes_the_order_alone(changes: list[Change], key: str, place: int):
    asked = made_of(START, changes)[-1]
    moved = changed(asked, Move(key, max(1, place)))
    assert sorted(moved.extras, key=lambda e: e.key) == sorted(asked.extras, key=lambda e: e.key)
    keys = [extra.key for extra in moved.extras]
    if key in keys:
        assert keys.index(key) == min(max(1, place), len(keys)) - 1


def test_answers_of_one_service_are_worded_and_given_back():
    words_of_cost = Reword("mutasi", "cost", ("A", "B", "C", "D"))
    worded = changed(Questionnaire(CURRENT), words_of_cost)
    without = changed(worded, Reword("mutasi", "cost", passed=False))
    assert without.services[0].said() == {
        "options": {"cost": ["A", "B", "C", "D"]},
        "not_applicable": ["complaint_handling"],
    }
    with_it = changed(without, Reword("mutasi", "cost", passed=True))
    assert with_it == worded
    assert changed(worded, Reword("mutasi", "cost")) == Questionnaire(CURRENT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Add(Extra("n", "Lama?", "text")), "+ Lama?"),
        (Retire("b"), "− Parkir?"),
        (Edit("b", {"text": "Parkirnya?"}), "Kata-kata: “Parkir?” menjadi “Parkirnya?”"),
        (Edit("b", {"asked": None}), "“Parkir?”: kapan ditanyakan"),
        (Edit("b", {"required": True}), "“Parkir?”: wajib dijawab"),
        (
            Translate("a", "en", Translation("en", "How?", ("Motorbike", "Car"))),
            "“Naik apa?”: terjemahan English",
        ),
        (Move("a", 2), "Urutan: Parkir? · Naik apa?"),
        (Reword("mutasi", "cost", tuple("ABCD")), "Biaya/tarif untuk Mutasi: A · B · C · D"),
        (
            Reword("mutasi", "cost", passed=False),
            "Biaya/tarif untuk Mutasi, “Tidak berlaku”: Tidak",
        ),
    ],
)
def test_each_difference_is_one_line_in_plain_words(change: Change, said: str):
    lines = difference(START, changed(START, change), SERVICES)
    assert [words("id").line(line) for line in lines] == [said]
