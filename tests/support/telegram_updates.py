"""Updates as Telegram words them, for people with ids that need more than 32 bits."""

import time
from itertools import count
from typing import Any

Json = dict[str, Any]
_numbers = count(1_000_000)  # the emulator numbers the bot's own messages from 1


def person(number: int, name: str = "Warga", language: str = "id") -> Json:
    """The `from` of an update."""
    return {"id": number, "is_bot": False, "first_name": name, "language_code": language}


def message(sender: Json, **content: Any) -> Json:
    """A message in the sender's private chat: text=…, photo=…, or whatever `content` says.

    chat={…} puts it elsewhere.
    """
    chat = {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}
    body = {"message_id": next(_numbers), "date": int(time.time()), "from": sender, "chat": chat}
    text = content.get("text", "")
    if text.startswith("/"):
        length = len(text.split()[0])
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return {"message": body | content}


def photo(sender: Json, caption: str | None = None) -> Json:
    """A photo; its file cannot be fetched."""
    sizes = [
        {"file_id": f"photo-{side}", "file_unique_id": f"u{side}", "width": side, "height": side}
        for side in (90, 320)
    ]
    return message(sender, photo=sizes, **({"caption": caption} if caption else {}))


def document(sender: Json, file: str, name: str, size: int) -> Json:
    """A file; `Front.files` has its content."""
    sent = {"file_id": file, "file_unique_id": f"u{file}", "file_name": name, "file_size": size}
    return message(sender, document=sent)


def location(sender: Json, latitude: float, longitude: float) -> Json:
    """A place, pinned on the map."""
    return message(sender, location={"latitude": latitude, "longitude": longitude})


def group_message(sender: Json, text: str, group: int = -1_002_000_000_001) -> Json:
    """The sender writes in a supergroup that the bot is in."""
    return message(sender, text=text, chat={"id": group, "type": "supergroup", "title": "Loket"})


def tap(sender: Json, message_id: int, data: str, text: str = "") -> Json:
    """A tap on a button under the bot's message; its callback id is a new one."""
    chat = {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}
    bot = {"id": 7, "is_bot": True, "first_name": "Fixture"}
    under = {"message_id": message_id, "date": int(time.time()), "from": bot, "chat": chat}
    return {
        "callback_query": {
            "id": str(4_000_000_000_000_000 + next(_numbers)),
            "from": sender,
            "message": under | {"text": text or "…"},
            "chat_instance": str(-sender["id"]),
            "data": data,
        }
    }


def membership(sender: Json, status: str) -> Json:
    """my_chat_member of a private chat: "kicked" (the person blocks the bot) or "member" again."""
    bot = {"id": 7, "is_bot": True, "first_name": "Fixture"}
    other = "member" if status == "kicked" else "kicked"
    states = {
        name: {"user": bot, "status": state} | ({"until_date": 0} if state == "kicked" else {})
        for name, state in (("old_chat_member", other), ("new_chat_member", status))
    }
    chat = {"id": sender["id"], "type": "private", "first_name": sender["first_name"]}
    base = {"chat": chat, "from": sender, "date": int(time.time())}
    return {"my_chat_member": base | states}
