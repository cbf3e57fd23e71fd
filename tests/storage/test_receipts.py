"""A receipt commits to what was counted, shows nothing of it, and finds what was changed."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.answers import receipts
from storage.answers.receipts import canonical, leaf
from tests.support.offices import Chance, count, draft, office, respond, unit_row

ROW = {
    "unit": "SMST-BTM",
    "service": "pajak",
    "version": "skm-14-2017",
    "local_date": "2026-11-19",
    "source": "chat",
    "verified": False,
    "answers": {"requirements": 4, "procedure": None},
}
# Written by hand: keys in order, no spaces, null and false as JSON has them.
BYTES = (
    '{"answers":{"procedure":null,"requirements":4},"local_date":"2026-11-19","service":"pajak",'
    '"source":"chat","unit":"SMST-BTM","verified":false,"version":"skm-14-2017"}'
)


def test_the_leaf_is_the_hash_of_a_zero_byte_the_salt_and_the_row():
    salt = bytes(range(16))
    assert canonical(ROW).decode() == BYTES
    assert leaf(salt, ROW) == hashlib.sha256(b"\x00" + salt + BYTES.encode()).digest()
    assert leaf(salt, dict(reversed(ROW.items()))) == leaf(salt, ROW)
    assert canonical({"x": "é"}) == b'{"x":"\xc3\xa9"}'  # UTF-8, nothing escaped


keys = st.text(max_size=9)


@given(
    st.dictionaries(keys, keys | st.booleans()),
    st.dictionaries(keys, st.none() | st.integers(0, 9)),
)
def test_of_any_words_the_leaf_is_that_of_the_canonical_row(row, answers):
    whole = row | {"answers": answers}
    by_json = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert leaf(b"", whole) == hashlib.sha256(b"\x00" + by_json.encode()).digest()


@pytest.mark.parametrize(
    "changed",
    [{"unit": "SMST-BTH"}, {"service": "stnk"}, {"version": "skm-14-2018"}, {"source": "imported"},
     {"local_date": "2026-11-20"}, {"verified": True}, {"answers": {"requirements": 3}}],
)  # fmt: skip
def test_another_row_or_salt_is_another_leaf(changed):
    assert leaf(bytes(16), ROW | changed) != leaf(bytes(16), ROW)
    assert leaf(bytes(15) + b"\x01", ROW) != leaf(bytes(16), ROW)


def test_a_code_is_a_hundred_bits_in_five_groups():
    # RFC 4648: 0x00 0x44 0x32 0x14 0xC7 is A B C D E F G H; zeros are A, ones are 7.
    assert receipts.code(bytes.fromhex("00443214c7") + bytes(27)) == "ABCD-EFGH-AAAA-AAAA-AAAA"
    assert receipts.code(b"\xff" * 32) == "7777-7777-7777-7777-7777"


def test_a_kept_response_is_committed_to_by_its_unit_s_own_date(database_url):
    """23:30 on the 19th in Jakarta is half past one on the 20th in Jayapura."""
    at = int(datetime(2026, 11, 19, 16, 30, tzinfo=UTC).timestamp())
    with office(database_url, unit_row("BARAT", "WIB"), unit_row("TIMUR", "WIT")) as engine:
        with engine.begin() as connection:
            for seed, code, day in ((1, "BARAT", "2026-11-19"), (2, "TIMUR", "2026-11-20")):
                given = draft(at, [4, None, 3, 2, 1, 4, 4, 4, 4])
                shown = respond(connection, code, Chance(seed), given)
                row = ROW | {"unit": code, "local_date": day, "answers": dict(given.answers)}
                assert shown == receipts.code(leaf(Chance(seed)(16), row))
        assert count(engine, "response") == 2
