"""The pages of the survey, and what their forms are sent to.

    GET  /s, /s/UNIT, /s/v_TOKEN   what a link opens; written is nothing until it is answered
    POST /s/_                      an answer: then the browser is led to …
    GET  /s/_, /s/_/STEP           … what is asked now, or an earlier question, to be corrected
    GET  /k/UNIT                   a tablet at the counter: from the beginning, as nobody

Each question has an address of its own, so the browser's way back leads to the question before, as
a chat leads up to older messages: a tap there carries its step and corrects that answer.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import InterfaceError, OperationalError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import visitor
from bot.channels.web.channel import Here, Shown, Web
from bot.channels.web.hourly_limit import HourlyLimit
from bot.channels.web.page import HEADERS, Hidden, assets, question, sentence
from bot.channels.web.platform import AT_KIOSK, CHANNEL
from bot.channels.web.posted_form import Posted, Refused, posted
from bot.channels.web.visitor import Visitor, Visitors
from bot.core.turns.job import NotKept
from bot.core.written import tapped, written
from bot.dialogues import DIALOGUES
from bot.settings import LOOPBACK
from flows.engine.events import Asked, Edited, Located, Opened, PersonEvent, Typed
from flows.engine.form import Line
from flows.intents import Command, Invitation, RateUnit, RateVisit, read, visit_payload
from flows.loader import words
from storage.answers import visits
from storage.vault import Random

HERE = "/s/_"
OF_A_SURVEY = ("language", "display")  # commands that change how the one that is opened is said
_STEP = re.compile(r"[A-Za-z0-9_-]{1,60}")
_PLACE = re.compile(r"(-?\d{1,3}(?:\.\d{1,9})?) (-?\d{1,3}(?:\.\d{1,9})?)")
_LINK = re.compile(r"\bhttps?://[^/\s]+/[sqk]/([A-Za-z0-9_-]{2,64})(?![\w-])")

Page = Callable[[Request], Coroutine[Any, Any, Response]]


class SurveyPages:
    """`secure`: by https alone. Otherwise only for whoever sits at this machine."""

    def __init__(
        self,
        web: Web,
        limit: HourlyLimit,
        *,
        secure: bool,
        random: Random = secrets.token_bytes,
    ) -> None:
        self._web, self._limit, self._random = web, limit, random
        self._visitors = Visitors(web.vault, random, secure)

    @property
    def routes(self) -> tuple[BaseRoute, ...]:
        return (
            *assets(),
            Route(HERE, self._guarded(self._answer), methods=["POST"]),
            Route(HERE, self._guarded(self._present)),
            Route(HERE + "/{step}", self._guarded(self._present)),
            Route("/s", self._guarded(self._open)),
            Route("/s/{opening}", self._guarded(self._open)),
            Route("/k/{opening}", self._guarded(self._kiosk)),
        )

    def _guarded(self, page: Page) -> Page:
        async def guarded(request: Request) -> Response:
            peer = request.client.host if request.client else ""
            if not self._visitors.secure and peer not in LOOPBACK:
                return sentence("web.away", 403)
            try:
                return await page(request)
            except Refused as fault:
                return sentence(fault.why, fault.status, ways=_begin())
            except (NotKept, InterfaceError, OperationalError):
                return sentence("web.busy", 503)

        return guarded

    async def _open(self, request: Request) -> Response:
        """A start page, without a trace; whoever is in the middle of a survey goes on, or is asked
        which of the two is meant."""
        opening = self._meant(request.path_params.get("opening", ""))
        who = self._visitors.read(request)
        here = await self._web.here(who.address) if who else None
        if who is None or here is None or not here.step:
            return await self._start(who, opening)
        if not opening:
            return _led(HERE)
        event = Opened(self._id(), self._web.now(), opening)
        return await self._shown(who, await self._web.answered(who.address, event))

    async def _start(self, who: Visitor | None, opening: str, kiosk: str = "") -> Response:
        nobody = AT_KIOSK if kiosk else f"{CHANNEL}:"
        address = who.address if who else nobody
        shown = await self._web.would_open(address, opening, self._web.now())
        hidden = Hidden(self._visitors.token(who) if who else "", self._id(), opening)
        return question(shown, hidden, restart=_restart(kiosk))

    async def _kiosk(self, request: Request) -> Response:
        """What the one before has left is over: neither cookie nor open survey stays."""
        code, who = request.path_params["opening"], self._visitors.read(request)
        if self._meant(code) != code or not isinstance(read(code), RateUnit | RateVisit):
            raise Refused("web.gone", 404)
        if who and who.kiosk:
            here = await self._web.here(who.address)
            if here and here.step:
                cancel = Asked(self._id(), self._web.now(), "cancel")
                await self._web.answered(who.address, cancel)
        page = await self._start(None, code, kiosk=code)
        self._visitors.forget(page)
        return page

    async def _present(self, request: Request) -> Response:
        who, step = self._visitors.read(request), request.path_params.get("step", "")
        if not _STEP.fullmatch(step):
            step = ""
        shown = await self._web.present(who.address, step) if who else None
        if who is None or shown is None:
            return sentence("web.over" if who else "web.cookie", 410, ways=_begin())
        if shown.message.outline.step != step:
            return self._led_on(who, shown)
        page = question(shown, self._hidden(who), self._visitors.note(who), _restart(who.kiosk))
        if who.note:
            self._visitors.keep(page, who)
        return page

    async def _answer(self, request: Request) -> Response:
        form = await posted(request)
        who = self._visitors.read(request)
        if form.open is not None:
            return await self._begin(request, form, form.open, who)
        if who is None:
            raise Refused("web.cookie", 400)
        if not self._visitors.sent_it(who, form.token):
            raise Refused("web.old", 403)
        here = await self._web.here(who.address)
        self._count(request, here)
        event = self._event(form, here)
        return await self._shown(who, await self._web.answered(who.address, event))

    async def _begin(
        self, request: Request, form: Posted, opening: str, who: Visitor | None
    ) -> Response:
        """The link opened, and what was answered below it."""
        if self._meant(opening) != opening:
            raise Refused("web.gone", 404)
        here = await self._web.here(who.address) if who else None
        self._count(request, here)
        if who is None or form.kiosk:
            code = opening if form.kiosk else ""
            who = visitor.new(code, self._random)
        command = self._event(form, None) if form.say else None
        if command and not (isinstance(command, Asked) and command.command in OF_A_SURVEY):
            return await self._shown(who, await self._web.answered(who.address, command))
        opened = Opened(self._once(form, "open"), self._web.now(), opening)
        shown = await self._web.answered(who.address, opened)
        begun = await self._web.here(who.address)
        if begun and begun.step == form.step and form.answer:
            # A start page was of no conversation yet.
            do = f"{begun.conversation.id}:{form.do.partition(':')[2]}" if form.do else ""
            event = self._event(replace(form, do=do), begun)
            shown = await self._web.answered(who.address, event)
        return await self._shown(who, shown)

    def _count(self, request: Request, here: Here | None) -> None:
        """Of whom nothing is kept begins something, in whatever way. Raises Refused."""
        if here is None and not self._limit.admits(request, self._web.now()):
            raise Refused("web.limited", 429, "limited")

    async def _shown(self, who: Visitor, shown: Shown) -> Response:
        """Led to what is asked, so that loading a page again sends nothing again. What belongs to
        no conversation is there this once."""
        here = await self._web.here(who.address)
        if here and shown.conversation == here.conversation.id:
            return self._led_on(who, shown, _notes(shown))
        if here and not shown.message.text:
            return _led(HERE)
        language = here.conversation.language if here else "id"
        page = question(replace(shown, language=language), self._hidden(who),
                        restart=_restart(who.kiosk))  # fmt: skip
        self._visitors.keep(page, who)
        return page

    def _led_on(self, who: Visitor, shown: Shown, note: str | None = None) -> Response:
        step = shown.message.outline.step
        page = _led(f"{HERE}/{step}" if step else HERE)
        said = self._visitors.note(who) if note is None else note
        self._visitors.keep(page, who, said)
        return page

    def _hidden(self, who: Visitor) -> Hidden:
        return Hidden(self._visitors.token(who), self._id())

    def _event(self, form: Posted, here: Here | None) -> PersonEvent:
        """A tap carries its step; so does a text, by being the message of that step: on an earlier
        page it says something else in the place of what was written there."""
        at, id = self._web.now(), self._once(form, form.answer, here)
        if form.do:
            return tapped(id, at, form.do)
        if place := _PLACE.fullmatch(form.place):
            return Located(id, at, float(place[1]), float(place[2]))
        if form.say:
            said = DIALOGUES.heard(id, at, form.say)
            return said if said and form.say in DIALOGUES.everybody else Typed(id, at, "")
        event = written(id, at, form.text, _payload)
        if not isinstance(event, Typed) or here is None:
            return event
        if form.step and form.step != here.step:
            return Edited(id, at, form.step, form.text)
        return replace(event, message=here.step)

    def _meant(self, opening: str) -> str:
        """Of a unit or a visit. Raises Refused: roles are for chats."""
        if visits.read(self._web.vault, opening) is not None:
            return visit_payload(opening)
        if isinstance(read(opening), Command | Invitation):
            raise Refused("web.gone", 404)
        return opening

    def _once(self, form: Posted, what: str, here: Here | None = None) -> str:
        """The same where a form is sent again. Where something else was done meanwhile, whoever
        sends it once more (a browser may show an old page again) means it again."""
        id = hashlib.sha256(f"{form.page}\0{form.step}\0{what}".encode()).hexdigest()[:22]
        return self._id() if here and id in here.conversation.seen[:-1] else id

    def _id(self) -> str:
        return self._random(11).hex()


def _notes(shown: Shown) -> str:
    lines = shown.message.text.split("\n")
    return "\n".join(lines[: shown.message.outline.notes])


def _payload(text: str) -> str | None:
    """Of a link of ours that was copied into a field."""
    found = _LINK.search(text)
    is_role = found and isinstance(read(found[1]), Command | Invitation)
    return found[1] if found and not is_role else None


def _restart(kiosk: str) -> str:
    return f"/k/{kiosk}" if kiosk else ""


def _begin() -> dict[str, str]:
    return {words("id").line(Line("web.begin")): "/s"}


def _led(where: str) -> Response:
    return RedirectResponse(where, 303, headers=HEADERS)
