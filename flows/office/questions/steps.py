"""What an admin may do with questions besides writing them: the steps of each way."""

from flows.engine.form import Choice, literal
from flows.loader import LANGUAGES
from flows.office.questions.draft import OWN, SEND, item_now, to_translate
from flows.office.questions.texts import CHOICE, CHOICES, QUESTION, WORDS, unfit_words
from flows.office.steps import Steps, chosen

step = Steps("question")

ADDED, ORDERED, FORMER, OFFICIAL, SENT = (chosen("pick", way) for way in (*OWN, SEND))
_TRANSLATE = (chosen("act", "translate"),)
TRANSLATED = (
    step(
        "to_language",
        *(Choice(to, literal(name)) for to, name in LANGUAGES.items() if to != "id"),
        resets=True,
        when=_TRANSLATE,
    ),
    step(
        "translation",
        "none",
        writes=QUESTION + CHOICES * (CHOICE + 1),
        when=_TRANSLATE,
        look="translated",
        body=to_translate,
    ),
)
ORDER = (
    step("move", resets=True, offers=True, when=(ORDERED,), look="moved"),
    step("to", offers=True, when=(ORDERED,)),
)
HISTORY = (step("version", offers=True, when=(FORMER,), look="since"),)
REWORDED = (
    step("service", resets=True, offers=True, when=(OFFICIAL,), look="items"),
    step("item", offers=True, when=(OFFICIAL,)),
    step(
        "words",
        "official",
        "passed",
        "not_passed",
        writes=CHOICES * (WORDS + 1),
        when=(OFFICIAL,),
        check=unfit_words,
        look="reworded",
        body=item_now,
    ),
)
