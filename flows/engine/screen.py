"""What a person sees, in no platform's words: text keys with parameters, choices, progress."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from flows.engine import multiple_choice
from flows.engine.capabilities import OPENS
from flows.engine.conversation import Conversation
from flows.engine.form import Brought, Button, Choice, Form, Line, Param, Step, asking, cut, literal
from flows.engine.language_tag import language_of
from flows.engine.secret import Secret
from flows.engine.typed_words import tokens

QUOTED = 200  # characters of a person's own text that are shown again

# No unit's code has a "_", and no id of a form begins with one.
BACK = Choice("_back", Line("move.back"), "back")
ENDED = "_ended"  # stands for a step at the buttons under an ending


@dataclass(frozen=True, slots=True)
class Screen:
    """`notes` say what just happened, `body` asks; `choices` answer, `moves` lead elsewhere.

    `progress` is (place, of how many) within the step's group. The buttons of a closed
    conversation's screen begin others (`flows.engine.ended`). With `fetch` it is no screen yet: the
    content of that file has to be brought first (`flows.engine.input_parsing`), as what `brings`
    says. `anew`: it takes no other message's place. `step` is the one asked, `asks` the line of the
    body that asks it, `writes` how many characters may be written there (0: only buttons answer),
    `locates`: a place may be sent.
    """

    conversation: str
    language: str
    notes: tuple[Line, ...]
    body: tuple[Line, ...]
    progress: tuple[int, int] | None = None
    choices: tuple[Button, ...] = ()
    moves: tuple[Button, ...] = ()
    fetch: str = ""
    brings: Brought = "table"
    anew: bool = False
    step: str = field(default="", compare=False)
    asks: int = field(default=0, compare=False)
    locates: bool = field(default=False, compare=False)
    writes: int = field(default=0, compare=False)


SILENCE = Screen("", "id", (), ())  # nothing is said


def screen(form: Form, conversation: Conversation, notes: tuple[Line, ...] = ()) -> Screen:
    step = asking(form, conversation)
    if step is None:
        return _end(conversation, notes)
    about = Line(step.text.key, {**conversation.about, **step.text.params})
    above = step.body(form, conversation) if step.body else ()
    elsewhere = form.by_id[step.otherwise].writes if step.otherwise else 0
    return Screen(
        conversation.id,
        conversation.language,
        notes,
        (*above, about, *_below(conversation, step)),
        progress(form, conversation, step),
        _keyboard(form, conversation, step),
        tuple(_moves(form, conversation, step)),
        step=step.id,
        asks=len(above),
        locates=bool(step.locates),
        writes=step.writes or elsewhere,
    )


def numbers(shown: Screen) -> dict[int, Button]:
    """What a typed number means."""
    return {button.number: button for button in shown.choices if button.number is not None}


def _keyboard(form: Form, conversation: Conversation, step: Step) -> tuple[Button, ...]:
    """Of a step with choices of its own alone, none of which is worded by the answers, each is made
    once."""
    choices = choices_of(form, conversation, step)
    if step.aside or step.many or step.id in conversation.offered:
        return tuple(_buttons(step, choices))
    if any(choice.says for choice in step.choices):
        return tuple(_buttons(step, choices))
    shown = (step.id, *[choice.id for choice in choices])
    made = form.keyboards.get(shown)
    if made is None:
        made = form.keyboards[shown] = tuple(_buttons(step, choices))
    return made


def _buttons(step: Step, choices: Sequence[Choice]) -> Iterator[Button]:
    """Each with the number that stands on it; where none has one, with its place.

    Beside numbered answers nothing else has a number: whoever types 5 to praise is not taken to
    mean "tidak berlaku". Where labels have digits of their own, as ages have, a place has none.
    Nor has it where something may be agreed to, ended, sent or erased: whoever types 3 to say
    "baik" must not end a survey.
    """
    is_numbered = any(choice.label.key == "numbered" for choice in choices)
    # Where rows are offered a number means one of them.
    by_place = step.offers or not (
        step.writes
        or any(_has_number(c, len(choices)) or c.weighty or c.does == "close" for c in choices)
    )
    for place, choice in enumerate(choices, 1):
        number = place if by_place else None
        if is_numbered:
            stands = choice.label.params.get("number")
            is_text = step.writes and not step.offers
            number = stands if isinstance(stands, int) and not is_text else None
        yield Button(step.id, choice.id, choice.label, number)


def _has_number(choice: Choice, places: int) -> bool:
    """Whether its words have a number that may be taken for a place, or are a range of numbers."""
    if choice.label.key != "=":
        return any(character.isdecimal() for character in choice.label.key.rpartition(".")[2])
    said = tokens(str(choice.label.params["text"]))
    return any(word.isdecimal() and len(word) < 4 and int(word) <= places for word in said)


def _below(conversation: Conversation, step: Step) -> tuple[Line, ...]:
    chosen = multiple_choice.labels(step, conversation.answers.get(step.id)) if step.many else ()
    more = (Line("chosen.all", {"items": chosen}),) if chosen else ()
    return (*((step.hint,) if step.hint else ()), *more)


def choices_of(form: Form, conversation: Conversation, step: Step) -> tuple[Choice, ...]:
    """What may be chosen at a step: rows offered or answers listed, then the step's own choices.
    A row with an "opening" begins what that begins, any other is an answer.

    An aside's own choice ("continue") stands before what it offers: the safe one first.
    """
    rows = conversation.offered.get(step.id, ())
    offers = tuple(
        Choice(row["id"], _label(row), "start" if "opening" in row else "answer") for row in rows
    )
    if step.aside:
        own = [_said(form, conversation, choice) for choice in step.choices]
        return (*(_listed(form, conversation) if step.lists else ()), *own, *offers)
    if step.many:
        return multiple_choice.shown(step, conversation.answers.get(step.id))
    own = [
        _said(form, conversation, choice)
        for choice in step.choices
        if not choice.explains or choice.explains(conversation, step)
    ]
    return (*offers, *own)


def _said(form: Form, conversation: Conversation, choice: Choice) -> Choice:
    return replace(choice, label=choice.says(form, conversation)) if choice.says else choice


def _label(row: dict[str, str]) -> Line:
    return Line(row["key"], row) if "key" in row else literal(row["label"])


def previous(form: Form, conversation: Conversation, step: Step) -> Step | None:
    """The answered step before this one that may be visited again."""
    counted = form.counted(conversation.answers)
    earlier = [*takewhile(lambda other: other is not step, form.path(conversation.answers))]
    for other in reversed(earlier):
        if other.id in counted and _is_place(form, conversation, other):
            return other
    return None


def _is_place(form: Form, conversation: Conversation, step: Step) -> bool:
    """Whether going back there leads anywhere: not where the answer was filled in because there is
    no other, as for whoever has one unit."""
    if step.id not in conversation.given or step.writes or step.attaches or step.many:
        return step.revisable
    does = [choice.does for choice in choices_of(form, conversation, step)]
    return step.revisable and does.count("answer") > 1


def progress(form: Form, conversation: Conversation, step: Step) -> tuple[int, int] | None:
    if not step.group:
        return None
    answers = conversation.answers
    group = [s.id for s in form.path(answers) if s.group == step.group]
    return group.index(step.id) + 1, len(group)


def answer_line(form: Form, conversation: Conversation, step: Step) -> Line:
    """The words of an answer, as the person gave it; what was written, as others will read it."""
    value = conversation.answers[step.id]
    if isinstance(value, dict):
        if "file" in value and not value["text"]:  # a photo has no name
            return Line("attach.sent")
        return literal(quoted(step.shows(value["text"])))
    if isinstance(value, list):
        return _joined(multiple_choice.labels(step, value))
    labels = (c.label for c in choices_of(form, conversation, step) if c.id == value)
    label = next(labels, literal(value))
    inner = label.params.get("label")  # "2 Kurang mudah" is shown again as "Kurang mudah"
    return inner if isinstance(inner, Line) else label


def _joined(labels: tuple[Line, ...]) -> Line:
    """Literal lines as one, in each language that any of them has."""
    said: dict[str, Param] = {}
    for language in ("text", *sorted({name for label in labels for name in label.params})):
        words = [str(label.params.get(language, label.params["text"])) for label in labels]
        said[language] = quoted(", ".join(words))
    return Line("=", said)


def answered(form: Form, conversation: Conversation) -> list[Step]:
    """Answered steps that apply and may be visited again, in order."""
    return [
        step
        for step in form.path(conversation.answers)
        if step.revisable and step.id in form.counted(conversation.answers)
    ]


def titled(form: Form, conversation: Conversation, step: Step) -> Line:
    """A step's title with its place in its group: "2 Prosedur"."""
    title = step.title or step.text
    place = progress(form, conversation, step)
    return Line("numbered", {"number": place[0], "label": title}) if place else title


