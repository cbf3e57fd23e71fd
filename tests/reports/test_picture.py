"""The picture of a digest says what it should; how it looks is for eyes: docs/gallery."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from typing import Literal

import pytest
from PIL import Image, ImageChops, ImageStat

from flows.loader import words
from reports.digest.caption import More, digest_text
from reports.digest.composed import Digest, Office
from reports.digest.details import details_text
from reports.digest.picture import PAPER, drawing, picture, render
from reports.printed.redrawing import sides_of
from reports.printed.typesetting import compiler, program
from reports.statistics.tally import Tally
from tests.support.digest_weeks import EMPTY, KEYS, digest, straight, uneven
from tests.support.gallery import COURSE

WEEK = digest(
    uneven(cost=4, product=8, facilities=20),
    straight(threes=30, fours=10),
    agency=dict.fromkeys(KEYS, Fraction(13, 4)),
)
PLOT = 1080 - 2 * 35 * 18 / 13 - 116  # pixels from a mean of 1 to a mean of 4
BANDS = ("#d6dce2", "#e1e6eb", "#ebeff2", "#f4f6f8")
WEAK = "#7c2d12"
FORMS: tuple[Literal["jpeg", "png"], ...] = ("jpeg", "png")
LEGEND = 40  # pixels of the sample of a colour in the legend


def size(jpeg: bytes) -> tuple[int, int]:
    assert jpeg.startswith(b"\xff\xd8\xff")
    return sides_of(jpeg)


def ranged(found: Digest) -> bool:
    """Whether the legend says what the bands around the means are."""
    return "interval" in [each["sign"] for each in drawing(found, words("id"))["legend"]]


def widths(found: Digest, fill: str) -> list[float]:
    """The widths of all rectangles of a colour, in pixels, in the order they are drawn."""
    drawn = render(drawing(found, words("id")), "svg").decode()
    return [
        float(width) for width in re.findall(rf'fill="{fill}"[^>]* d="[^"h]*h ([0-9.]+)', drawn)
    ]


def named(name: str) -> Digest:
    return digest(uneven(cost=20), office=Office("X", name, ""))


@pytest.mark.parametrize("tally", [uneven(57), straight(fours=3), EMPTY])
def test_every_week_has_a_picture_that_fits_a_phone(tally: Tally) -> None:
    width, height = size(picture(digest(tally), words("id")))
    assert width == 780
    assert height < 1.4 * width


def test_the_tallest_picture_is_no_larger_than_telegram_shows_it() -> None:
    tallest = replace(named("Unit Pelayanan " * 8), course=COURSE)
    assert max(size(picture(tallest, words("id")))) <= 1280


def test_the_same_digest_is_the_same_picture() -> None:
    assert picture(WEEK, words("id")) == picture(WEEK, words("id"))
    assert picture(WEEK, words("id")) != picture(WEEK, words("en"))


def test_bars_are_as_long_as_the_means_and_the_weakest_are_dark() -> None:
    bars = [width for width in widths(WEEK, WEAK) if width != LEGEND]
    # Facilities 2.50; product 2.80 and cost 2.90 are lower than the rest by chance.
    assert bars == pytest.approx([PLOT * 1.5 / 3], abs=0.1)


def test_few_answers_have_a_wide_band_around_each_mean_and_the_page_still_fits() -> None:
    agency = dict.fromkeys(KEYS, Fraction(13, 4))
    few = digest(uneven(5, cost=2), straight(threes=30, fours=10), agency=agency)
    for row in drawing(few, words("id"))["rows"]:
        low, high = row["interval"]
        assert low < row["mean"] < high
    # The week before, of 40 a quarter lies one above: √(7.5/39) = 0.439, so 0.45; t(39) = 2.0227.
    half = 2.0227 * 0.45 / 5**0.5
    assert drawing(few, words("id"))["rows"][3]["interval"] == pytest.approx(
        [2.6 - half, 2.6 + half], abs=0.006
    )
    width, height = size(picture(few, words("id")))
    assert height < 1.4 * width


def test_a_digest_that_was_kept_before_there_were_ranges_is_still_drawn_and_told() -> None:
    kept = json.loads(json.dumps(WEEK.to_json()))
    for element in kept["elements"]:
        assert element.pop("interval")
    before = Digest.from_json(kept)
    assert all(element.interval is None for element in before.elements)
    assert [element.mean for element in before.elements] == [e.mean for e in WEEK.elements]
    assert (ranged(WEEK), ranged(before)) == (True, False)
    assert size(picture(before, words("id"))) <= size(picture(WEEK, words("id")))
    assert digest_text(before, words("id")) == digest_text(WEEK, words("id"))
    assert details_text(before, words("id"), More()) == details_text(WEEK, words("id"), More())


def test_grades_stand_behind_the_bars_at_their_lowest_means() -> None:
    bands = [width for fill in BANDS for width in widths(WEEK, fill)]
    edges = (1, 2.6, 3.0644, 3.5324, 4)  # 65.00, 76.61 and 88.31 by 25
    expected = [PLOT * (end - start) / 3 for start, end in pairwise(edges)]
    assert bands == pytest.approx(expected, abs=0.1)


def test_what_is_hidden_has_no_bar_and_says_so() -> None:
    few = drawing(digest(straight(fours=3)), words("id"))
    assert few["ikm"] is None
    assert "rows" not in few
    assert few["lines"][0] == "3 jawaban masuk."


def test_rows_carry_label_value_last_week_and_agency() -> None:
    data = drawing(WEEK, words("id"))
    assert data["rows"][3] == {
        "name": "Biaya/Tarif",
        "mean": 2.9,
        "value": "2,90",
        "before": 3.25,
        "agency": 3.25,
        "interval": [2.76, 3.04],  # 2.0227 × 0.45 / √40 by the week before
        "weak": False,
    }
    assert [entry["sign"] for entry in data["legend"]] == [
        "weakest",
        "before",
        "agency",
        "interval",
    ]
    assert drawing(named("X"), words("id"))["legend"] == [
        {"sign": "weakest", "name": "paling lemah"},
        {"sign": "interval", "name": "rentang ±"},
    ]


def test_a_phone_gets_what_typst_itself_draws() -> None:
    data = drawing(replace(WEEK, course=COURSE), words("id"))
    jpeg, png = (Image.open(BytesIO(render(data, form))).convert("RGB") for form in FORMS)
    assert jpeg.size == png.size
    # Another hand draws edges and letters; over squares of 10 pixels there is little of that.
    apart = ImageChops.difference(jpeg.reduce(10), png.reduce(10))
    assert max(most for _, most in apart.getextrema()) < 40
    assert max(ImageStat.Stat(apart).mean) < 2


def test_a_long_name_wraps_and_is_never_markup() -> None:
    short = size(picture(named("Samsat"), words("id")))
    long = size(picture(named("Unit Pelayanan " * 8), words("id")))
    assert short[0] == long[0]
    assert short[1] < long[1] < short[1] + 100
    picture(named('#panic("no") $x$ *b* "] } \\ <a> https://x @y'), words("id"))
    picture(named("W" * 80), words("id"))
    picture(named(""), words("id"))


def test_the_fonts_are_there() -> None:
    source = program(PAPER, drawing(WEEK, words("id")))
    _, warnings = compiler(PAPER.parent).compile_with_warnings(source, format="png")
    assert warnings == []
