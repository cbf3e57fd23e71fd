"""Whatever somebody sends to the forms of admins: every screen can be said, and is short."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.conversation import Conversation
from flows.engine.events import Attached, Effect, Found, Look, Noted, Told, Unfit, Write
from flows.engine.form import Form, Line
from flows.loader import words
from flows.office.poster import POSTER_FORM
from flows.office.standard import STANDARD_FORM
from flows.office.unit import UNIT_FORM, UNITS_FORM
from tests.support.events_of_forms import Run, begun, events

LONGEST = 1024  # characters of a screen before its buttons
UNIT = {
    "unit": "SAMSAT-BC", "unit_name": "Samsat {x} %s", "hours": "–", "zone": "WIB",
    "users": "2026-Q4: 1.000", "users_2026-Q4": "1.000", "survey": "dibuka",
    "scope_name": "{semua}", "count": "2",
}  # fmt: skip
SEEN = {"state": "x", "new": "1", "changed": "2", "changes": "{a} → %s\n+ B", "more": "7"}
OFFERED = {
    "service": [{"id": "mutasi", "label": "{Mutasi}"}],
    "period": [{"id": "2026-Q4", "label": "2026-Q4"}],
    "retire": [{"id": "stnk", "label": "STNK %s"}],
    "until": [{"id": "2027-01-01", "label": "1/1/2027"}],
}
FORMS = (UNIT_FORM, UNITS_FORM, STANDARD_FORM, POSTER_FORM)
FAULT = Line("file.refused", {"faults": "Baris 2 {x}"})
sent = st.builds(
    Attached, st.integers(0, 80).map(str), st.integers(0, 100_000),
    st.sampled_from(["photo", "document"]), st.just("F-1"),
    st.sampled_from(["", "unit.csv", "{x}.XLSX", "a.pdf"]), st.integers(0, 3_000_000),
    st.sampled_from([None, FAULT, {}, {"": [["x"]]}]),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
@given(data=st.data())
def test_whatever_is_sent_every_screen_can_be_said(form: Form, data: st.DataObject):
    kept = {step.id: OFFERED[step.id] for step in form.steps if step.id in OFFERED}
    run = Run(form, begun(form).but(offered=kept, about=UNIT), lambda effect: None)

    def answering(effect: Effect) -> Found | Told | Noted | Unfit | None:
        now: Conversation = run.conversation
        if isinstance(effect, Write):
            last = next(step.id for step in reversed(form.steps) if step.id in now.answers)
            moved = Unfit(last, Line("unit.moved"), about=UNIT | SEEN)
            return data.draw(st.sampled_from([moved, Told("unit.saved", {"unit": "{x}"})]))
        if isinstance(effect, Look) and effect.kind.endswith("_table"):
            return data.draw(st.sampled_from([Noted(UNIT | SEEN), Unfit("table", FAULT)]))
        return None

    run.answering = answering
    drawn = data.draw(events(form))
    mixed = [each for event in drawn for each in (event, *data.draw(st.lists(sent, max_size=1)))]
    for event in mixed:
        run.take(run.of(event))
        if run.over:
            break
    for shown in run.screens:
        for language in ("id", "en"):
            spoken = words(language)
            text = "\n".join(spoken.line(line) for line in (*shown.notes, *shown.body))
            assert len(text) <= LONGEST
