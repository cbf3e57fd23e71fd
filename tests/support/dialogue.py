"""Dialogues as anyone can read them, replayed through the turns and the database.

    # A note.
    @ Rini                          who holds the phone from here on
    > /start SAMSAT-BC              she types this (\\n and \\u202e as in Python)
    > (5000 × a)                    … so many letters
    > (location 1.13 104.05)        … or a place
    > (photo)                       … or sends something without words
    > (edit "4") 3                  … or writes 3 in place of the last message that held "4"
    > (file units.csv) code;name\\nX;Y    … or a file that holds this
    > [Setuju, mulai]               she taps a button of the message shown last
    > [Mudah] on "2 dari 9"              … of the last message before it that holds these words
    ~ 20 hours later
    ~ the same update again         the platform delivers the last one once more
    ~ the update "/start" again     … or the last one that held these words
    ~ an invitation: head SAMSAT-BC {invitation} in later lines is its link
    ~ a visit: SAMSAT-BC            {visit} in later lines is its single-use link, of that day
    ~ a survey: SAMSAT-BC spak-6    the unit runs it from now on, beside its SKM
    ~ a promise: SAMSAT-BC mutasi cost Gratis    … of that service, from that day on
    ~ published: SAMSAT-BC 2026-Q4  the period is closed; {receipt} is the code shown last to anyone
    ~ languages: jv su              SKM_LANGUAGES names these from now on
    ~ forgotten                     the scheduler has its turn: what is over is gone
    ~ told: SAMSAT-SK Words         the unit's news go to whoever asked for them
    {Rini}                          her pseudonym, in any line
    ~ the post                      what waits in the outbox is sent: → whom, and the message
    ~ what is kept                  of responses and conversations, in lines that begin with "·"

What the bot shows stands below: ┌ and │ the message, └ its buttons, row after row. Every line of
input takes five seconds. Between any two lines all there is lies in the database.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from bot.channels.telegram.links import links
from bot.channels.telegram.updates import (
    CallbackQuery,
    Chat,
    Message,
    Update,
    User,
    read,
)
from bot.core.sending.delivery import read_sent
from bot.core.turns.turn_context import Forms
from bot.core.turns.turn_worker import Turns
from bot.dialogues import DIALOGUES
from flows.engine.capabilities import button_data
from flows.engine.say import Label, say
from flows.engine.say import Message as Said
from flows.intents import invitation_payload
from flows.loader import offered, words
from reports.jobs.due import expiries
from storage.chat import subscriptions
from storage.office import roles
from tests.support import typed
from tests.support.dialogue_lines import code_of, drawn, fits, kept, replaced
from tests.support.dialogue_office import happened
from tests.support.dialogue_post import pushed
from tests.support.dialogue_sent import worded, wordless
from tests.support.offices import VAULT, Chance, scoped, unit_of
from tests.support.visiting import visit

BEGINS = int(datetime(2026, 11, 19, 9, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
PACE = 5  # seconds
SHOWN = ("┌", "│", "└", "  ", "·", "→")  # how lines begin that the bot is asked for, not told
UNITS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}

_TAP = re.compile(r"\[(?P<label>.+)\](?: on \"(?P<on>.+)\")?\Z")
_LATER = re.compile(r"(?P<number>\d+) (?P<unit>\w+) later\Z")
_AGAIN = re.compile(r"the (?:same update|update \"(?P<words>.+)\") again\Z")
_RECEIPT = re.compile(r"(?i)tanda terima:\n([A-Z2-7-]{24})")
_LINK = re.compile(r"\?start=(i_\S+)")
_NEWS = re.compile(r"told: (?P<code>\S+) (?P<text>.+)\Z")
_VISIT = re.compile(r"a visit: (?P<code>\S+)\Z")
_EDIT = re.compile(r"\(edit \"(?P<words>.+)\"\) (?P<text>.+)\Z")
_INVITATION = re.compile(r"an invitation: (?P<role>\w+) (?P<scope>.+)\Z")


@dataclass
class Phone:
    """One person's chat: what was sent, and what was shown under which conversation."""

    number: int
    sent: list[tuple[str, Update]] = field(default_factory=list)
    shown: list[tuple[Said, str]] = field(default_factory=list)


