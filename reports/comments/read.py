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
from reports.digest.composed import Digest
from reports.digest.release import LEAST
from reports.digest.words import MESSAGE, NAME, QUESTION, element_name, phrase
from storage.answers import responses
from storage.answers.responses import Unmasked

if TYPE_CHECKING:
    from reports.comments.masking import Masked  # slow to import: phonenumbers

COMMENT = 200  # characters shown of one
SHOWN = 12  # of a kind

Groups = dict[str, list[Unmasked]]  # what was written, by the heading it stands under


def written(connection: Connection, unit_id: int, digest: Digest, words: Words) -> Groups:
    """Comments stand under the heading ""."""
    if digest.comments is None:
        return {}
    found = _texts(connection, unit_id, digest)
    shown = dict(_headings(digest, words))
    for key in [key for key in found if key.startswith(WHY)]:
        if len(found[key]) < LEAST or key not in shown:
            found[""] += found.pop(key)
    return {heading: found[key] for key, heading in shown.items() if found[key]}


def comments_message(
    connection: Connection, unit_id: int, digest: Digest, words: Words, *, fold: bool = True
) -> Message | None:
    """None where nothing may be shown. Under folded words stands a button that shows them; what
    tells who a person is stays masked."""
    groups = written(connection, unit_id, digest, words)
    if not groups:
        return None
    from reports.comments.abuse import MARK  # slow to import

    when = days(digest.first, digest.last, words)
    key = "comments.head" if fold else "comments.head.unfolded"
    head = phrase(words, key, name=cut(digest.office.name, NAME), days=when)
    text = _text(head, groups, words, fold)
    if not fold or MARK not in text:
        return Message(text, ())
    opening = read_comments(digest.office.code, digest.week)
    return Message(text, tuple(rows(opens((Line("comments.unfold"), opening)), words)))


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
        found[""] += [comment] if comment else []
        for key, said in extra.items():
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
            extra.question.asked is None or extra.n >= LEAST
        ):
            yield extra.question.key, cut(words.line(asked_text(extra.question)), QUESTION)


def _text(head: str, groups: Groups, words: Words, fold: bool) -> str:
    """As much as fits one message; the rest is counted."""
    lines, left = [head], 0
    room = MESSAGE - length(head) - length(phrase(words, "comments.more", number=10**6)) - 2
    for heading, texts in groups.items():
        under = ["", heading] if heading else []
        for place, text in enumerate(in_no_order(texts)):
            block = [*under, f"• {cut(readable(text, fold=fold), COMMENT)}"]
            needed = sum(length(line) + 1 for line in block)
            if place >= SHOWN or needed > room:
                left += len(texts) - place
                break
            room, under = room - needed, []
            lines += block
    return "\n".join([*lines, *([phrase(words, "comments.more", number=left)] if left else [])])
