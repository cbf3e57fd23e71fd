"""The citizen's survey: the official words, the order, what may be passed over, what is sent."""

import pytest

from flows.engine.events import Typed
from flows.engine.form import NOT_APPLICABLE, SKIP_ALL
from flows.engine.say import say
from flows.engine.screen import QUOTED, screen
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import instrument, words
from flows.survey.form import CONSENT
from tests.support.events_of_forms import begun
from tests.support.instruments import CURRENT
from tests.support.survey_form import PLAIN, Citizen, draft_of, form_of

# The annex's questionnaire as agreeing copies give it: question and four answers, in its order.
OFFICIAL = """
Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis pelayanannya?
Tidak sesuai | Kurang sesuai | Sesuai | Sangat sesuai
Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?
Tidak mudah | Kurang mudah | Mudah | Sangat mudah
Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?
Tidak cepat | Kurang cepat | Cepat | Sangat cepat
Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?
Sangat mahal | Cukup mahal | Murah | Gratis
Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum dalam standar \
pelayanan dengan hasil yang diberikan?
Tidak sesuai | Kurang sesuai | Sesuai | Sangat sesuai
Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?
Tidak kompeten | Kurang kompeten | Kompeten | Sangat kompeten
Bagaimana pendapat Saudara perilaku petugas dalam pelayanan terkait kesopanan dan keramahan?
Tidak sopan dan ramah | Kurang sopan dan ramah | Sopan dan ramah | Sangat sopan dan ramah
Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?
Buruk | Cukup | Baik | Sangat baik
Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?
Tidak ada | Ada tetapi tidak berfungsi | Berfungsi kurang maksimal | Dikelola dengan baik
"""
KEYS = (
    "requirements", "procedure", "completion_time", "cost", "product", "officer_competence",
    "officer_conduct", "facilities", "complaint_handling",
)  # fmt: skip
EXTRAS = (
    Extra("a1", "Apakah loket disabilitas mudah ditemukan?", "scale"),
    Extra("b2", "Naik apa?", "choice", ("Motor", "Mobil")),
    Extra("c3", "Apa lagi?", "text"),
)
MORE = Questionnaire(CURRENT, EXTRAS)


def test_questions_and_answers_are_the_official_ones():
    lines = OFFICIAL.strip().splitlines()
    items = instrument(CURRENT).items
    assert [item.question for item in items] == lines[0::2]
    assert [" | ".join(item.options) for item in items] == lines[1::2]
    assert instrument(CURRENT).keys == KEYS


def test_the_steps_stand_in_the_order_of_the_design():
    profile = ("sex", "age", "education", "occupation")
    asides = ("language", "display", "change", "resume")
    people = ("officer_competence", "officer_conduct")
    why = dict.fromkeys(f"why_{key}" for key in (*people, *KEYS))
    first, last = ("consent", "service", *KEYS, *why), ("comment", *profile, "review", *asides)
    assert tuple(step.id for step in form_of(PLAIN).steps) == (*first, *last)
    extras = ("x_a1", "x_b2", "x_c3")
    assert tuple(step.id for step in form_of(MORE).steps) == (*first, *extras, *last)


def test_only_cost_and_complaints_may_be_not_applicable():
    steps = form_of(PLAIN).steps
    may = [step.id for step in steps if NOT_APPLICABLE in [choice.id for choice in step.choices]]
    assert may == ["cost", "complaint_handling"]


def test_fourteen_taps_with_everything_optional_passed_over():
    rini = Citizen().begin().nine().tap("Lewati").tap("Lewati semua").tap("Kirim")
    assert rini.taps == 14
    assert len(rini.sent) == 1


def test_seventeen_taps_with_the_whole_profile():
    rini = Citizen().begin().nine().tap("Lewati")
    rini.tap("Perempuan").tap("26–35").tap("S1").tap("Swasta").tap("Kirim")
    assert rini.taps == 17


