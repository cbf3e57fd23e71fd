"""An admin's questions: listed, added, changed, translated, retired, put in another order, brought
back, previewed as a citizen sees them, and published as a new version.

One form: first for which units, then which question, then what of it; every way ends in a preview.
From there the change is published, or kept while others are made; then all are one version.
"""

from flows.asides import ASIDES
from flows.engine.events import write_answers
from flows.engine.form import Choice, Either, Form, Line, Step, When
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
    chosen,
    own,
    titled,
)
from flows.office.questions.texts import CHOICE, CHOICES, QUESTION, unfit_choices, unfit_scale
from flows.survey.kinds import KINDS
from flows.survey.kinds.kind import Setting
from flows.survey.kinds.number import DIGITS, no_limits
from flows.survey.kinds.scale import FOUR, OFFERED
from flows.survey.reasons import LOW

ACTS = ("text", "answers", "when", "translate", "retire")
NAME = 60  # characters of a unit's or an agency's name
NOTE = 200


def _confirm(id: str, when: When | Either, *publish: Choice) -> Step:
    return Step(
        id,
        Line("question.confirm"),
        (
            *publish,
            Choice("change", Line("survey.review.change"), "visit"),
            Choice("discarded", Line("question.discard"), "close"),
        ),
        when=(when,),
        body=preview,
        revisable=False,
        otherwise="note",
    )


def _wants(setting: Setting) -> When:
    return chosen("kind", *(kind.id for kind in KINDS.values() if kind.setting == setting))


_PUBLISH, _MORE = Choice("publish", Line("question.publish")), Choice(MORE, Line("question.more"))

_WHERE = (
    Step(
        "units",
        Line("question.units"),
        resets=True,
        offers=True,
        otherwise="narrow",
        title=titled("units"),
        look="questions",
    ),
    Step("narrow", Line("question.units"), writes=NAME, look="scope", aside=True),
)
_WHICH = (
    Step(
        "pick",
        Line("question.pick"),
        own("pick", *OWN),
        resets=True,
        offers=True,
        title=titled("pick"),
        look="picked",
        body=asked_now,
    ),
    Step(
        "act",
        Line("question.act"),
        own("act", *ACTS),
        resets=True,
        when=(When("pick", frozenset((*OWN, SEND)), wanted=False),),
        title=titled("act"),
        look="acted",
        body=picked_as_seen,
    ),
)
_WHAT = (
    Step(
        "text",
        Line("question.text"),
        writes=QUESTION,
        when=(Either((ADDED, chosen("act", "text"))),),
        title=titled("text"),
        look="worded",
    ),
    Step(
        "meaning",
        Line("question.meaning"),
        own("meaning", "same", "other"),
        when=(chosen("act", "text"),),
        title=titled("meaning"),
        body=as_reworded,
    ),
    Step(
        "kind",
        Line("question.kind"),
        own("kind", *KINDS),
        when=(Either((ADDED, chosen("act", "answers"))),),
        title=titled("kind"),
    ),
    Step(
        "scale",
        Line("question.scale"),
        own("scale", *OFFERED),
        writes=FOUR * (CHOICE + 1),
        when=(_wants("words"),),
        title=titled("scale"),
        check=unfit_scale,
    ),
    Step(
        "choices",
        Line("question.choices"),
        writes=CHOICES * (CHOICE + 1),
        when=(_wants("choices"),),
        title=titled("choices"),
        check=unfit_choices,
    ),
    Step(
        "limits",
        Line("question.limits"),
        writes=2 * DIGITS + 5,
        when=(_wants("limits"),),
        title=titled("limits"),
        check=no_limits,
    ),
)
_WHEN = (
    Step(
        "when",
        Line("question.when"),
        own("when", "always", "only"),
        when=(Either((ADDED, chosen("act", "when"))),),
        title=titled("when"),
        look="earlier",
    ),
    Step(
        "of",
        Line("question.of", {"low": LOW}),
        offers=True,
        when=(chosen("when", "only"),),
        title=titled("of"),
        look="choices",
    ),
    Step(
        "is",
        Line("question.is"),
        offers=True,
        when=(chosen("when", "only"), When("of", ITEMS, wanted=False)),
        title=titled("is"),
    ),
)
_CONFIRMED = (
    Step(
        "skippable",
        Line("question.skippable"),
        own("skippable", "yes", "no"),
        when=(Either((ADDED, chosen("act", "answers", "when"))),),
        title=titled("skippable"),
    ),
    _confirm("confirm", Either((ADDED, ORDERED, OFFICIAL, chosen("act", *ACTS))), _PUBLISH, _MORE),
    _confirm("whole", Either((FORMER, SENT)), _PUBLISH),
    Step("note", Line("question.note"), writes=NOTE, aside=True),
)


QUESTION_FORM = Form(
    QuestionState.FORM,
    (
        *_WHERE,
        *_WHICH,
        *_WHAT,
        *_WHEN,
        *TRANSLATED,
        *ORDER,
        *HISTORY,
        *REWORDED,
        *_CONFIRMED,
        *ASIDES,
    ),
    write_answers,
)
