"""Instruments as data: each computed by its own values, scale, weights and grades."""

import random
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from statistics import fmean, stdev

import pytest
from scipy import stats

from flows.engine.form import Step
from flows.instrument import Instrument, Item, Questionnaire
from flows.loader import SKM, instrument, words
from flows.survey.form import survey_form
from reports.official_report.report import Measure
from reports.official_report.trend import marks
from reports.statistics.counting import tally_of_rows
from reports.statistics.index import Index, grade_of, rounded
from reports.statistics.tally import Row, Tally
from tests.support.command_line import data, skm
from tests.support.instrument_tables import ALL, _a_clean_desk, table  # noqa: F401  (a fixture)
from tests.support.instruments import CURRENT, SKM_NOW, index_of, interval

SKM_BEFORE = instrument("skm-16-2014")
ASKED = [each for each in ALL if each.asked]
UNCONFIRMED = ("skm-16-2014", "ikm-25-2004", "spkp", "spak-4", "spak-6", "f-03")
named = {"ids": lambda each: each.id}


def tally_of(asked: Instrument, rows: list[list[int | None]]) -> Tally:
    answers = (Row(dict(zip(asked.keys, row, strict=True))) for row in rows)
    return tally_of_rows(asked.keys, answers, asked.lowest)


def all_of(asked: Instrument, value: int) -> Index:
    return index_of(tally_of(asked, [[value] * len(asked.keys)] * 3), instrument=asked)


@pytest.mark.parametrize("asked", ALL, **named)
def test_an_instrument_says_one_thing_of_each_item_and_value(asked: Instrument):
    assert len(set(asked.keys)) == len(asked.keys)
    lowest = [grade.lowest for grade in asked.grades]
    assert lowest == sorted(lowest, reverse=True)
    assert not lowest or lowest[-1] == 0
    texts = asked.texts()  # raises where an item has not as many options as there are values
    assert bool(texts) is asked.asked
    assert all(texts.values())


def test_what_domain_and_rules_say_of_the_number_of_items():
    found = {each.id: (len(each.items), *each.values[:: len(each.values) - 1]) for each in ALL}
    assert found == {
        "skm-14-2017": (9, 1, 4),
        "skm-16-2014": (9, 1, 4),
        "ikm-25-2004": (14, 1, 4),
        "spkp": (8, 1, 4),
        "spak-4": (5, 1, 4),
        "spak-6": (5, 1, 6),
        "f-03": (14, 0, 5),
    }
    assert instrument("skm-16-2014").keys[7] == "service_pledge"
    online = [item.key for item in instrument("f-03").items if not item.ways]
    assert len(online) == 11
    assert instrument(CURRENT).survey == SKM


@pytest.mark.parametrize("asked", ALL, **named)
def test_what_is_not_confirmed_is_marked_in_the_data(asked: Instrument):
    assert bool(asked.unconfirmed) is (asked.id in UNCONFIRMED)
    assert all("belum" in note or "bukan" in note for note in asked.unconfirmed)


@pytest.mark.parametrize("asked", ASKED, **named)
@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_asked_can_be_asked_and_fits_into_any_channel(asked: Instrument, language: str):
    spoken = words(language)

    def labels(step: Step) -> list[str]:
        return [spoken.line(choice.label) for choice in step.choices]

    steps = survey_form(Questionnaire(asked.id), asked).steps
    assert all(len(label) <= 72 for step in steps for label in labels(step))
    items = [step for step in steps if step.group == "items"]
    assert [step.id for step in items] == list(asked.keys)
    for step in items:
        assert spoken.line(step.text)
        assert [label.split()[0] for label in labels(step)[: len(asked.values)]] == list(
            map(str, asked.values)
        )


@pytest.mark.parametrize("name", ["skm-16-2014", "ikm-25-2004"])
def test_an_instrument_for_reading_cannot_be_asked(name: str):
    with pytest.raises(ValueError, match=f"{name} is for reading old answers and cannot be asked"):
        survey_form(Questionnaire(name), instrument(name))


@pytest.mark.parametrize(
    ("name", "best", "worst"),
    [
        ("skm-14-2017", "100.00", "25.00"),
        ("skm-16-2014", "100.00", "25.00"),
        ("ikm-25-2004", "100.00", "25.00"),
        ("spkp", "100.00", "25.00"),
        ("spak-4", "100.00", "25.00"),
        ("spak-6", "100.00", "16.67"),  # 1 × 100 / 6
        ("f-03", "5.00", "0.00"),
    ],
)
def test_the_best_and_the_worst_answers(name: str, best: str, worst: str):
    asked = instrument(name)
    found = [all_of(asked, value).ikm for value in (asked.scale, asked.lowest)]
    assert [rounded(ikm, 2) for ikm in found if ikm is not None] == [best, worst]


def test_figures_that_units_printed():
    """PN Payakumbuh 2020-S1 (87.56; 0.11 would give 86.68), and GASPUL's example, which printed the
    same 29 people as 90.56 and 91.48."""
    payakumbuh = table(SKM_NOW, 100, [358, 354, 329, 324, 357, 342, 378, 338, 372])
    assert data("index", "--answers", payakumbuh)["ikm"] == "87.56"
    assert data("index", "--answers", payakumbuh, "--weights", "0.11")["ikm"] == "86.68"
    gaspul = table(SKM_NOW, 29, [105, 101, 100, 116, 102, 105, 106, 105, 115])
    assert data("index", "--answers", gaspul)["ikm"] == "91.48"
    assert data("index", "--answers", gaspul, "--weights", "0.11")["ikm"] == "90.56"


