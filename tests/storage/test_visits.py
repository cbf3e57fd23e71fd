"""A visit link shows a visit and counts once; what is forged, edited or another's shows nothing."""

import base64
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.intents import visit_payload
from storage.answers import visits, votes
from storage.answers.votes import Person
from storage.periods import parse
from storage.units import Unit
from storage.vault import Vault
from tests.support.offices import SECRET, VAULT, Chance

TODAY = date(2026, 11, 19)
SERVICES = [{"id": "pajak", "label": "Pajak tahunan"}, {"id": "stnk", "label": "STNK"}]


def unit(id: int = 1, period: str = "quarter") -> Unit:
    place = ("SMST", "Samsat", "Bapenda", "Batam", "Asia/Jakarta", "samsat", period)
    return Unit(id, *place, 1000, SERVICES, "skm-14-2017")  # type: ignore[arg-type]


def token(service: str = "", day: date = TODAY, of: Unit | None = None, seed: int = 0) -> str:
    return visits.make(VAULT, of or unit(), service, day, Chance(seed))


days = st.dates(date(2020, 1, 1), date(2199, 6, 6))


@given(id=st.integers(1, 2**32 - 1), day=days, service=st.sampled_from(["", "pajak", "stnk"]))
def test_what_a_token_says_is_what_it_was_made_of(id, day, service):
    made = token(service, day, unit(id))
    found = visits.read(VAULT, made)
    assert found is not None
    assert (found.unit_id, found.day, found.service_in(unit(id))) == (id, day, service)
    assert len(visit_payload(made)) <= 64  # what Telegram carries
    assert set(visit_payload(made)) <= set(LETTERS)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(place=st.integers(0, 51), letter=st.sampled_from(LETTERS))
def test_a_token_with_one_letter_changed_is_none(place, letter):
    made = token("pajak")
    edited = made[:place] + letter + made[place + 1 :]
    assert (visits.read(VAULT, edited) is None) is (edited != made)


@given(text=st.text(max_size=64) | st.text(LETTERS, min_size=52, max_size=52))
def test_whatever_else_is_none(text):
    assert visits.read(VAULT, text) is None
    assert visits.unseal(VAULT, text) is None


def test_of_another_installation_it_is_none():
    assert visits.read(Vault("x" * 32), token()) is None


def test_a_key_that_is_not_accepted_any_more_voids_what_it_signed(monkeypatch):
    old = token()
    monkeypatch.setattr(visits, "KEY_IDS", (1, 2))
    new = token()
    assert visits.read(VAULT, old)
    assert visits.read(VAULT, new)
    assert base64.urlsafe_b64decode(new)[0] == 2
    monkeypatch.setattr(visits, "KEY_IDS", (2,))
    assert visits.read(VAULT, old) is None
    assert visits.read(VAULT, new)


def test_its_service_or_any():
    one, any_ = visits.read(VAULT, token("pajak")), visits.read(VAULT, token())
    assert one
    assert any_
    assert [one.is_of(service) for service in ("pajak", "stnk")] == [True, False]
    assert [any_.is_of(service) for service in ("pajak", "stnk")] == [True, True]
    gone = visits.read(VAULT, token("mutasi"))
    assert gone
    assert gone.service_in(unit()) is None


@pytest.mark.parametrize(
    ("later", "opens", "counts"),
    [(-1, 0, 0), (0, 1, 1), (7, 1, 1), (8, 0, 1), (14, 0, 1), (15, 0, 0)],
)
def test_seven_days_to_open_it_fourteen_to_send(later, opens, counts):
    found = visits.read(VAULT, token())
    assert found
    day = TODAY + timedelta(later)
    assert (found.opens(day), found.counts(day)) == (bool(opens), bool(counts))


@given(day=days, period=st.sampled_from(["month", "quarter", "semester", "year"]))
def test_while_it_may_be_sent_the_key_of_its_voice_is_there(day, period):
    """`storage.answers.votes` destroys the key after the period's last day + 14: a link opened late
    could
    otherwise count a second time under a new key."""
    found = visits.read(VAULT, token("", day))
    assert found
    last = max(day + timedelta(n) for n in range(20) if found.counts(day + timedelta(n)))
    assert last <= found.period(unit(1, period)).last + votes.KEPT


def test_its_voice_is_of_the_period_of_its_day():
    found = visits.read(VAULT, token(day=date(2026, 12, 31)))
    assert found
    assert found.period(unit()) == parse("2026-Q4")


def test_a_seal_says_nothing_and_is_the_same_for_the_same_link():
    one, other = (visits.read(VAULT, token(seed=seed)) for seed in (1, 2))
    assert one
    assert other
    sealed = visits.seal(VAULT, one)
    assert visits.seal(VAULT, one) == sealed != visits.seal(VAULT, other)
    assert visits.unseal(VAULT, sealed) == one
    assert visits.unseal(Vault("x" * 32), sealed) is None
    assert one.token not in base64.urlsafe_b64decode(sealed)


def test_the_signing_key_is_neither_the_secret_nor_the_sealing_key():
    keys = {VAULT.key("visit 1"), VAULT.key("visit 2"), VAULT.key("visit nonce")}
    assert len(keys) == 3
    assert not {SECRET.encode()} & keys
    with pytest.raises(Exception, match="begun with"):
        VAULT.unseal(bytes(12) + bytes(32), "visit")


def test_a_visits_voice_is_nobodys_and_no_claim():
    found, key = visits.read(VAULT, token()), bytes(32)
    assert found
    rini = Person("tg:1", 1, "pajak")
    assert len({found.hash(key), rini.hash(key), rini.claim(key, bytes(32))}) == 3
