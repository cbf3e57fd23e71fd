"""What an admin may do with questions besides writing them: the steps of each way."""

from flows.engine.form import Choice, Line, Step, When, literal
from flows.loader import LANGUAGES
from flows.office.questions.draft import OWN, SEND, item_now, to_translate
from flows.office.questions.texts import CHOICE, CHOICES, QUESTION, WORDS, unfit_words


def own(step: str, *ids: str) -> tuple[Choice, ...]:
    return tuple(Choice(id, Line(f"question.{step}.{id}")) for id in ids)


def chosen(step: str, *ids: str) -> When:
    return When(step, frozenset(ids))


def titled(id: str) -> Line:
    return Line(f"question.{id}.title")


ADDED, ORDERED, FORMER, OFFICIAL, SENT = (chosen("pick", way) for way in (*OWN, SEND))
TRANSLATED = (
    Step(
        "to_language",
        Line("question.to_language"),
        tuple(Choice(to, literal(name)) for to, name in LANGUAGES.items() if to != "id"),
        resets=True,
        when=(chosen("act", "translate"),),
        title=titled("to_language"),
    ),
    Step(
        "translation",
        Line("question.translation"),
        own("translation", "none"),
        writes=QUESTION + CHOICES * (CHOICE + 1),
        when=(chosen("act", "translate"),),
        title=titled("translation"),
        look="translated",
        body=to_translate,
    ),
)
ORDER = (
    Step(
        "move",
        Line("question.move"),
        resets=True,
        offers=True,
        when=(ORDERED,),
        title=titled("move"),
        look="moved",
    ),
    Step("to", Line("question.to"), offers=True, when=(ORDERED,), title=titled("to")),
)
HISTORY = (
    Step(
        "version",
        Line("question.version"),
        offers=True,
        when=(FORMER,),
        title=titled("version"),
        look="since",
    ),
)
REWORDED = (
    Step(
        "service",
        Line("question.service"),
        resets=True,
        offers=True,
        when=(OFFICIAL,),
        title=titled("service"),
        look="items",
    ),
    Step("item", Line("question.item"), offers=True, when=(OFFICIAL,), title=titled("item")),
    Step(
        "words",
        Line("question.words"),
        own("words", "official", "passed", "not_passed"),
        writes=CHOICES * (WORDS + 1),
        when=(OFFICIAL,),
        title=titled("words"),
        check=unfit_words,
        look="reworded",
        body=item_now,
    ),
)
