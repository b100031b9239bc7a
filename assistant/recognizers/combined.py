"""Two recognizers together: one listens, and the other one gives a second opinion at the end.

The first one listens as it does alone. In a pause after a whole sentence, and so at the end, the
second one hears the utterance, too, and one transcript is made of both. It is not fed while
somebody speaks: it has to end its stream in that pause, and the utterance may yet go on. Where the
first one is sure enough, it is not asked at all.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from assistant.audio.frames import CHUNK_SAMPLES
from assistant.recognizers.combination import Opinion, combine
from assistant.recognizers.grammar import is_whole

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar, Recognizer, StopListener, UnknownWord
    from assistant.turn import Transcript


Judge: TypeAlias = "Callable[[Grammar, Opinion, Opinion], Transcript]"
"""Makes one transcript of what the first recognizer heard, and the second one."""


TOGETHER_SAMPLES = 8 * CHUNK_SAMPLES
"""They hear a stop phrase less than 0.64 s apart."""


class _Hearing:
    """An utterance that is handed to a recognizer whole; what it hears is asked for once."""

    def __init__(self, recognizer: Recognizer, before: Samples | None, utterance: Samples) -> None:
        self._recognizer = recognizer
        self.utterance = utterance
        recognizer.start(before)
        if recognizer.prepare(utterance) is None:  # it hears what it is fed
            recognizer.feed(utterance)

    @cached_property
    def transcript(self) -> Transcript:
        """What it hears."""
        return self._recognizer.finish(self.utterance)


class BothListen:
    """Hears a stop phrase where all of these do."""

    def __init__(self, listeners: Sequence[StopListener]) -> None:
        self._listeners = listeners
        self._start()

    def _start(self) -> None:
        self._samples = 0
        self._heard_at = [-TOGETHER_SAMPLES] * len(self._listeners)

    def hears(self, samples: Samples) -> bool:
        """Take the next samples; true when the stop phrase was said."""
        self._samples += len(samples)
        for number, listener in enumerate(self._listeners):
            if listener.hears(samples):
                self._heard_at[number] = self._samples
        if self._samples - min(self._heard_at) >= TOGETHER_SAMPLES:
            return False
        self._start()
        return True


class CombinedRecognizer:
    """Hears as the first recognizer does, and is surer or less sure for what the second one hears.

    Words that the first one does not know are told. Sentences with words that only one of them can
    hear are left to that one. ``judge`` makes one transcript of both. A first one that knows all
    words and is as ``sure`` as this is believed without the second one.
    """

    def __init__(
        self,
        first: Recognizer,
        second: Recognizer,
        judge: Judge = combine,
        *,
        sure: float = math.inf,
    ) -> None:
        self._judge = judge
        self._sure = sure
        self.name = f"{first.name}+{second.name}"
        self._first, self._second = first, second
        self._grammar: Grammar | None = None
        self._unheard: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
        self._before: Samples | None = None
        self._hearing: _Hearing | None = None

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        unknown, also_unknown = self._first.use(grammar), self._second.use(grammar)
        self._grammar = grammar
        self._unheard = _unheard(unknown), _unheard(also_unknown)
        self._hearing = None
        return unknown

    def drop(self, grammar: Grammar) -> None:
        """Let go of what was made of a grammar, which is not used any more."""
        self._first.drop(grammar)
        self._second.drop(grammar)

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance, dropping one under way."""
        self._first.start(before)
        self._before = before
        self._hearing = None

    def feed(self, samples: Samples) -> str:
        """Take the next samples and return the partial transcript so far."""
        return self._first.feed(samples)

    def prepare(self, utterance: Samples) -> Transcript | None:
        """Have both hear the utterance so far, if that is a whole sentence, for ``finish``.

        Where the first one streams nobody knows in time whether it is: its partial transcript comes
        late. The second one then knows how far it goes itself.
        """
        heard = self._first.prepare(utterance)
        if heard is not None and (
            not is_whole(self._using, heard.text.split()) or self._is_sure(heard)
        ):
            return heard
        second = self._hear(utterance)
        return None if heard is None else self._combine(heard, second.transcript)

    def finish(self, utterance: Samples) -> Transcript:
        """End the utterance, and combine what both heard."""
        heard = self._first.finish(utterance)
        if self._is_sure(heard):
            return heard
        second = self._hear(utterance)
        self._hearing = None
        return self._combine(heard, second.transcript)

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:  # noqa: ARG002
        """Make a listener for the stop phrase of a grammar that was used: what both hear."""
        both = (self._first, self._second)
        return BothListen([one.listen_for_stop(grammar, sure=False) for one in both])

    @property
    def _using(self) -> Grammar:
        if self._grammar is None:
            raise RuntimeError("use() a grammar before hearing anything")
        return self._grammar

    def _is_sure(self, heard: Transcript) -> bool:
        """Whether the first one is; words that it cannot hear may be what was said."""
        return heard.confidence >= self._sure and not self._unheard[0]

    def _hear(self, utterance: Samples) -> _Hearing:
        """Hand an utterance to the second one, unless it has it already."""
        hearing = self._hearing
        if hearing is None or not np.array_equal(hearing.utterance, utterance):
            self._hearing = hearing = _Hearing(self._second, self._before, utterance)
        return hearing

    def _combine(self, first: Transcript, second: Transcript) -> Transcript:
        unheard, also_unheard = self._unheard
        return self._judge(self._using, Opinion(first, unheard), Opinion(second, also_unheard))


def _unheard(unknown: Sequence[UnknownWord]) -> frozenset[str]:
    return frozenset(one.word for one in unknown if not one.guess)
