"""What an admin writes for a question: choices, limits, translations, read or refused."""

from flows.engine.form import Line
from flows.extra_question import Extra, Translation
from flows.survey.kinds.scale import FOUR, four_words

QUESTION = 300  # characters
CHOICES = 10
CHOICE = 40  # characters: a button on a phone
WORDS = 72  # characters of an official question's answer, as in `storage.files.wording_file`


def choice_texts(text: str) -> tuple[str, ...]:
    """One choice a line."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


def unfit_choices(text: str) -> Line | None:
    choices = choice_texts(text)
    if not 2 <= len(choices) <= CHOICES:
        return Line("question.choices.number", {"given": len(choices), "most": CHOICES})
    return _unfit(choices, CHOICE)


def unfit_scale(text: str) -> Line | None:
    """One word that is graded, or all four."""
    words = four_words(text)
    if len(words) != FOUR:
        return Line("question.scale.lines", {"given": len(words)})
    return _unfit(words, CHOICE)


def unfit_words(text: str) -> Line | None:
    """How many are needed is asked of the instrument (`bot.office.questions.question_lookups`)."""
    return _unfit(choice_texts(text), WORDS)


def translation_of(extra: Extra, language: str, text: str) -> Translation | Line:
    """The question's line or lines, then one for each of its choices; or what is wrong with it."""
    lines, choices = choice_texts(text), len(extra.choices)
    said = "\n".join(lines[: len(lines) - choices])
    if len(lines) <= choices or (choices and "\n" in said):
        return Line("question.lines", {"given": len(lines), "needed": choices + 1})
    if len(said) > QUESTION:
        return Line("too_long", {"length": len(said), "most": QUESTION})
    words = lines[len(lines) - choices :]
    return _unfit(words, CHOICE) or Translation(language, said, words)


def _unfit(choices: tuple[str, ...], most: int) -> Line | None:
    if len({choice.casefold() for choice in choices}) < len(choices):
        return Line("question.choices.twice")
    long = [choice for choice in choices if len(choice) > most]
    return Line("question.choices.long", {"choice": long[0][:most], "most": most}) if long else None
