"""What a message carries to Telegram, made by hand: its text, and the buttons under it."""

from typing import Any

from bot.core.channel import Picture
from flows.engine.capabilities import button_data, length
from flows.engine.say import Message


def edit(chat: int | str, edited: int, message: Message, conversation: str) -> dict[str, Any]:
    return {"message_id": edited, **new(chat, message, conversation)}


def new(chat: int | str, message: Message, conversation: str) -> dict[str, Any]:
    return {
        "chat_id": chat,
        "text": message.text,
        **_entities(message),
        **keyboard(message, conversation),
    }


def acknowledged(tap: str) -> dict[str, Any]:
    return {"callback_query_id": tap}


def _entities(message: Message) -> dict[str, Any]:
    """What stands out: https://core.telegram.org/bots/api#messageentity, in UTF-16 units."""
    entities = [
        {
            "type": span.kind,
            "offset": length(message.text[: span.start]),
            "length": length(message.text[span.start : span.end]),
        }
        for span in message.spans
    ]
    return {"entities": entities} if entities else {}


def keyboard(message: Message | Picture, conversation: str) -> dict[str, Any]:
    """Nothing for a message without buttons: an edit then takes the former ones away."""
    if not message.rows:
        return {}
    rows = [
        [
            {
                "text": label.text,
                "callback_data": button_data(conversation, label.step, label.choice),
            }
            for label in row
        ]
        for row in message.rows
    ]
    return {"reply_markup": {"inline_keyboard": rows}}
