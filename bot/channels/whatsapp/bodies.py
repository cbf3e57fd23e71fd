"""What a message is in the Graph API's words, made by hand: text, buttons, lists.

Up to three short choices are buttons below the message. Any others are a list that a button opens,
ten rows at most; what is more follows in a list of its own. A row that is too long has its number,
or as much of it as fits, for a title and the whole wording below that. Nothing is ever longer than
Meta takes: it would refuse the whole message.
https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-list-messages
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.whatsapp.markup import marked, plain
from flows.engine.capabilities import button_data, fit, length
from flows.engine.say import Label, Message

BUTTONS, BUTTON = 3, 20  # how many, how long
ROWS, ROW, DESCRIPTION = 10, 24, 72
TEXT, ASKING, CAPTION = 4_096, 1_024, 1_024
OPENS = "Pilih"  # … a list

Body = tuple[str, dict[str, Any]]  # a type of message, and what it holds


def bodies(message: Message, conversation: str) -> Iterator[Body]:
    labels = _labels(message, conversation)
    if not labels:
        yield "text", {"body": marked(message, TEXT), "preview_url": False}
        return
    text = marked(message, ASKING)
    if are_buttons(labels):
        yield "interactive", buttons(text, labels, conversation)
        return
    yield from lists(text, message.opens or OPENS, labels, conversation)


def _labels(message: Message, conversation: str) -> list[Label]:
    """Each once: Meta refuses two that mean the same."""
    labels = [label for row in message.rows for label in row]
    return [*{_id(label, conversation): label for label in labels}.values()]


def are_buttons(labels: Sequence[Label]) -> bool:
    """Whether buttons have room for them. Meta refuses two that are called the same."""
    titles = {label.text for label in labels}
    is_short = all(length(title) <= BUTTON for title in titles)
    return len(titles) == len(labels) <= BUTTONS and is_short


def buttons(
    text: str, labels: Sequence[Label], conversation: str, picture: str = ""
) -> dict[str, Any]:
    """`picture`: the id of one that stands above the text."""
    header = {"header": {"type": "image", "image": {"id": picture}}} if picture else {}
    replies = [
        {"type": "reply", "reply": {"id": _id(each, conversation), "title": each.text}}
        for each in labels
    ]
    return {"type": "button", **header, "body": {"text": text}, "action": {"buttons": replies}}


def lists(text: str, opens: str, labels: Sequence[Label], conversation: str) -> Iterator[Body]:
    """`opens`: what the button says that opens it."""
    opens = fit(opens, BUTTON)
    pages = [labels[at : at + ROWS] for at in range(0, len(labels), ROWS)]
    by_number = any(each.is_numbered and length(each.text) > ROW for each in labels)
    for number, page in enumerate(pages, 1):
        body = text if number == 1 else f"{opens} ({number}/{len(pages)})"
        rows = [_row(each, by_number, conversation) for each in page]
        action = {"button": opens, "sections": [{"rows": rows}]}
        yield "interactive", {"type": "list", "body": {"text": body}, "action": action}


def _row(label: Label, by_number: bool, conversation: str) -> dict[str, str]:
    row = {"id": _id(label, conversation), "title": label.text}
    if by_number and label.is_numbered:
        number, _, wording = label.text.partition(" ")
        return {**row, "title": number, "description": fit(wording, DESCRIPTION)}
    if length(label.text) <= ROW:
        return row
    name, _, more = label.text.partition(" · ")  # a unit's name, and where it is
    if more and length(name) <= ROW:
        return {**row, "title": name, "description": fit(more, DESCRIPTION)}
    title, description = fit(label.text, ROW), fit(label.text, DESCRIPTION)
    return {**row, "title": title, "description": description}


def _id(label: Label, conversation: str) -> str:
    return button_data(conversation, label.step, label.choice)


def caption(text: str) -> str:
    return fit(plain(text), CAPTION)


def template(name: str, payload: str) -> Body:
    """An approved template without variables, in Indonesian, with one quick reply."""
    button = {
        "type": "button",
        "sub_type": "quick_reply",
        "index": "0",
        "parameters": [{"type": "payload", "payload": payload}],
    }
    language = {"code": "id", "policy": "deterministic"}
    return "template", {"name": name, "language": language, "components": [button]}
