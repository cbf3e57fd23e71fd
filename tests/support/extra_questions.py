"""Extra questions, and what a unit asks."""

from sqlalchemy import Engine

from flows.extra_question import Extra
from flows.instrument import Questionnaire
from storage.questionnaires import get
from tests.support.offices import (
    unit_of,
)

PARKING = Extra("1a2b3c4d", "Apakah parkir cukup?", "choice", ("Ya", "Tidak"))


QUEUE = Extra("5e6f7a8b", "Bagaimana antreannya?", "scale")


def in_force(engine: Engine, code: str) -> Questionnaire:
    with engine.begin() as connection:
        return get(connection, unit_of(connection, code).questionnaire)


def texts(engine: Engine, code: str) -> list[str]:
    return [extra.text for extra in in_force(engine, code).extras]
