"""PocketSphinx's decoder, with the words of one grammar only.

With its whole dictionary a decoder loads in 0.1 s and takes 28 MB; with these words it loads in
10 ms and takes 5 MB (tried once on a desktop computer; no script prints it). So every grammar gets
new ones, and nothing has to be forgotten.
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError
from assistant.recognizers.confidence import Word

if TYPE_CHECKING:
    from assistant.audio.frames import Samples
    from assistant.ports import Grammar
    from assistant.recognizers.cepstra import Cepstra
    from assistant.recognizers.pronunciation import Phones

# A keyphrase this short needs a strict threshold, or other speech triggers it, the assistant's own
# first of all: in 600 answers it is heard once, at 1e-10 seven times, at 1e-20 in every eighth.
# So strict, it hears a quarter of the voices of ``scripts/bench self-hearing``, at 1e-20 most. That
# was tried once: the script prints what both recognizers hear together.
STOP_THRESHOLD = 1e-2
EASY_STOP_THRESHOLD = 1e-20
"""Where another recognizer has to hear it, too."""


NO_WORD = "<[+("
"""What silence, noise and the ends of sentences begin with: <sil>, [NOISE], (NULL)."""


LEAST_LIKELIHOOD = 1e-300
"""Of a word, where PocketSphinx has less than can be told."""


class Search(Enum):
    """What a decoder looks for."""

    GRAMMAR = "grammar"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What was found in an utterance.

    ``partial`` are the likeliest words, which may end amid a sentence; ``text`` those that end
    where a sentence does, as far as the decoder got, and ``words`` the same with their scores.
    ``score`` is the log-likelihood of ``text`` in nats, scaled as PocketSphinx scales it.
    """

    partial: str
    text: str = ""
    words: tuple[Word, ...] = ()
    score: float = -math.inf


class Decoder:
    """Finds words in sound. ``pronunciations`` are of all the words that it is to know.

    ``beam`` is how much less likely than the best a way may be to be followed on, ``densities`` how
    many Gaussians of each codebook are looked at, ``stop_threshold`` how likely a stop phrase must
    be beside anything else.
    """

    def __init__(
        self,
        pronunciations: Mapping[str, Sequence[Phones]],
        beam: float,
        densities: int,
        stop_threshold: float = STOP_THRESHOLD,
    ) -> None:
        try:
            import pocketsphinx  # noqa: PLC0415
        except ImportError as error:
            raise EngineError(
                f"PocketSphinx cannot be loaded: {error}.",
                "Install it with: pip install pocketsphinx",
            ) from error
        self._words = frozenset(word for word, ways in pronunciations.items() if ways)
        # ``bestpath`` is off, because its search through the lattice cuts off the last words of a
        # grammar's sentence.
        self._decoder: Any = pocketsphinx.Decoder(
            loglevel="FATAL",
            dict=None,
            lm=None,
            cmn="batch",
            bestpath=False,
            silprob=0.1,
            fillprob=0.05,
            topn=densities,
            beam=beam,
            pbeam=beam,
            wbeam=beam**0.75,
            kws_threshold=stop_threshold,
        )
        for word, ways in pronunciations.items():
            for name, phones in zip(_entries(word), ways, strict=False):
                self._decoder.add_word(name, " ".join(phones), False)  # no search has it yet
        self._busy = False

    def add_grammar(self, grammar: Grammar) -> None:
        """Look for its sentences; those with words that are not known are left out."""
        end_state = len(grammar.arcs)
        transitions: list[tuple[int, int, float, str] | tuple[int, int, float]] = [
            (state, target, 1.0, word)
            for state, arcs in enumerate(grammar.arcs)
            for word, target in arcs
            if word in self._words
        ]
        transitions += [(state, end_state, 1.0) for state in sorted(grammar.final)]
        fsg = self._decoder.create_fsg(Search.GRAMMAR.value, 0, end_state, transitions)
        self._decoder.add_fsg(Search.GRAMMAR.value, fsg)

    def add_stop(self, phrase: str) -> None:
        """Look for a phrase amid other sound; not where a word of it is not known."""
        if self._words.issuperset(phrase.split()):
            self._decoder.add_keyphrase(Search.STOP.value, phrase)

    def begin(self, search: Search) -> None:
        """Begin a stream, dropping one under way."""
        self.end()
        self._decoder.activate_search(search.value)
        # After its first utterance PocketSphinx normalises live, whatever ``cmn`` says, with the
        # mean of the utterances before; making the features anew (0.1 ms) forgets both.
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._busy = True

    def feed(self, samples: Samples) -> str:
        """Take the next samples of the stream; returns the words so far."""
        self._decoder.process_raw(samples.tobytes())
        return self._text()

    def end(self) -> None:
        """End the stream, if there is one."""
        if self._busy:
            # Ending an utterance of no frames is an error to PocketSphinx, and harmless.
            with contextlib.suppress(RuntimeError):
                self._decoder.end_utt()
        self._busy = False

    def decode(self, cepstra: Cepstra) -> Decoded:
        """Find a sentence of the grammar in a whole utterance, normalised as a whole."""
        self.begin(Search.GRAMMAR)
        self._decoder.process_cep(cepstra.tobytes(), full_utt=True)
        partial = self._text()
        self.end()
        hypothesis = self._decoder.hyp()
        if hypothesis is None or hypothesis.best_score <= 0.0:
            return Decoded(partial)
        words = tuple(
            Word(
                segment.word.partition("(")[0],
                segment.end_frame - segment.start_frame + 1,
                math.log(max(segment.ascore, LEAST_LIKELIHOOD)),
            )
            for segment in self._decoder.seg()
            if segment.word[0] not in NO_WORD
        )
        score = math.log(hypothesis.best_score)
        return Decoded(partial, hypothesis.hypstr.strip(), words, score)

    def _text(self) -> str:
        hypothesis = self._decoder.hyp()
        return hypothesis.hypstr.strip() if hypothesis is not None else ""


def _entries(word: str) -> Iterator[str]:
    """The names of a word's pronunciations: "read", "read(2)", "read(3)"."""
    return itertools.chain([word], (f"{word}({number})" for number in itertools.count(2)))
