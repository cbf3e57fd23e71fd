"""--instrument: the one that is named, or else the SKM's of today."""

import time

from bot.commands.refusal import Refused
from flows.instrument import Instrument
from flows.loader import instrument, instrument_ids, skm_on
from flows.operator_words import tr
from storage.periods import CAPITAL, local_date


def named(name: str | None) -> Instrument | None:
    """None where none is named. Raises Refused for one that there is not."""
    if name is None:
        return None
    if name not in instrument_ids():
        known = ", ".join(instrument_ids())
        raise Refused(tr("There is no instrument “{0}”. There are: {1}.", name, known))
    return instrument(name)


def of_today(name: str | None) -> Instrument:
    """The one named, or else the SKM's of today. Raises Refused."""
    return named(name) or skm_on(local_date(time.time(), CAPITAL))
