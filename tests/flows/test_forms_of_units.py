"""Whatever somebody sends to the forms of heads: every screen can be said, and is short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.conversation import Conversation
from flows.engine.events import Effect, Found, Told, Unfit, Write
from flows.engine.form import Form
from flows.loader import words
from flows.office.follow_up import FOLLOW_UP
from flows.office.innovation import INNOVATION
from flows.office.period import PERIOD
from flows.office.result_publication import ANNOUNCE
from tests.support.events_of_forms import Run, begun, events

PLAN = {
    "id": "17", "label": "30 Nov 2026 · {x}", "element": "cost", "programme": "{x} %s " * 40,
    "person": "Kasi", "due": "2026-11-30", "status": "running", "late": "late",
}  # fmt: skip
NEW = {"id": "new", "key": "announce.new"}
OFFERED = {
    "plan": [PLAN, NEW],
    "ended": [{**PLAN, "finished": "2026-11-19", "proof": "{x}", "proof_kind": ""}],
    "see": [{"id": does, "key": f"proof.do.{does}"} for does in ("publish", "withdraw")],
    "element": [{"id": "cost", "label": "Biaya 2,91", "mean": "2.91"}],
    "due": [{"id": "2026-12-31", "key": "follow_up.quarter.4", "year": "2026"}],
    "record": [NEW, {"id": "2026-Q3_1_2026-11-19", "label": "19 Nov · {x}"}],
    "period": [{"id": "2026-Q3", "label": "2026-Q3"}],
    "day": [{"id": "2026-11-19", "key": "announce.day.today"}],
    "which": [{"id": "1", "label": "Antrean {daring}"}, NEW],
}
DO = {
    "period": [{"id": "2026-Q3", "key": "period.close", "period": "2026-Q3"}],
    "innovation": [
        {"id": does, "key": f"innovation.do.{does}"} for does in ("change", "show", "remove")
    ]
    + [{"id": "publish", "key": "proof.do.publish"}],
}
LONGEST = 1024  # characters of a screen before its buttons


def answering(effect: Effect) -> Found | Told | Unfit | None:
    return Told("announce.gone") if isinstance(effect, Write) else None


def opened(form: Form) -> Conversation:
    rows = {**OFFERED, "do": DO.get(form.id, [])}
    kept = {step.id: rows[step.id] for step in form.steps if step.offers and not step.aside}
    began = begun(form)
    was = {"was_name": "{x}", "was_what": "{x} %s " * 70, "was_start": "2026-11-19"}
    return began.but(
        offered=kept,
        about={**began.about, **was, "was_proof": "{x}", "was_proof_kind": "photo"},
    )


FORMS = (FOLLOW_UP, ANNOUNCE, INNOVATION, PERIOD)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@given(data=st.data())
def test_whatever_is_sent_every_screen_can_be_said(form: Form, data: st.DataObject):
    run = Run(form, opened(form), answering)
    for drawn in data.draw(events(form)):
        run.take(run.of(drawn))
        if run.over:
            break
    for shown in run.screens:
        for language in ("id", "en"):
            spoken = words(language)
            text = "\n".join(spoken.line(line) for line in (*shown.notes, *shown.body))
            assert len(text) <= LONGEST
