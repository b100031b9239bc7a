"""The search for the grammar's words in what the network hears, frame by frame.

This is token passing: every place of the graph that what was heard may have led to has a token with
two scores, that of a path whose last frame was the place's phone, and that of one with a blank
after it. A frame moves all tokens at once, in a few operations on arrays of the tokens there are,
so it costs what the beam lets through and not what the grammar has.

That two equal neighbours need a blank between them is CTC's rule and not kept here (``alignment``
says why).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from copy import copy
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from assistant.recognizers.phones.alignment import Frames
from assistant.recognizers.phones.graph import PhoneGraph, run
from assistant.recognizers.phones.hypothesis import Hypothesis, Scores, Weights
from assistant.recognizers.phones.lexicon import BLANK, Integers
from assistant.recognizers.phones.sentences import START, Endings, best_sentences

Number = TypeVar("Number", bound=np.generic)

NO_WORDS = NO_TOKEN = -1


@dataclass(frozen=True, slots=True)
class _Tokens:
    """``place`` of each; its ``score`` is the better one of both, ``in_phone`` that without blanks.

    ``words`` are the numbers of the words that led to it, with these scores.
    """

    place: Integers
    in_phone: Scores
    words_in_phone: Integers
    score: Scores
    words: Integers

    def take(self, some: Integers) -> _Tokens:
        """Some of them."""
        return _Tokens(
            self.place[some],
            self.in_phone[some],
            self.words_in_phone[some],
            self.score[some],
            self.words[some],
        )


@dataclass(frozen=True, slots=True)
class _States:
    """The states that words led to which may have ended in the last frame."""

    state: Integers
    score: Scores
    words: Integers


class Search:
    """Hears utterances of one grammar, one after the other. ``start`` begins each of them."""

    def __init__(self, graph: PhoneGraph, weights: Weights) -> None:
        self._graph = graph
        self._weights = weights
        self.start()

    def start(self) -> None:
        """Begin an utterance, dropping one under way."""
        self._relative: list[Scores] = [np.empty((0, self._graph.units))]
        self._ending_arcs: list[Integers] = []
        self._ending_scores: list[Scores] = []
        # The last of some words, as an arc, and the number of those before it.
        self._arc: list[int] = []
        self._before: list[int] = []
        # The silence before the first word is blanks after no phone.
        nothing = np.array([NO_WORDS])
        self._tokens = _Tokens(
            np.array([START]), np.array([-math.inf]), nothing, np.array([0.0]), nothing
        )
        self._token_at = np.full(len(self._graph.unit), NO_TOKEN, dtype=np.int32)
        self._token_at[START] = 0
        none = np.empty(0, dtype=np.intp)
        self._states = _States(none, np.empty(0), none)

    def copy(self) -> Search:
        """Return one that goes on from here by itself."""
        other = copy(self)
        # All that is changed in place.
        for name in ("_relative", "_ending_arcs", "_ending_scores", "_arc", "_before", "_token_at"):
            setattr(other, name, getattr(self, name).copy())
        return other

    def feed(self, log_posteriors: npt.NDArray[np.floating]) -> None:
        """Take the next frames, any number of them, each with all units."""
        relative = self._weights.relative(log_posteriors)
        self._relative.append(relative)
        for frame in relative:
            self._move(frame)
            self._end_words()

    def partial(self) -> list[str]:
        """The words of the best token: those that it has entered, once they can be told apart."""
        best = int(self._tokens.score.argmax())
        words = []
        number = int(self._tokens.words[best])
        while number != NO_WORDS:
            words.append(self._graph.text(self._arc[number]))
            number = self._before[number]
        words.reverse()
        word = self._graph.word_through(int(self._tokens.place[best]))
        return [*words, word] if word else words

    def finish(self, most: int = 10) -> list[Hypothesis]:
        """The best sentences, if the utterance is over here; it may go on all the same."""
        return self._best(self._graph.final, most)

    def beginning(self) -> Hypothesis | None:
        """The best words that may have ended here, be they a sentence or the beginning of one."""
        return next(iter(self._best(None, 1)), None)

    def _best(self, final: Collection[int] | None, most: int) -> list[Hypothesis]:
        frames = Frames(np.concatenate(self._relative), self._weights)
        endings = Endings(self._graph, self._ending_arcs, self._ending_scores)
        return best_sentences(self._graph, endings, frames, final, most)

    def _move(self, frame: Scores) -> None:
        """Let the tokens stay, and enter the phones after them."""
        graph, tokens, states = self._graph, self._tokens, self._states
        leaving = np.concatenate((tokens.place, states.state))
        first = graph.first_child[leaving]
        count = graph.first_child[leaving + 1] - first
        entered = run(first, count)
        entry = np.concatenate((tokens.score, states.score)).repeat(count)
        entry += self._weights.phone_bonus
        entry_words = np.concatenate((tokens.words, states.words)).repeat(count)
        token = self._token_at[entered]
        new = token < 0
        place = np.concatenate((tokens.place, entered[new]))
        token[new] = np.arange(len(tokens.place), len(place))

        # There is one place before each, so no two enter the same.
        in_phone = _grown(tokens.in_phone, len(place), -math.inf)
        words_in_phone = _grown(tokens.words_in_phone, len(place), NO_WORDS)
        better = entry > in_phone[token]
        in_phone[token[better]] = entry[better]
        words_in_phone[token[better]] = entry_words[better]
        in_phone += frame[graph.unit[place]]
        in_blank = _grown(tokens.score, len(place), -math.inf) + frame[BLANK]
        words_in_blank = _grown(tokens.words, len(place), NO_WORDS)
        words = np.where(in_blank > in_phone, words_in_blank, words_in_phone)
        score = np.maximum(in_blank, in_phone)
        self._keep(_Tokens(place, in_phone, words_in_phone, score, words))

    def _keep(self, tokens: _Tokens) -> None:
        """Drop the tokens that are too much worse than the best one."""
        kept = np.flatnonzero(tokens.score > tokens.score.max() - self._weights.beam)
        if len(kept) > (most := self._weights.most_tokens):
            kept = np.sort(kept[np.argpartition(tokens.score[kept], -most)[-most:]])
        self._token_at[self._tokens.place] = NO_TOKEN
        self._tokens = tokens.take(kept)
        self._token_at[self._tokens.place] = np.arange(len(kept))

    def _end_words(self) -> None:
        """Let the words end that are at their last phones, and the best of them reach states."""
        graph, tokens = self._graph, self._tokens
        first = graph.first_ending[tokens.place]
        count = graph.first_ending[tokens.place + 1] - first
        last = np.flatnonzero(count)
        arc = graph.ending[run(first[last], count[last])]
        last = last.repeat(count[last])
        score = tokens.score[last] - self._weights.word_penalty
        self._ending_arcs.append(arc)
        self._ending_scores.append(score)
        target = graph.target[arc]
        order = np.lexsort((score, target))
        best = order[_last_of_equals(target[order])]
        words = np.arange(len(self._arc), len(self._arc) + len(best))
        self._arc += arc[best].tolist()
        self._before += tokens.words[last[best]].tolist()
        self._states = _States(target[best], score[best], words)


def _last_of_equals(numbers: Integers) -> npt.NDArray[np.bool_]:
    """Which of the sorted numbers are not followed by the same."""
    last = np.ones(len(numbers), dtype=bool)
    np.not_equal(numbers[1:], numbers[:-1], out=last[:-1])
    return last


def _grown(values: npt.NDArray[Number], size: int, fill: float) -> npt.NDArray[Number]:
    """The values, and more of them up to a size."""
    grown = np.full(size, fill, dtype=values.dtype)
    grown[: len(values)] = values
    return grown