@dataclass
class Dialogue:
    """Replays a script; call `turns.start` before."""

    engine: Engine
    turns: Turns
    now: int = BEGINS
    updates: int = 0
    invitation: str = ""
    receipt: str = ""
    visit: str = ""
    files: dict[str, bytes] = field(default_factory=dict)  # what was sent, by its id
    phones: dict[str, Phone] = field(default_factory=dict)
    phone: Phone = field(default_factory=lambda: Phone(0))

    def replay(self, script: str) -> str:
        """The script with what is shown now. Raises AssertionError for a line it cannot follow."""
        self._hand_to("Rini")
        lines: list[str] = []
        for number, line in enumerate(script.splitlines(), 1):
            if line.startswith(SHOWN):
                continue
            lines.append(line)
            try:
                lines += self._line(line)
            except Exception as fault:
                so_far = "\n".join(lines)
                raise AssertionError(f"{so_far}\nline {number}: {fault!r}") from fault
        return "\n".join(lines) + "\n"

    def _line(self, line: str) -> list[str]:
        kind, _, rest = line.partition(" ")
        match kind:
            case "" | "#":
                return []
            case "@":
                self._hand_to(rest)
                return []
            case "~":
                return list(self._direct(rest))
            case ">":
                return self._send(rest)
        raise ValueError("neither # @ ~ nor >")

    def _hand_to(self, name: str) -> None:
        self.phone = self.phones.setdefault(name, Phone(len(self.phones) + 1))

    def _direct(self, what: str) -> Iterator[str]:
        if later := _LATER.match(what):
            self.now += int(later["number"]) * UNITS[later["unit"]]
        elif again := _AGAIN.match(what):
            wanted = again["words"] or ""
            yield from self._deliver(next(u for s, u in reversed(self.phone.sent) if wanted in s))
        elif invited := _INVITATION.match(what):
            with self.engine.begin() as connection:
                random = self.turns.random
                token = roles.invite(
                    connection, invited["role"], scoped(invited["scope"]), self.now, random
                )  # type: ignore[arg-type]
            self.invitation = invitation_payload(token)
        elif news := _NEWS.match(what):
            yield from self._tell(news["code"], news["text"])
        elif what == "the post":
            yield from self._post()
        elif came := _VISIT.match(what):
            today = datetime.fromtimestamp(self.now, ZoneInfo("Asia/Jakarta")).date()
            self.visit = visit(self.engine, day=today, code=came["code"])
        elif what == "forgotten":
            expiries(self.engine, self.now)
        elif what == "what is kept":
            yield from kept(self.engine)
        elif not (self._offers(what) or happened(self.engine, what, self.now)):
            raise ValueError("no such direction")

    def _offers(self, what: str) -> bool:
        kind, _, codes = what.partition(": ")
        if kind == "languages":
            self.turns.forms = Forms(DIALOGUES, offered(codes.split()))
        return kind == "languages"

    def _tell(self, code: str, text: str) -> Iterator[str]:
        with self.engine.begin() as connection:
            subscriptions.notify(connection, unit_of(connection, code), text, self.now)
        for _, message in pushed(self.engine, self.now):
            yield from drawn(message)

    def _post(self) -> Iterator[str]:
        names = {self._address(phone): name for name, phone in self.phones.items()}
        for address, message in self._sent():
            self.phones[names[address]].shown.append((message, ""))
            yield from (f"→ {names[address]}", *self._drawn(message))

    def _sent(self) -> list[tuple[str, Said]]:
        return pushed(self.engine, self.now)

    def _address(self, phone: Phone) -> str:
        return f"tg:{phone.number}"

    def _codes(self) -> dict[str, str]:
        """What stands in a script for the pseudonyms of those who are in it."""
        phones = self.phones.items()
        return {code_of(self._address(phone)): f"{{{name}}}" for name, phone in phones}

    def _drawn(self, message: Said) -> Iterator[str]:
        return (replaced(line, self._codes()) for line in drawn(message))

    def _send(self, what: str) -> list[str]:
        self.now += PACE
        self.updates += 1
        what = replaced(what, {name: code for code, name in self._codes().items()})
        update = self._tap(tap) if (tap := _TAP.match(what)) else self._type(what)
        self.phone.sent.append((what, update))
        return self._deliver(update)

    def _type(self, what: str) -> Update:
        chat = Chat(self.phone.number, "private")
        if edit := _EDIT.match(what):
            sent = ((s, u.message) for s, u in reversed(self.phone.sent) if u.message)
            before = next(message for s, message in sent if edit["words"] in s)
            edited = Message(chat, before.message_id, edit["text"])
            return Update(self.updates, edited_message=edited)
        if sent := wordless(what, chat, self.updates, self.files):
            return Update(self.updates, sent)
        text = worded(what).replace("{invitation}", self.invitation)
        text = text.replace("{receipt}", self.receipt).replace("{visit}", self.visit)
        return Update(self.updates, Message(chat, self.updates, text))

    def _tap(self, tap: "re.Match[str]") -> Update:
        label, conversation = self._button(tap["label"], tap["on"] or "")
        data = button_data(conversation, label.step, label.choice)
        assert len(data.encode()) <= 64, data
        query = CallbackQuery(str(self.updates), User(self.phone.number), data=data)
        return Update(self.updates, callback_query=query)

    def _button(self, label: str, on: str) -> tuple[Label, str]:
        before = self.phone.shown if not on else self.phone.shown[:-1]
        for message, conversation in reversed(before):
            found = [each for row in message.rows for each in row if fits(label, each.text)]
            if on in message.text and found:
                return found[0], conversation
            if not on:
                break
        raise LookupError(f"no button [{label}]")

    def _deliver(self, update: Update) -> list[str]:
        message, conversation = self._answer(update)
        if not message.text:
            return ["· nothing is said"]
        self.phone.shown.append((message, conversation))
        if found := _RECEIPT.search(message.text):
            self.receipt = found[1]
        if found := _LINK.search(message.text):
            self.invitation = found[1]
        return list(self._drawn(message))

    def _answer(self, update: Update) -> tuple[Said, str]:
        """What the bot shows, and the conversation that its buttons answer."""
        heard = read(update, self.now)
        if heard is None:
            return Said("", ()), ""
        screen = asyncio.run(self.turns.do(heard.address, heard.event))
        if screen.fetch:
            content = self.files[screen.fetch]
            event = asyncio.run(read_sent(heard.event, screen, content))
            screen = asyncio.run(self.turns.do(heard.address, event))
        typed.check(self.engine, self.turns.forms, heard.address, screen)
        return say(screen, words(screen.language)), screen.conversation


def turns_of(engine: Engine) -> Turns:
    """Turns whose chance is the same in every run, so that receipts are."""
    return Turns(engine, VAULT, Chance(), links(""))
