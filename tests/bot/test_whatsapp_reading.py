"""What Meta's payloads mean to us and to pywa: the same, of every kind that we read."""

from typing import Any

import pytest

from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.updates import Failed, Left, read
from flows.engine.events import Attached, Edited, Located, Opened, Tapped, Typed
from tests.support import whatsapp_events as events
from tests.support.offices import NOON
from tests.support.whatsapp_events import APP_SECRET, Who, pywas
from tests.support.whatsapp_limits import Json
from tests.support.whatsapp_server import PHONE

IDS, RINI = ChatIds(APP_SECRET), Who()


def brought(sent: Json, **value: Any) -> tuple[Any, Any]:
    """Ours, and pywa's."""
    raw = events.body(events.value(sent, contacts=(RINI,), **value))
    (heard,) = read(raw, IDS, PHONE, NOON).heard
    assert heard.address == f"wa:{RINI.id}"
    theirs = pywas(raw)
    assert theirs.from_user.bsuid == RINI.id
    assert theirs.timestamp.timestamp() == heard.event.at == NOON
    assert heard.event.id == IDS.event(theirs.id)
    return heard.event, theirs


def test_a_text():
    ours, theirs = brought(events.message(RINI, NOON, text="sangat *mudah* 👍"))
    assert isinstance(ours, Typed)
    assert ours.text == theirs.text


def test_a_link_sent_unchanged():
    ours, theirs = brought(events.message(RINI, NOON, text="Survei: SAMSAT-BC_mutasi"))
    assert ours == Opened(ours.id, NOON, "SAMSAT-BC_mutasi")
    assert theirs.text.endswith(ours.opening)


@pytest.mark.parametrize("of_list", [True, False])
def test_a_tap(of_list):
    """pywa reads a list's answer and a button's apart; to us both are taps."""
    sent = events.chosen(RINI, NOON, "9bFl:consent:agreed", "Setuju", of_list=of_list)
    ours, theirs = brought(sent)
    assert ours == Tapped(ours.id, NOON, "9bFl", "consent", "agreed")
    assert (theirs.data, theirs.title) == ("9bFl:consent:agreed", "Setuju")


def test_a_quick_reply_below_a_template():
    ours, theirs = brought(events.quick_reply(RINI, NOON, "/bantuan"))
    assert ours.command == "help"
    assert theirs.data == "/bantuan"


def test_a_place():
    ours, theirs = brought(events.message(RINI, NOON, "location", latitude=1.13, longitude=104.05))
    assert ours == Located(ours.id, NOON, 1.13, 104.05)
    assert (theirs.location.latitude, theirs.location.longitude) == (1.13, 104.05)


def test_a_document():
    content = {"id": "77", "filename": "unit.csv", "caption": "ini", "mime_type": "text/csv"}
    ours, theirs = brought(events.message(RINI, NOON, "document", sha256="x", **content))
    assert ours == Attached(
        ours.id, NOON, "document", "77", "unit.csv", caption="ini", message=ours.id
    )
    assert (theirs.document.id, theirs.document.filename, theirs.caption) == (
        "77",
        "unit.csv",
        "ini",
    )


def test_a_photo():
    content = {"id": "78", "mime_type": "image/jpeg", "sha256": "x"}
    ours, theirs = brought(events.message(RINI, NOON, "image", **content))
    assert ours == Attached(ours.id, NOON, "photo", "78", message=ours.id)
    assert theirs.image.id == "78"


def test_an_edited_message():
    text = {"type": "text", "text": {"body": "4"}}
    sent = events.message(RINI, NOON, "edit", original_message_id="wamid.old", message=text)
    ours, theirs = brought(sent)
    assert ours == Edited(ours.id, NOON, IDS.event("wamid.old"), "4")
    assert (theirs.original_message_id, theirs.message.text) == ("wamid.old", "4")


@pytest.mark.parametrize("sent_to_number", [True, False])
def test_a_message_that_failed(sent_to_number):
    status: Json = {"id": "wamid.9", "status": "failed", "timestamp": str(NOON)}
    status |= {"recipient_id": RINI.number} if sent_to_number else {"recipient_user_id": RINI.id}
    status |= {"errors": [{"code": 131026, "title": "x", "message": "x"}]}
    raw = events.body(
        events.value(statuses=[{**status, "biz_opaque_callback_data": "9bFlIkpYt5E"}])
    )
    (failed,) = read(raw, IDS, PHONE, NOON).failed
    address = IDS.address("", RINI.number) if sent_to_number else f"wa:{RINI.id}"
    assert failed == Failed(IDS.event("wamid.9"), address, 131026, "9bFlIkpYt5E")
    if not sent_to_number:
        theirs = pywas(events.body({**events.value(contacts=(RINI,)), "statuses": [status]}))
        assert theirs.error.code == failed.code


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "played"])
def test_what_arrives_needs_nothing(state):
    status = {"id": "wamid.9", "status": state, "timestamp": str(NOON), "recipient_user_id": "ID.1"}
    found = read(events.body(events.value(statuses=[status])), IDS, PHONE, NOON)
    assert (found.heard, found.failed, found.unreadable) == ([], [], 0)


def test_a_changed_number():
    changed = {"body": "x", "type": "user_changed_number", "wa_id": "62899", "user_id": "ID.2"}
    sent = events.message(RINI, NOON, "system", **changed)
    raw = events.body(events.value(sent))
    assert read(raw, IDS, PHONE, NOON).left == [Left(f"wa:{RINI.id}", is_gone=True)]
    assert pywas(raw).old_wa_id == RINI.number


def test_who_wants_no_more_messages():
    wish = {"wa_id": RINI.number, "user_id": RINI.id, "value": "stop", "timestamp": str(NOON)}
    raw = events.body(events.value(user_preferences=[{**wish, "category": "marketing_messages"}]))
    assert read(raw, IDS, PHONE, NOON).left == [Left(f"wa:{RINI.id}", is_gone=False)]


@pytest.mark.parametrize(
    ("who", "contacts", "address"),
    [
        (Who("", "62811"), (Who("", "62811"),), IDS.address("", "62811")),
        (Who("", "62811"), (Who("ID.7", "62811"),), "wa:ID.7"),
        (Who("ID.7", ""), (Who("ID.7", ""),), "wa:ID.7"),
        (Who("", "62811"), (Who("ID.8", "62822"), Who("ID.7", "62811")), "wa:ID.7"),
        (Who("ID.ENT.7", "62811"), (), "wa:ID.ENT.7"),
    ],
)
def test_whose_it_is(who, contacts, address):
    """The opaque id goes before the number, wherever it stands."""
    sent = events.message(who, NOON, text="halo")
    (heard,) = read(events.body(events.value(sent, contacts=contacts)), IDS, PHONE, NOON).heard
    assert heard.address == address