def test_the_consent_names_the_number_of_questions_that_are_asked():
    assert "9 pertanyaan" in say(screen(form_of(PLAIN), begun(form_of(PLAIN))), words("id")).text
    assert "12 pertanyaan" in say(screen(form_of(MORE), begun(form_of(MORE))), words("id")).text


def test_declining_ends_before_anything_is_answered():
    rini = Citizen().tap("Tidak")
    assert (rini.run.conversation.answers, rini.run.conversation.status) == ({}, "declined")
    assert rini.sent == []


@pytest.mark.parametrize("passed", [0, 1, 2])
def test_skipping_all_ends_the_profile_wherever_it_is_said(passed: int):
    rini = Citizen().begin().nine().tap("Lewati")
    for label in ("Laki-laki", "17–25")[:passed]:
        rini.tap(label)
    assert "Sudah benar?" in rini.tap("Lewati semua").text


def test_what_is_skipped_is_left_out_of_the_review_but_may_be_changed():
    rini = Citizen().begin().nine().tap("Lewati").tap("Lewati semua")
    assert "Lewati" not in rini.text
    assert "Jenis kelamin" not in rini.text
    assert "Usia Anda?" in rini.tap("Ubah").tap("Jenis kelamin").tap("Laki-laki").text


def test_a_long_comment_is_quoted_on_one_line_and_kept_whole():
    rini = Citizen().begin().nine()
    text = "baris\n" + "x" * 900
    rini.taps += 1
    rini.run.take(Typed(str(rini.taps), rini.taps, text))
    rini.tap("Lewati semua")
    quoted = rini.text.split("Saran: ")[1].split("\n")[0]
    assert len(quoted) == QUOTED
    assert quoted.startswith("baris xxx")
    assert rini.tap("Kirim").sent[0].answers["comment"] == {"text": text}


def test_not_applicable_is_null_and_never_a_number():
    rini = Citizen().begin().nine(
        "Tidak sesuai", "Kurang mudah", "Cepat", "Tidak berlaku", "Sangat sesuai", "Kompeten",
        "Sopan dan ramah", "Baik", "Tidak berlaku",
    )  # fmt: skip
    rini.tap("Lewati").tap("Lewati").tap("Lewati").tap("Lewati semua").tap("Kirim")
    draft = draft_of(rini, PLAIN)
    assert draft.answers == dict(zip(KEYS, (1, 2, 3, None, 4, 3, 3, 3, None), strict=True))
    assert (draft.profile, draft.extra, draft.comment) == ({}, {}, None)
    assert (draft.channel, draft.consent, draft.service) == ("tg", CONSENT, "SAMSAT-BC")


def test_extra_answers_stand_apart_from_the_elements():
    rini = Citizen(MORE).begin().nine().tap("Sangat baik").tap("Mobil").tap("Lewati")
    rini.tap("Lewati").tap("Perempuan").tap("Lewati semua").tap("Kirim")
    draft = draft_of(rini, MORE)
    assert tuple(draft.answers) == KEYS
    assert draft.extra == {"a1": "4", "b2": "2"}
    assert draft.profile == {"sex": "female"}


def test_an_answer_of_a_path_since_left_is_not_sent():
    rini = Citizen().begin().nine().tap("Lewati").tap("Perempuan").tap("17–25").tap("Lewati semua")
    rini.tap("Ubah").tap("Jenis kelamin").tap("Lewati semua").tap("Kirim")
    assert draft_of(rini, PLAIN).profile == {}
    assert rini.sent[0].answers["sex"] == SKIP_ALL
    assert rini.run.conversation.answers["age"] == "17-25"


def test_progress_counts_extra_questions_on():
    rini = Citizen(MORE).begin().nine()
    assert rini.text.startswith("Pertanyaan 10 dari 12\nApakah loket")


def test_the_questionnaire_is_named_by_its_content():
    assert PLAIN.id == CURRENT
    assert Questionnaire.from_json(MORE.to_json()) == MORE
    assert MORE.id == Questionnaire(CURRENT, EXTRAS).id != Questionnaire(CURRENT, EXTRAS[:2]).id
