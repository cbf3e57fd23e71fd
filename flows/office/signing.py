"""What an office's papers say besides figures, said once: who signs them, the number of a letter,
passages of text, the logo: /penandatangan.

What is passed over stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Any

from flows.engine.confirm import confirm_step
from flows.engine.conversation import Answers, Conversation
from flows.engine.form import (
    SKIPPED,
    Choice,
    Form,
    Line,
    Step,
    When,
    counted_answers,
    literal,
)
from flows.engine.input_parsing import text_of
from flows.engine.screen import quoted
from flows.formats import period_line
from flows.office.steps import Steps, chosen, form_of

SIGN, LETTER = "sign", "letter"
PASSAGES = ("preface", "background", "address")
LOGO = "logo"
WHAT = (SIGN, LETTER, *PASSAGES, LOGO)
STANDARD = "standard"
"""Of a passage: as it is written for everybody."""
SIGNATURE: Mapping[str, int] = {"place": 60, "position": 120, "person": 100, "rank": 60, "nip": 30}
"""Field → characters."""
NUMBER, PASSAGE = 60, 2_000  # characters
MOST: Mapping[str, int] = {**SIGNATURE, LETTER: NUMBER, **dict.fromkeys(PASSAGES, PASSAGE)}
OF_PERSON = ("position", "rank", "nip")
_NIP = re.compile(r"\d{18}")  # of a civil servant: day of birth, of appointment, sex, a number


def no_nip(text: str) -> Line | None:
    return None if _NIP.fullmatch("".join(text.split())) else Line("signing.nip.wrong")


def given_in(answers: Answers) -> dict[str, str]:
    """Field of `storage.office.paper_details.PaperDetails` → what it is to be; "": as for
    everybody."""
    asked = {SIGN: tuple(SIGNATURE), LETTER: (LETTER,)}
    what = str(answers["what"])
    said = {name: answers[name] for name in asked.get(what, (what,)) if name in answers}
    given = {
        name: "" if value == STANDARD else text_of(value)
        for name, value in said.items()
        if value != SKIPPED
    }
    # Somebody else who signs has a position, a rank and a NIP of their own, or none.
    anew = OF_PERSON if "person" in given else ()
    return {name: given.get(name, "") for name in said if name in given or name in anew}


def _now(form: Form, conversation: Conversation, field: str) -> tuple[Line, ...]:
    """As it is kept."""
    kept = conversation.about.get(field, "")
    return (Line("signing.now", {"text": literal(quoted(kept))}),) if kept else ()


def _logo_now(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    return (Line("signing.logo.now"),) if conversation.about.get(LOGO) else ()


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    given = given_in(answers)
    if not given:
        return (Line("signing.nothing"),)
    if LOGO in given:
        return (Line("signing.logo.gone" if answers[LOGO] == STANDARD else "signing.logo.new"),)
    period = period_line(str(answers.get("period", "")))
    named = (Line("signing.of_period", {"period": period}),) if period else ()
    return named + tuple(
        Line("signing.said", {"field": Line(f"signing.{field}.title"),
                              "text": literal(quoted(text)) if text else Line("signing.standard")})
        for field, text in given.items()
    )  # fmt: skip


step = Steps("signing")


def _field(field: str, when: When, **more: Any) -> Step:
    return step(field, when=(when,), body=lambda form, talk: _now(form, talk, field), **more)


_AS_USUAL, _LETTER = Choice(STANDARD, Line("signing.standard")), chosen("what", LETTER)

SIGNING_FORM = form_of(
    "signing",
    step("what", *WHAT, resets=True),
    *(
        _field(
            field,
            chosen("what", SIGN),
            choices=(Choice(SKIPPED, Line("skip")),),
            writes=most,
            check=no_nip if field == "nip" else None,
        )
        for field, most in SIGNATURE.items()
    ),
    step("period", offers=True, when=(_LETTER,), title=Line("report.period.title")),
    step(LETTER, writes=NUMBER, when=(_LETTER,)),
    *(
        _field(field, chosen("what", field), choices=(_AS_USUAL,), writes=PASSAGE)
        for field in PASSAGES
    ),
    step(
        LOGO,
        Choice(STANDARD, Line("signing.logo.none")),
        attaches=("picture",),
        when=(chosen("what", LOGO),),
        body=_logo_now,
    ),
    confirm_step(_preview),
)
