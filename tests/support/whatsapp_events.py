"""Meta's webhook payloads, as its reference shows them; each is also read by pywa.

`body(message(rini, 5, text="halo"))` is the request that brings one message.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from pywa.types.base_update import RawUpdate
from pywa_async import WhatsApp

from tests.support.whatsapp_limits import Json
from tests.support.whatsapp_server import ACCOUNT, NUMBER, PHONE

APP_SECRET = "0123456789abcdef0123456789abcdef"
VERIFY = "kata-verifikasi_1"
_numbers: Iterator[int] = count(1)


@dataclass(frozen=True)
class Who:
    """Somebody on WhatsApp: `id` as Meta gives it, `number` where it is not hidden."""

    id: str = "ID.13491208655302741918"
    number: str = "6281111111111"
    name: str = "Rini"

    @property
    def contact(self) -> Json:
        contact: Json = {"profile": {"name": self.name}}
        contact |= {"wa_id": self.number} if self.number else {}
        return contact | ({"user_id": self.id} if self.id else {})


def message(who: Who, at: int, kind: str = "text", /, **content: Any) -> Json:
    """`content`: what stands under `kind`, or `text` its words."""
    if kind == "text":
        content = {"body": content["text"]}
    sender = {"from": who.number} if who.number else {}
    sender |= {"from_user_id": who.id} if who.id else {}
    # As Meta's ids are: the number can be read in it.
    id = f"wamid.{who.number or who.id}.{next(_numbers)}"
    return {**sender, "id": id, "timestamp": str(at), "type": kind, kind: content}


def chosen(who: Who, at: int, data: str, title: str, *, of_list: bool) -> Json:
    kind = "list_reply" if of_list else "button_reply"
    reply = {"id": data, "title": title}
    sent = message(who, at, "interactive", type=kind, **{kind: reply})
    return {**sent, "context": {"from": NUMBER, "id": "wamid.theirs"}}


def quick_reply(who: Who, at: int, payload: str, text: str = "Baca") -> Json:
    sent = message(who, at, "button", payload=payload, text=text)
    return {**sent, "context": {"from": NUMBER, "id": "wamid.theirs"}}


def value(*messages: Json, contacts: tuple[Who, ...] = (), **more: Any) -> Json:
    metadata = {"display_phone_number": NUMBER, "phone_number_id": PHONE}
    found: Json = {"messaging_product": "whatsapp", "metadata": metadata}
    if contacts:
        found["contacts"] = [each.contact for each in contacts]
    return found | ({"messages": [*messages]} if messages else {}) | more


def body(*values: Json) -> bytes:
    """One entry a value."""
    entries = [
        {"id": ACCOUNT, "changes": [{"value": each, "field": "messages"}]} for each in values
    ]
    return json.dumps({"object": "whatsapp_business_account", "entry": entries}).encode()


def signed(raw: bytes, secret: str = APP_SECRET) -> dict[str, str]:
    made = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={made}", "Content-Type": "application/json"}


def pywas(raw: bytes) -> Any:
    """What pywa makes of a request that holds one message or status: the second opinion."""
    client = WhatsApp(phone_id=PHONE, token="EAA", server=None)
    update = RawUpdate(raw, hmac_header=None, update_hash="")
    handler = client._get_handler_type(update)
    assert handler is not None, "pywa knows no such update"
    return client._handlers_to_updates[handler].from_update(client=client, update=update)
