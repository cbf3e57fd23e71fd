"""An index of names in memory: which are meant by a few words typed on a phone.

Theory. Names are made of far fewer words than there are names: 30,000 units use some thousands. So
a typed word is compared with the words, never with the names: exactly, as a beginning, with a slip
or two (optimal string alignment), without its vowels, as an abbreviation, as initials. Each way has
its likeness, from 0 to 1. A name's likeness to one typed word is that of its best word; over all
typed words it is the mean, weighed by how much a word tells (log of names per name that has it).
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import log2

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from storage.finding.spelling import abbreviations, initials, passed_over, skeleton, words

READ = 8  # words of what is typed
SIMILAR = 200  # words of the index that one typed word may mean
ENOUGH = 0.5  # likeness below which nothing was found
CLEAR, TELLS = 0.9, 7.0  # … unless words as like as this tell so many bits: the rest is talk
BESIDE = 0.8  # … as a share of the best one's, below which a name is not shown

EXPANDED, INITIALS, SKELETON = 0.95, 0.75, 0.7  # likeness
SLIPS = {1: 0.85, 2: 0.7}  # likeness after so many
UNKNOWN = 0.4  # what a word that no name has tells, as a share of one that a single name has
LENGTH = 0.004  # what each word of a name costs: of equals the shortest comes first
_APART = "·"  # before initials, which no typed word holds

Likenesses = NDArray[np.float32]  # one for each name


class NameIndex:
    """`names[n]` are the texts of the n-th name, the most telling first, each with how much it
    says of it (0 to 1); the first is the name itself."""

    def __init__(self, names: Sequence[Sequence[tuple[str, float]]]) -> None:
        self.number = len(names)
        lengths = [len(words(texts[0][0])) for texts in names]
        self._cost = LENGTH * np.minimum(np.array(lengths, np.float32), 15)
        self._postings = _postings(names)
        self._words = sorted(word for word in self._postings if not word.startswith(_APART))
        self._by_size = sorted(self._words, key=len)
        self._sizes = [len(word) for word in self._by_size]
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            self._skeletons[skeleton(word)].append(word)

    def search(self, text: str, limit: int) -> list[int]:
        """The best names first, none that is far behind them; nothing if none is like it."""
        typed = list(dict.fromkeys(words(text)))
        said = [word for word in typed if word not in passed_over()] or typed
        if not said or not self.number:
            return []
        like = [self._like(n, said[:READ]) for n in range(len(said[:READ]))]
        telling = [self._tells(each) for each in like]
        total = np.average(like, axis=0, weights=telling)
        first = int(total.argmax())
        best = float(total[first])
        told = sum(w for w, each in zip(telling, like, strict=True) if each[first] > CLEAR)
        if best < ENOUGH and told < TELLS:
            return []
        near = np.flatnonzero(total >= BESIDE * best)
        order = np.argsort(self._cost[near] - total[near], kind="stable")[:limit]
        return [int(place) for place in near[order]]

    def _tells(self, like: Likenesses) -> float:
        """How much a typed word tells: the rarer, the more. One that no name has: something."""
        having = int(np.count_nonzero(like > 0.6))
        if not having:
            return max(1.0, UNKNOWN * log2(self.number + 1))
        return max(0.2, log2((self.number + 1) / (having + 1)))

    def _like(self, n: int, said: Sequence[str]) -> Likenesses:
        """Each name's likeness to the n-th typed word: to the best of the ways to say it."""
        like = np.zeros(self.number, np.float32)
        for word, likeness in self._similar(said[n]):
            self._raise(like, word, likeness)
        for way in (*_long(said[n]), *self._parted(said[n]), *self._joined(n, said)):
            np.maximum(like, self._whole(way), out=like)
        return like

    def _whole(self, way: Sequence[str]) -> Likenesses:
        """Likeness to several words at once, by how many of them a name has."""
        whole = np.zeros(self.number, np.float32)
        for word in way:
            like = np.zeros(self.number, np.float32)
            self._raise(like, word, EXPANDED / len(way))
            whole += like
        return whole

    def _raise(self, like: Likenesses, word: str, likeness: float) -> None:
        if word in self._postings:
            at, says = self._postings[word]
            like[at] = np.maximum(like[at], likeness * says)

    def _similar(self, said: str) -> Iterable[tuple[str, float]]:
        """Words of the index that this one may mean, with their likeness."""
        found: dict[str, float] = {}
        for word, likeness in self._candidates(said):
            found[word] = max(likeness, found.get(word, 0))
        if len(found) <= SIMILAR:
            return found.items()
        return sorted(found.items(), key=lambda pair: -pair[1])[:SIMILAR]

    def _candidates(self, said: str) -> Iterator[tuple[str, float]]:
        yield from self._beginnings(said)
        yield from self._slips(said)
        if len(said) > 2 and said == skeleton(said):
            yield from ((word, SKELETON) for word in self._skeletons.get(said, ()) if word != said)
        if _APART + said in self._postings:
            yield _APART + said, INITIALS

    def _beginnings(self, said: str) -> Iterator[tuple[str, float]]:
        """The word itself, and longer ones that begin with it: of one letter alone, too many do."""
        if len(said) == 1 and said in self._postings:
            yield said, 1.0
        for at in range(bisect_left(self._words, said), len(self._words) if len(said) > 1 else 0):
            word = self._words[at]
            if not word.startswith(said):
                break
            yield word, 1.0 if word == said else 0.7 + 0.25 * len(said) / len(word)

    def _slips(self, said: str) -> Iterator[tuple[str, float]]:
        """Words that differ by a slip (two in a long word): a letter more, less, other, swapped."""
        most = 0 if len(said) < 4 or said.isdecimal() else 1 if len(said) < 7 else 2
        if most:
            shortest = bisect_left(self._sizes, len(said) - most)
            about_as_long = self._by_size[shortest : bisect_right(self._sizes, len(said) + most)]
            for word, slips, _ in process.extract(
                said, about_as_long, scorer=OSA.distance, score_cutoff=most, limit=None
            ):
                if slips:
                    yield word, SLIPS[int(slips)]

    def _parted(self, word: str) -> Iterator[Sequence[str]]:
        """Two words that were written as one."""
        for at in range(3, len(word) - 2):
            if word[:at] in self._postings and word[at:] in self._postings:
                yield word[:at], word[at:]

    def _joined(self, n: int, said: Sequence[str]) -> Iterator[Sequence[str]]:
        """One word that was written as two, of which this is one; the first may be shortened."""
        for at in (n - 1, n):
            if 0 <= at < len(said) - 1:
                for first, *more in ((said[at],), *_long(said[at])):
                    if not more and first + said[at + 1] in self._postings:
                        yield (first + said[at + 1],)


