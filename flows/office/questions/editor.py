"""An admin's questions: listed, added, changed, translated, retired, put in another order, brought
back, previewed as a citizen sees them, and published as a new version.

One form: first for which units, then which question, then what of it; every way ends in a preview.
From there the change is published, or kept while others are made; then all are one version.
"""

from flows.engine.confirm import DISCARD
from flows.engine.form import Choice, Either, Line, Step, When
from flows.office.questions.draft import (
    ITEMS,
    MORE,
    OWN,
    SEND,
    QuestionState,
    as_reworded,
    asked_now,
    picked_as_seen,
    preview,
)
from flows.office.questions.steps import (
    ADDED,
    FORMER,
    HISTORY,
    OFFICIAL,
    ORDER,
    ORDERED,
    REWORDED,
    SENT,
    TRANSLATED,
    step,
)
from flows.office.questions.texts import CHOICE, CHOICES, QUESTION, unfit_choices, unfit_scale
from flows.office.steps import chosen, form_of, not_chosen
from flows.survey.kinds import KINDS
from flows.survey.kinds.kind import Setting
from flows.survey.kinds.number import DIGITS, no_limits
from flows.survey.kinds.scale import FOUR, OFFERED
from flows.survey.reasons import LOW

ACTS = ("text", "answers", "when", "translate", "retire")
NAME = 60  # characters of a unit's or an agency's name
NOTE = 200


def _confirm(id: str, when: When | Either, *publish: Choice) -> Step:
    return step(
        id,
        *publish,
        Choice("change", Line("survey.review.change"), "visit"),
        DISCARD,
        text=step.line("confirm"),
        when=(when,),
        body=preview,
        revisable=False,
        otherwise="note",
    )


def _wants(setting: Setting) -> When:
    return chosen("kind", *(kind.id for kind in KINDS.values() if kind.setting == setting))


def _added_or(*acts: str) -> tuple[Either]:
    return (Either((ADDED, chosen("act", *acts))),)


_PUBLISH, _MORE = Choice("publish", Line("question.publish")), Choice(MORE, Line("question.more"))

_WHERE = (
    step("units", resets=True, offers=True, otherwise="narrow", look="questions"),
    step("narrow", text=step.line("units"), writes=NAME, look="scope", aside=True, title=None),
)
_WHICH = (
    step("pick", *OWN, resets=True, offers=True, look="picked", body=asked_now),
    step(
        "act",
        *ACTS,
        resets=True,
        when=(not_chosen("pick", *OWN, SEND),),
        look="acted",
        body=picked_as_seen,
    ),
)
_WHAT = (
    step("text", writes=QUESTION, when=_added_or("text"), look="worded"),
    step("meaning", "same", "other", when=(chosen("act", "text"),), body=as_reworded),
    step("kind", *KINDS, when=_added_or("answers")),
    step(
        "scale",
        *OFFERED,
        writes=FOUR * (CHOICE + 1),
        when=(_wants("words"),),
        check=unfit_scale,
    ),
    step(
        "choices",
        writes=CHOICES * (CHOICE + 1),
        when=(_wants("choices"),),
        check=unfit_choices,
    ),
    step("limits", writes=2 * DIGITS + 5, when=(_wants("limits"),), check=no_limits),
)
_WHEN = (
    step("when", "always", "only", when=_added_or("when"), look="earlier"),
    step(
        "of",
        text=Line("question.of", {"low": LOW}),
        offers=True,
        when=(chosen("when", "only"),),
        look="choices",
    ),
    step("is", offers=True, when=(chosen("when", "only"), not_chosen("of", *ITEMS))),
)
_CONFIRMED = (
    step("skippable", "yes", "no", when=_added_or("answers", "when")),
    _confirm("confirm", Either((ADDED, ORDERED, OFFICIAL, chosen("act", *ACTS))), _PUBLISH, _MORE),
    _confirm("whole", Either((FORMER, SENT)), _PUBLISH),
    step("note", writes=NOTE, aside=True, title=None),
)


QUESTION_FORM = form_of(
    QuestionState.FORM,
    *_WHERE,
    *_WHICH,
    *_WHAT,
    *_WHEN,
    *TRANSLATED,
    *ORDER,
    *HISTORY,
    *REWORDED,
    *_CONFIRMED,
)
