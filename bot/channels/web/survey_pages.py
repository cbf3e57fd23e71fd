"""The pages of the survey, and what their forms are sent to.

    GET  /s, /s/UNIT, /s/v_TOKEN   what a link opens; nothing is written until somebody answers
    POST /s/_                      an answer: then the browser is led to …
    GET  /s/_, /s/_/STEP           … what is asked now, or an earlier question, to be corrected
    GET  /k/UNIT                   a tablet at the counter: from the beginning, as somebody new
    …    /k/UNIT/_, /k/UNIT/_/STEP   the same there

Each question has an address of its own, so the browser's way back leads to the question before, as
a chat leads up to older messages: a tap there carries its step and corrects that answer.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import visitor
from bot.channels.web.channel import Here, Shown, Web
from bot.channels.web.hourly_limit import HourlyLimit
from bot.channels.web.links import CHANNEL
from bot.channels.web.page import HEADERS, Hidden, assets, begin, home, question, sentence
from bot.channels.web.posted_form import Posted, Refused, posted
from bot.channels.web.visitor import Visitor, Visitors
from bot.core.setting import LOOPBACK
from bot.core.turns.job import NotKept
from bot.core.written import tapped, written
from bot.dialogues import DIALOGUES
from flows.engine.events import Asked, Edited, Located, Opened, PersonEvent, Typed
from flows.engine.form import Line
from flows.intents import Command, Invitation, RateUnit, RateVisit, read, visit_payload
from flows.loader import words
from storage.answers import visits
from storage.database.connect import AWAY
from storage.vault import Random

TWICE = 60  # seconds in which a first form that comes again is the same person's
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
            *self._answering(home()),
            *self._answering(home("{kiosk}")),
            Route("/s", self._guarded(self._open)),
            Route("/s/{opening}", self._guarded(self._open)),
            Route(begin("{kiosk}"), self._guarded(self._begin_anew)),
        )

    def _answering(self, here: str) -> Iterator[BaseRoute]:
        yield Route(here, self._guarded(self._answer), methods=["POST"])
        yield Route(here, self._guarded(self._present))
        yield Route(here + "/{step}", self._guarded(self._present))

    def _guarded(self, page: Page) -> Page:
        async def guarded(request: Request) -> Response:
            peer = request.client.host if request.client else ""
            if not self._visitors.secure and peer not in LOOPBACK:
                return sentence("web.away", 403)
            kiosk = _kiosk(request)
            if not self._is_kiosk(kiosk):
                return sentence("web.gone", 404, _ways())
            try:
                return await page(request)
            except Refused as fault:
                return sentence(fault.why, fault.status, _ways(kiosk), kiosk=kiosk)
            except (NotKept, *AWAY):
                why = "web.busy" if request.method == "POST" else "web.closed"
                return sentence(why, 503, kiosk=kiosk)

        return guarded

    def _is_kiosk(self, code: str) -> bool:
        """Whether a tablet may begin there; "" is none."""
        is_bare = visits.read(self._web.vault, code) is not None
        return not code or (not is_bare and isinstance(read(code), RateUnit | RateVisit))

    async def _open(self, request: Request) -> Response:
        """A start page, without a trace; whoever is in the middle of a survey goes on, or is asked
        which of the two is meant."""
        opening = self._meant(request.path_params.get("opening", ""))
        who = self._visitors.read(request)
        here = await self._web.here(who.address) if who else None
        if who is None or here is None or not here.step:
            return await self._start(who, opening)
        if not opening:
            return _led(home())
        event = Opened(self._id(), self._web.now(), opening)
        return await self._shown(who, await self._web.answered(who.address, event))

    async def _start(self, who: Visitor | None, opening: str) -> Response:
        address, kiosk = (who.address, who.kiosk) if who else (f"{CHANNEL}:", "")
        shown = await self._web.would_open(address, opening, self._web.now())
        hidden = Hidden(self._visitors.token(who) if who else "", self._id(), open=opening)
        return question(shown, hidden, kiosk=kiosk)

    async def _begin_anew(self, request: Request) -> Response:
        """A tablet is nobody's own: whoever opens it is another person than the one before, whose
        survey is over."""
        kiosk = _kiosk(request)
        before = self._visitors.read(request, kiosk)
        here = await self._web.here(before.address) if before else None
        if before and here and here.step:
            await self._web.answered(before.address, Asked(self._id(), self._web.now(), "cancel"))
        who = visitor.new(kiosk, self._random)
        page = await self._start(who, kiosk)
        self._visitors.keep(page, who)
        return page

    async def _present(self, request: Request) -> Response:
        kiosk, step = _kiosk(request), request.path_params.get("step", "")
        who = self._visitors.read(request, kiosk)
        if not _STEP.fullmatch(step):
            step = ""
        shown = await self._web.present(who.address, step) if who else None
        if who is None or shown is None:
            why = "web.over" if who else "web.cookie"
            return sentence(why, 410, _ways(kiosk), kiosk=kiosk)
        if shown.message.outline.step != step:
            return self._led_on(who, shown)
        page = question(shown, self._hidden(who, shown), self._visitors.note(who), kiosk)
        if who.note:
            self._visitors.keep(page, who)
        return page

    async def _answer(self, request: Request) -> Response:
        form = await posted(request)
        kiosk = _kiosk(request)
        who = self._visitors.read(request, kiosk)
        if form.open is not None:
            who = who or await self._newcomer(form, kiosk)
            return await self._begin(request, form, kiosk or form.open, who)
        if who is None:
            raise Refused("web.cookie", 400)
        if not self._visitors.sent_it(who, form.token):
            raise Refused("web.old", 403)
        here = await self._web.here(who.address)
        self._count(request, here)
        event = self._event(form, here)
        return await self._shown(who, await self._web.answered(who.address, event))

    async def _newcomer(self, form: Posted, kiosk: str) -> Visitor:
        """Who taps twice on a first page, before the browser has a cookie, is one person. Who sends
        it later, or after the next answer, is another."""
        first = self._visitors.of_page(form.page, kiosk)
        here = await self._web.here(first.address)
        if form.page and (here is None or self._is_sent_again(form, here)):
            return first
        return visitor.new(kiosk, self._random)

    def _is_sent_again(self, form: Posted, here: Here) -> bool:
        below = _below(form, here)
        ids = (self._once(form, "open"), self._once(below, below.answer))
        is_soon = self._web.now() - here.conversation.last <= TWICE
        return is_soon and here.conversation.seen[-1] in ids

    async def _begin(self, request: Request, form: Posted, opening: str, who: Visitor) -> Response:
        """The link opened, and what was answered below it."""
        if self._meant(opening) != opening:
            raise Refused("web.gone", 404)
        self._count(request, await self._web.here(who.address))
        command = self._event(form, None) if form.say else None
        if command and not (isinstance(command, Asked) and command.command in OF_A_SURVEY):
            return await self._shown(who, await self._web.answered(who.address, command))
        opened = Opened(self._once(form, "open"), self._web.now(), opening)
        shown = await self._web.answered(who.address, opened)
        begun = await self._web.here(who.address)
        if begun and begun.step == form.step and form.answer:
            event = self._event(_below(form, begun), begun)
            shown = await self._web.answered(who.address, event)
        return await self._shown(who, shown)

    def _count(self, request: Request, here: Here | None) -> None:
        """Somebody of whom nothing is kept begins something. Raises Refused where too many do."""
        if here is None and not self._limit.admits(request, self._web.now()):
            raise Refused("web.limited", 429, "limited")

    async def _shown(self, who: Visitor, shown: Shown) -> Response:
        """Lead the browser to what is asked, so that loading the page again sends nothing again.
        What belongs to no conversation has no address: it is shown here, once."""
        here = await self._web.here(who.address)
        if here and shown.conversation == here.conversation.id:
            return self._led_on(who, shown, _notes(shown))
        if here and not shown.message.text:
            return _led(home(who.kiosk))
        language = here.conversation.language if here else "id"
        shown = replace(shown, language=language)
        page = question(shown, self._hidden(who, shown), kiosk=who.kiosk)
        self._visitors.keep(page, who)
        return page

    def _led_on(self, who: Visitor, shown: Shown, note: str | None = None) -> Response:
        step = shown.message.outline.step
        page = _led(f"{home(who.kiosk)}/{step}" if step else home(who.kiosk))
        said = self._visitors.note(who) if note is None else note
        self._visitors.keep(page, who, said)
        return page

    def _hidden(self, who: Visitor, shown: Shown) -> Hidden:
        return Hidden(self._visitors.token(who), self._id(), shown.conversation)

    def _event(self, form: Posted, here: Here | None) -> PersonEvent:
        """A tap carries its step; so does a text, by being the message of that step: on an earlier
        page it takes the place of what was answered there. Raises Refused where it was written in
        another survey than the one that is here now."""
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
        if form.of not in ("", here.conversation.id) and not here.conversation.knows(id):
            raise Refused("web.old", 409, "old")
        if form.step and form.step != here.step:
            return Edited(id, at, form.step, form.text, form.step)
        return replace(event, message=here.step)

    def _meant(self, opening: str) -> str:
        """Of a unit or a visit. Raises Refused: roles are for chats."""
        if visits.read(self._web.vault, opening) is not None:
            return visit_payload(opening)
        if isinstance(read(opening), Command | Invitation):
            raise Refused("web.gone", 404)
        return opening

    def _once(self, form: Posted, what: str, here: Here | None = None) -> str:
        """The event's id: the same where a form is sent twice. But a new one where another event
        came in between: then whoever sends an old page once more means it again."""
        id = hashlib.sha256(f"{form.page}\0{form.step}\0{what}".encode()).hexdigest()[:22]
        return self._id() if here and id in here.conversation.seen[:-1] else id

    def _id(self) -> str:
        return self._random(11).hex()


def _below(form: Posted, begun: Here) -> Posted:
    """A start page belongs to no conversation yet: its button is read as one of the conversation
    that begins now."""
    do = f"{begun.conversation.id}:{form.do.partition(':')[2]}" if form.do else ""
    return replace(form, do=do, of="")


def _notes(shown: Shown) -> str:
    lines = shown.message.text.split("\n")
    return "\n".join(lines[: shown.message.outline.notes])


def _payload(text: str) -> str | None:
    """Of a link of ours that was copied into a field."""
    found = _LINK.search(text)
    is_role = found and isinstance(read(found[1]), Command | Invitation)
    return found[1] if found and not is_role else None


def _kiosk(request: Request) -> str:
    """The link of the tablet whose page it is; "" of all other pages."""
    return str(request.path_params.get("kiosk", ""))


def _ways(kiosk: str = "") -> dict[str, str]:
    return {words("id").line(Line("web.begin")): begin(kiosk)}


def _led(where: str) -> Response:
    return RedirectResponse(where, 303, headers=HEADERS)
