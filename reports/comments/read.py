"""What citizens wrote in the days of a digest, as their unit may read it: masked, folded, in no
order, under the release rule.

Comments, why a score was low, and the texts and places of extra questions. Kept nowhere but in
their responses: read again whenever they are sent, so that what was erased is in no later message.
A week of fewer than 5 responses shows none. Why a score was low stands under its element from 5
reasons on, where its mean is shown; fewer stand among the comments, where they tell nobody's score.
Answers to a question that not everybody is asked are shown from 5 on: they tell who was asked.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from flows.commands import read_comments
from flows.engine.capabilities import length
from flows.engine.form import Line, cut
from flows.engine.push_buttons import opens
from flows.engine.say import Message, Words, rows
from flows.formats import days
from flows.survey.extra import WHY, asked_text
from flows.survey.kinds import kind_of
from reports.comments.substance import says_something
from reports.digest.composed import Digest
from reports.digest.words import MESSAGE, NAME, QUESTION, element_name, phrase
from reports.disclosure import least
from storage.answers import responses
from storage.answers.responses import Unmasked

if TYPE_CHECKING:
    from reports.comments.masking import Masked  # slow to import: phonenumbers

COMMENT = 200  # characters shown of one
SHOWN = 12  # of a kind, behind a digest
MORE = 40  # characters for how many are left

Groups = dict[str, list[Unmasked]]  # what was written, by the heading it stands under


def written(connection: Connection, unit_id: int, digest: Digest, words: Words) -> Groups:
    """Comments stand under the heading ""."""
    if not digest.shows_comments:
        return {}
    found = _texts(connection, unit_id, digest)
    shown = dict(_headings(digest, words))
    for key in [key for key in found if key.startswith(WHY)]:
        if len(found[key]) < least() or key not in shown:
            found[""] += found.pop(key)
    return {heading: found[key] for key, heading in shown.items() if found[key]}


def comments_message(
    connection: Connection, unit_id: int, digest: Digest, words: Words
) -> Message | None:
    """What follows a digest: the first of them, folded. None where nothing may be shown. A button
    leads to all of them in full; what tells who a person is stays masked."""
    groups = written(connection, unit_id, digest, words)
    if not groups:
        return None
    from reports.comments.abuse import MARK  # slow to import

    head = _head("comments.head", digest, words)
    text, on_it = _page(head, _in_turn(groups, SHOWN), fold=True)
    left = sum(map(len, groups.values())) - on_it
    label = Line("comments.unfold")
    if left:
        text += f"\n{phrase(words, 'comments.more', number=left)}"
        label = Line("comments.all", {"n": left + on_it})
    elif MARK not in text:
        return Message(text, ())
    opening = read_comments(digest.office.code, digest.week)
    return Message(text, tuple(rows(opens((label, opening)), words)))


def comments_page(
    connection: Connection, unit_id: int, digest: Digest, words: Words, page: int
) -> tuple[str, int] | None:
    """The texts on that page, from 1, in full but masked, and how many come after it. None where
    there is no such page, or nothing may be shown."""
    left = [*_in_turn(written(connection, unit_id, digest, words))]
    head, text = _head("comments.head.unfolded", digest, words), ""
    for _ in range(page):
        if not left:
            return None
        text, on_it = _page(head, left, fold=False)
        left = left[on_it:]
    return text, len(left)


def number(connection: Connection, unit_id: int, digest: Digest, words: Words) -> int:
    """How many texts there are to read."""
    return sum(map(len, written(connection, unit_id, digest, words).values()))


def readable(said: Unmasked, *, fold: bool = True) -> "Masked":
    """One line without names, numbers and, folded, abuse: the only way to a citizen's words. It is
    masked as it is shown, before it is ever cut."""
    from reports.comments.abuse import folded
    from reports.comments.masking import Masked, masked

    text = masked(said.text)
    return Masked(folded(text)) if fold else text


def in_no_order(said: Iterable[Unmasked]) -> list[Unmasked]:
    """The same order whenever it is asked, and another for each text of one person."""
    return sorted(said, key=lambda each: hashlib.sha256(each.text.encode()).digest())


def _texts(connection: Connection, unit_id: int, digest: Digest) -> Groups:
    """By their keys in a response; comments under ""."""
    found: Groups = defaultdict(list)
    for comment, extra in responses.written(
        connection, unit_id, digest.instrument, digest.first, digest.last
    ):
        for key, said in {"": comment, **extra}.items():
            if said and says_something(said.text):
                found[key].append(said)
    return found


def _headings(digest: Digest, words: Words) -> Iterator[tuple[str, str]]:
    """What may be shown, by its key in a response."""
    yield "", ""
    for element in digest.elements:
        if element.mean:
            name = element_name(digest, element.key, words)
            yield WHY + element.key, phrase(words, "comments.why", name=name)
    for extra in digest.extras:
        if kind_of(extra.question).counted == "texts" and (
            extra.question.asked is None or extra.n >= least()
        ):
            yield extra.question.key, cut(words.line(asked_text(extra.question)), QUESTION)


def _in_turn(groups: Groups, most: int | None = None) -> Iterator[tuple[str, Unmasked]]:
    """Each with the heading it stands under; at most so many under one."""
    for heading, texts in groups.items():
        yield from ((heading, text) for text in in_no_order(texts)[:most])


def _head(key: str, digest: Digest, words: Words) -> str:
    when = days(digest.first, digest.last, words)
    return phrase(words, key, name=cut(digest.office.name, NAME), days=when)


def _page(head: str, said: Iterable[tuple[str, Unmasked]], *, fold: bool) -> tuple[str, int]:
    """As much as fits one message, and how many that are."""
    text, number, above = head, 0, ""
    for heading, each in said:
        under = f"\n\n{heading}" if heading != above else ""
        block = f"{under}\n• {cut(readable(each, fold=fold), COMMENT)}"
        if length(text) + length(block) > MESSAGE - MORE:
            break
        text, number, above = text + block, number + 1, heading
    return text, number