def given_line(key: str, form: Form, conversation: Conversation, step: Step) -> Line:
    """A line with the title of a step and what was answered there."""
    title, answer = titled(form, conversation, step), answer_line(form, conversation, step)
    return Line(key, {"title": title, "answer": answer})


def quoted(text: str) -> str:
    """A person's own text on one line, cut to what a screen has room for."""
    return cut(text, QUOTED)


def _listed(form: Form, conversation: Conversation) -> tuple[Choice, ...]:
    steps = [s for s in answered(form, conversation) if _is_place(form, conversation, s)]
    return tuple(Choice(s.id, titled(form, conversation, s), "visit") for s in steps)


def _moves(form: Form, conversation: Conversation, step: Step) -> list[Button]:
    moves = []
    if not step.aside and previous(form, conversation, step):
        moves.append(Button(step.id, BACK.id, BACK.label))
    for aside, choice in step.also:
        if choice != language_of(conversation.language):
            label = next(c.label for c in form.by_id[aside].choices if c.id == choice)
            moves.append(Button(aside, choice, label))
    return [*moves, *(Button(OPENS, opening, label) for label, opening in step.leads)]


def told_once(conversation: Conversation, key: str, secrets: Mapping[str, Secret]) -> Screen:
    """The ending of a conversation as it is shown this once."""
    line = _ending(conversation)
    return _ended(conversation, (), Line(key, {**line.params, **secrets}))


def _end(conversation: Conversation, notes: tuple[Line, ...]) -> Screen:
    line = _ending(conversation)
    # The message above it may be the one that shows the secret.
    return replace(_ended(conversation, notes, line), anew=line.key.endswith(".once"))


def _ended(conversation: Conversation, notes: tuple[Line, ...], line: Line) -> Screen:
    return Screen(
        conversation.id,
        conversation.language,
        notes,
        (line,),
        choices=tuple(
            Button(ENDED, choice.id, choice.label, place)
            for place, choice in enumerate(after(conversation), 1)
        ),
    )


def after(conversation: Conversation) -> tuple[Choice, ...]:
    """What may be chosen once it is closed."""
    rows = conversation.offered.get(ENDED, ())
    return tuple(Choice(row["id"], _label(row), "start") for row in rows)


def _ending(conversation: Conversation) -> Line:
    outcome = dict(conversation.outcome)
    key = outcome.pop("key", f"{conversation.form}.{conversation.status}")
    return Line(key, {**conversation.about, **outcome})