def _long(word: str) -> Iterator[Sequence[str]]:
    """What a short word stands for, also where a long one of them is misspelt."""
    known = abbreviations()
    if word in known:
        yield known[word]
    elif len(word) > 4:
        found = process.extractOne(word, known.keys(), scorer=OSA.distance, score_cutoff=1)
        if found and len(found[0]) > 4:
            yield known[found[0]]


def _postings(
    names: Sequence[Sequence[tuple[str, float]]],
) -> dict[str, tuple[NDArray[np.int32], Likenesses]]:
    """By word the places of the names that have it, rising, and how much it says of each."""
    found: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
    for n, texts in enumerate(names):
        said = [(word, says * share) for text, says in texts for word, share in _parts(text)]
        for word, says in (*said, *((_APART + each, 1.0) for each in initials(words(texts[0][0])))):
            at, weights = found[word]
            if not at or at[-1] != n:  # what says more of it comes first
                at.append(n)
                weights.append(says)
    return {
        word: (np.array(at, np.int32), np.array(weights, np.float32))
        for word, (at, weights) in found.items()
    }


@lru_cache(maxsize=65_536)
def _parts(text: str) -> tuple[tuple[str, float], ...]:
    """The words of a text, and what they are short for."""
    said = words(text)
    whole = [long for word in said for long in abbreviations().get(word, ())]
    return (*((word, 1.0) for word in said), *((word, EXPANDED) for word in whole))
