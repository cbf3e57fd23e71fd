"""The shape of Meta's webhook, as far as a survey reads it.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

import msgspec


class Text(msgspec.Struct):
    body: str = ""


class Reply(msgspec.Struct):
    id: str = ""


class Interactive(msgspec.Struct):
    list_reply: Reply | None = None
    button_reply: Reply | None = None


class Button(msgspec.Struct):
    """A template's quick reply."""

    payload: str = ""
    text: str = ""


class Media(msgspec.Struct):
    id: str
    caption: str = ""
    filename: str = ""


class Location(msgspec.Struct):
    """Degrees."""

    latitude: float
    longitude: float


class Unsupported(msgspec.Struct):
    type: str = ""


class System(msgspec.Struct):
    type: str = ""


class EditedTo(msgspec.Struct):
    text: Text | None = None


class Edit(msgspec.Struct):
    original_message_id: str = ""
    message: EditedTo = msgspec.field(default_factory=EditedTo)


class Message(msgspec.Struct, rename={"sender": "from"}):
    id: str
    timestamp: str
    type: str
    sender: str = ""  # a number; not there where its owner hides it
    from_user_id: str = ""
    group_id: str = ""
    text: Text | None = None
    interactive: Interactive | None = None
    button: Button | None = None
    image: Media | None = None
    document: Media | None = None
    location: Location | None = None
    edit: Edit | None = None
    unsupported: Unsupported | None = None
    system: System = msgspec.field(default_factory=System)


class Contact(msgspec.Struct):
    wa_id: str = ""
    user_id: str = ""


class Error(msgspec.Struct):
    code: int = 0


class Status(msgspec.Struct):
    """What became of a message of ours."""

    id: str
    status: str
    recipient_id: str = ""
    recipient_user_id: str = ""
    errors: tuple[Error, ...] = ()
    biz_opaque_callback_data: str = ""


class Preference(msgspec.Struct):
    value: str
    wa_id: str = ""
    user_id: str = ""


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


class Value(msgspec.Struct):
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    contacts: tuple[Contact, ...] = ()
    messages: tuple[msgspec.Raw, ...] = ()
    statuses: tuple[msgspec.Raw, ...] = ()
    user_preferences: tuple[msgspec.Raw, ...] = ()


class Change(msgspec.Struct):
    value: msgspec.Raw


class Entry(msgspec.Struct):
    changes: tuple[Change, ...] = ()


class Webhook(msgspec.Struct):
    entry: tuple[Entry, ...]
