"""A chat as a person sees it, made from the calls that the bot got through."""

from dataclasses import dataclass, field
from typing import Any

from tests.support.waiting import Waiting

SHOWS = {"sendMessage", "editMessageText", "editMessageCaption", "sendPhoto", "sendDocument"}
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


@dataclass
class Call:
    """One call of the bot and its answer; `status` is HTTP's, 0: dropped before it was done."""

    method: str
    params: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    chat: int | None = None
    status: int = 0
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Message:
    """A message of the bot as it now stands; `text` is the caption where there is a file."""

    id: int
    text: str
    buttons: tuple[Button, ...] = ()
    file: bytes | None = None


@dataclass
class Chat:
    """What the bot shows in one chat; `shown` counts its sends and edits, `latest` is the last."""

    id: int
    messages: dict[int, Message] = field(default_factory=dict)
    latest: Message | None = None
    shown: int = 0
    answers: dict[str, str] = field(default_factory=dict)  # callback id → words shown, often none
    calls: list[Call] = field(default_factory=list)
    blocked: bool = False
    waiting: Waiting = field(default_factory=Waiting)

    def take(self, call: Call) -> None:
        """Note a call; show what it does if Telegram did it; wake whoever waits."""
        self.calls.append(call)
        if call.method == "answerCallbackQuery":
            self.answers[call.params["callback_query_id"]] = call.params.get("text", "")
        if call.status == 200 and call.method == "deleteMessage":
            self._delete(int(call.params["message_id"]))
        if call.status == 200 and call.method in SHOWS | {"editMessageReplyMarkup"}:
            self._show(call)
        self.waiting.look()

    def has_shown(self, since: int) -> bool:
        """Whether a screen came after so many calls, be it the one that stood there already."""
        return any(
            call.status == 200 or call.body.get("description") == NOT_MODIFIED
            for call in self.calls[since:]
            if call.method in SHOWS
        )

    def _show(self, call: Call) -> None:
        number = int(call.body["result"]["message_id"])
        before = self.messages.get(number, Message(number, ""))
        file = next(iter(call.files.values()), before.file)
        message = Message(number, _text(call, before), buttons_of(call.params), file)
        self.messages[number] = self.latest = message
        self.shown += call.method in SHOWS

    def _delete(self, number: int) -> None:
        self.messages.pop(number, None)
        if self.latest and self.latest.id == number:
            self.latest = next(reversed(self.messages.values()), None)

    def refusal(self, call: Call) -> tuple[int, str] | None:
        """Status and words of Telegram's refusal where the emulator would accept the call."""
        if self.blocked:
            return 403, "Forbidden: bot was blocked by the user"
        if not call.method.startswith("editMessage"):
            return None
        now = self.messages.get(int(call.params["message_id"]))
        if now is None:
            return 400, "Bad Request: message to edit not found"
        if (_text(call, now), buttons_of(call.params)) == (now.text, now.buttons):
            return 400, NOT_MODIFIED
        return None


def buttons_of(params: dict[str, Any]) -> tuple[Button, ...]:
    """The inline buttons of a call, row after row."""
    return tuple(
        Button(button["text"], button.get("callback_data"), button.get("url"))
        for row in (params.get("reply_markup") or {}).get("inline_keyboard", ())
        for button in row
    )


def _text(call: Call, before: Message) -> str:
    """What the message says after the call; a change of buttons alone leaves the text."""
    if call.method == "editMessageReplyMarkup":
        return before.text
    return str(call.params.get("text", call.params.get("caption", "")))
