"""The three lessons: what is said, when each phone is said, and both in all kinds of places.

When phones are said is known of no synthesizer. So a network first learns in silence what is said,
and by that tells when, roughly; another one learns from this frame by frame, and so tells better.
The network that is kept learns where the sentences are noisy and their phones known all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from assistant.recognizers.phones.network import CTC, FRAMEWISE
from assistant.recognizers.phones.training.examples import Example, Labels, Spoken, joined
from assistant.recognizers.phones.training.timing import QUIET_SECONDS, Timing, likeliest, spread
from scripts.phonetraining.fitting import SHIPPED, Recipe, Trainee, Training, begin
from scripts.phonetraining.material import Sentence


def timings(
    sentences: Sequence[Sentence], recipe: Recipe, tell: Callable[[str], None]
) -> list[Timing | None]:
    """Tell of each sentence in silence when its phones are said; None where it is too fast."""
    quiet = [Example(one.in_silence, joined(one.words)) for one in sentences]
    by_ctc = fitted(quiet, recipe, tell, "what is said").network()
    rough = [_spread(by_ctc.posteriors(_floats(one)), one.words) for one in sentences]
    told = [
        Example(one.frames, one.units, labels)
        for one, labels in zip(quiet, rough, strict=True)
        if labels is not None
    ]
    framewise = fitted(told, recipe, tell, "when it is said").network()
    return [
        None if labels is None else Timing(labels, QUIET_SECONDS)
        for one in sentences
        for labels in (likeliest(framewise.posteriors(_floats(one))[:, FRAMEWISE], one.words),)
    ]


def elsewhere(sentences: Sequence[Sentence], timed: Sequence[Timing | None]) -> list[Example]:
    """The sentences in their places, with the units of all frames."""
    return [
        Example(frames, joined(sentence.words), timing.elsewhere(place, len(frames)))
        for sentence, timing in zip(sentences, timed, strict=True)
        if timing is not None
        for frames, place in sentence.elsewhere
    ]


def in_silence(sentences: Sequence[Sentence], timed: Sequence[Timing | None]) -> list[Example]:
    """The sentences as they are heard in silence, with the units of all frames."""
    return [
        Example(sentence.in_silence, joined(sentence.words), timing.labels)
        for sentence, timing in zip(sentences, timed, strict=True)
        if timing is not None
    ]


def fitted(
    examples: Sequence[Example],
    recipe: Recipe,
    tell: Callable[[str], None],
    what: str,
    losses: list[float] | None = None,
) -> Trainee:
    """Fit a network, telling the loss of each epoch."""
    training = Training(begin(examples, SHIPPED, recipe), examples, recipe)
    for epoch, loss in enumerate(training.epochs(), start=1):
        tell(f"{what}, epoch {epoch} of {recipe.epochs}: loss {loss:.3f} nats")
        if losses is not None:
            losses.append(round(loss, 4))
    return training.trainee


def _floats(sentence: Sentence) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return sentence.in_silence.astype(np.float32)


def _spread(
    posteriors: np.ndarray[tuple[int, int], np.dtype[np.float32]], words: Spoken
) -> Labels | None:
    """By CTC there may be blanks after each phone, as if each was a word."""
    told = likeliest(posteriors[:, CTC], tuple((unit,) for unit in joined(words)))
    return None if told is None else spread(told)