def test_the_truncated_weight_of_2004():
    """DPMPTSP Bogor 2013: its printed means are sums of 150 answers, 6303 in all.
    6303 / 150 × 0.071 × 25 = 74.5855, as printed; 6303 / 150 / 14 × 25 = 75.0357."""
    sums = [447, 454, 460, 453, 456, 459, 410, 451, 484, 460, 439, 424, 442, 464]
    bogor = ("--answers", table(instrument("ikm-25-2004"), 150, sums), "--instrument")
    printed = data("index", *bogor, "ikm-25-2004", "--weights", "0.071")
    assert (printed["ikm"], printed["grade"], printed["method"]) == ("74.59", "B", "0.071")
    assert data("index", *bogor, "ikm-25-2004")["ikm"] == "75.04"
    assert "99.40 at most" in skm("index", *bogor, "ikm-25-2004", "--weights", "0.071").stdout


@pytest.mark.parametrize(
    ("ikm", "grade"),
    [("81.255", "A"), ("81.254", "B"), ("62.505", "B"), ("62.504", "C"), ("43.754", "D")],
)
def test_the_grades_of_2004_are_those_of_the_rounded_index(ikm: str, grade: str):
    assert grade_of(Fraction(ikm), instrument("ikm-25-2004").grades).grade == grade


def test_zero_is_an_answer_where_the_scale_begins_there_and_a_fault_elsewhere():
    """(0 + 4) / 2 = 2 and 5: the mean of the items somebody answered is 3.5, "cost" is left out."""
    asked = instrument("f-03")
    rows = [Row({"requirements": 0, "procedure": 5, "cost": None}), Row({"requirements": 4})]
    index = index_of(tally_of_rows(asked.keys, rows, asked.lowest), instrument=asked)
    assert index.elements["requirements"] == (2, Fraction(2))
    assert (index.ikm, index.grade) == (Fraction(7, 2), None)
    assert "cost" in index.left_out
    with pytest.raises(ValueError, match="has the value 0; give 1 or more, or None"):
        tally_of_rows(instrument(CURRENT).keys, [Row({"cost": 0})])
    with pytest.raises(ValueError, match="has the value -1; give 0 or more"):
        tally_of_rows(asked.keys, [Row({"cost": -1})], asked.lowest)


@pytest.mark.parametrize("name", ["f-03", "spak-6"])
def test_the_interval_stands_on_the_instruments_own_scale(name: str):
    """On complete rows the index is the mean of the rows' own, so its interval is Student's."""
    asked, chance = instrument(name), random.Random(4)
    rows = [[chance.choice(asked.values) for _ in asked.items] for _ in range(12)]
    each = [fmean(row) * float(asked.times) for row in rows]
    half = stats.t.ppf(0.975, 11) * stdev(each) / sqrt(12)
    found = interval(tally_of(asked, rows), instrument=asked)
    assert found == pytest.approx((fmean(each) - half, fmean(each) + half))
    lowest = [[asked.lowest] * len(asked.items)] * 9 + [[asked.lowest + 1] * len(asked.items)]
    low, _ = interval(tally_of(asked, lowest), instrument=asked) or (None, None)
    assert low == pytest.approx(float(asked.lowest * asked.times))


@pytest.mark.parametrize("asked", ALL, **named)
def test_the_order_of_rows_and_items_changes_nothing(asked: Instrument):
    chance = random.Random(asked.id)
    rows = [
        Row({key: chance.choice([*asked.values, None]) for key in asked.keys}) for _ in range(20)
    ]
    there = index_of(tally_of_rows(asked.keys, rows, asked.lowest), instrument=asked)
    shuffled = chance.sample(asked.keys, len(asked.keys))
    turned = tally_of_rows(shuffled, chance.sample(rows, len(rows)), asked.lowest)
    back = index_of(turned, instrument=asked)
    assert (back.ikm, back.elements, back.grade) == (there.ikm, there.elements, there.grade)


def test_an_element_of_several_questions_is_the_mean_of_their_means():
    """Procedure: 4 and (2 + 1) / 2 = 1.5, so 2.75; cost 3. SKM = 2.875, IKM = 71.875."""
    two = tuple(Item(f"procedure_{n}", "Prosedur", element="procedure") for n in (1, 2))
    asked = replace(instrument(CURRENT), items=(*two, Item("cost", "Biaya")))
    rows = [Row({"procedure_1": 4, "procedure_2": 2, "cost": 3}), Row({"procedure_2": 1})]
    index = index_of(tally_of_rows(asked.keys, rows), instrument=asked)
    assert index.elements == {"procedure": (2, Fraction(11, 4)), "cost": (1, Fraction(3))}
    assert index.ikm == Fraction("71.875")
    assert asked.element_name("procedure") == "Prosedur"


def test_a_change_between_instruments_is_not_told():
    same = Measure(CURRENT, frozenset(SKM_NOW.keys))
    other = Measure(SKM_BEFORE.id, frozenset(SKM_BEFORE.keys))
    fewer = Measure(CURRENT, frozenset(SKM_NOW.keys[:-1]))
    assert marks(same, same) == ()
    said = {"other": other, "fewer": fewer}
    spoken = words("id")
    assert {k: [spoken.line(line) for line in marks(same, m)] for k, m in said.items()} == {
        "other": [
            "Kuesionernya berbeda (skm-16-2014 lalu skm-14-2017), jadi angkanya tidak sebanding."
        ],
        "fewer": ["1 unsur hanya dijawab di salah satu periode, jadi angkanya tidak sebanding."],
    }
