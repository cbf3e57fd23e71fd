"""What people are told of an instrument's table, and what cannot be computed."""

from pathlib import Path

import pytest

from flows.loader import instrument, instrument_ids
from tests.support.command_line import in_indonesian, refusal
from tests.support.instrument_tables import _a_clean_desk, table  # noqa: F401  (a fixture)
from tests.support.instruments import SKM_NOW


def test_the_table_for_people_says_scale_elements_left_out_and_what_is_unconfirmed():
    row = ",".join(["0", "5"] + ["5"] * 5 + [""] * 3 + ["5"] * 4)
    Path("f.csv").write_text(f"{','.join(instrument('f-03').keys)}\n{row}\n")
    said = in_indonesian("index", "--answers", "f.csv", "--instrument", "f-03").stdout
    assert "Indeks 4,55 · skala 0,00–5,00 · 1 responden" in said  # 50 / 11
    left_out = "tidak ada yang menjawab: Tempat parkir, Ruang tunggu, Toilet; bobot 1/11"
    assert left_out in " ".join(said.split())
    assert "bukan naskah resmi." in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("--instrument", "skm"),
            f"There is no instrument “skm”. There are: {', '.join(instrument_ids())}",
        ),
        (("--instrument", "spkp", "--order", "list"), "spkp has no other order than its own"),
        (("--instrument", "spkp"), "Row 2, column requirements: “0” is not 1, 2, 3, 4 or empty."),
        (("--instrument", "spak-6"), "The header has no column no_discrimination, no_shortcuts"),
    ],
)
def test_what_cannot_be_computed_is_refused(args: tuple[str, ...], said: str):
    Path("s.csv").write_text(f"{','.join(instrument('spkp').keys)}\n4,0,4,4,4,4,4,4\n")
    assert refusal("index", "--answers", "s.csv", *args).startswith(said)


def test_a_weight_that_was_never_printed_for_an_instrument_is_refused():
    file = table(SKM_NOW, 1, [4] * 9)
    said = refusal("index", "--answers", file, "--weights", "0.071")
    assert said == (
        'Weight 0.071 was never printed for skm-14-2017. Use --weights exact or "0.11".'
    )
