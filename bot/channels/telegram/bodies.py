"""What a message carries to Telegram, made by hand: its text, and the buttons under it."""

from typing import Any

from bot.core.channel import Picture
from flows.engine.capabilities import button_data
from flows.engine.say import Message


def edit(chat: int, edited: int, message: Message, conversation: str) -> dict[str, Any]:
    return {
        "chat_id": chat,
        "message_id": edited,
        "text": message.text,
        **keyboard(message, conversation),
    }


def new(chat: int, message: Message, conversation: str) -> dict[str, Any]:
    return {"chat_id": chat, "text": message.text, **keyboard(message, conversation)}


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
