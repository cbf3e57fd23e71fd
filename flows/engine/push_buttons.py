"""Buttons that belong to no conversation: under a digest, news, a sentence, or what was declined.

Each carries an opening (`flows.intents`), and a tap on it is that opening: the same as if its
command had been typed. So nothing is kept for a message that is pushed, its buttons work for as
long as anybody scrolls up to them, and a forged one can do no more than a typed command: whoever
resolves an opening (`bot.core.dialogue`) asks what this chat may do.

    Message(text, rows(opens((Line("digest.details"), "/rincian SAMSAT-BC 2026-W47")), words))
    Picture(png, caption, rows(opens(...), words))                    # rows: flows.engine.say
    Screen("", language, (), (line,), choices=opens(...))             # a sentence with buttons
"""

from flows.engine.capabilities import BUTTON_DATA, OPENS
from flows.engine.events import Opened, PersonEvent, Tapped
from flows.engine.form import Button, Line

OPENING_BYTES = BUTTON_DATA - len(f":{OPENS}:")  # no conversation's id


def opens(*offers: tuple[Line, str]) -> tuple[Button, ...]:
    """Buttons by their labels and openings. ValueError for an opening that does not fit."""
    for _, opening in offers:
        if len(opening.encode()) > OPENING_BYTES:
            raise ValueError(f"'{opening}' has more than {OPENING_BYTES} bytes")
    return tuple(Button(OPENS, opening, label) for label, opening in offers)


def meant(event: PersonEvent) -> PersonEvent:
    """A tap on such a button as the opening that it is; anything else as it is."""
    if isinstance(event, Tapped) and event.step == OPENS:
        return Opened(event.id, event.at, event.choice)
    return event
