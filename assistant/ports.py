"""Every contract between the pipeline and the outside, on one page.

An adapter implements one of these and nothing else; the contract tests in ``tests`` run each
implementation, and each fake, through the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from assistant.audio.frames import Samples
from assistant.events import Event
from assistant.turn import ActionResult, Match, Transcript

Emit: TypeAlias = Callable[[Event], None]
"""How events leave a part; it never blocks and never raises."""


ANY_WORDS = "{}"
"""In an open grammar the word that stands for any words, at least one. It is no word itself."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The sentences a recognizer may hear, as a deterministic, minimal word acceptor.

    ``arcs[state]`` holds (word, next state) sorted by word; state 0 is the start. ``phrases`` are
    sentences that together use every arc once or more, for engines that take phrases.
    ``sounds_like`` are the ways to say a word that is not said as it is written, each a text of
    words, syllables and letters: ("x box",). ``stop_phrase`` is what cuts a reply short. Two
    sentences may be said with one of the ``joining`` phrases between them, each a tuple of words;
    the arcs are of one sentence all the same. Every sentence may begin with one of ``prefixes``,
    the wake word, which are in the arcs and mean nothing. ``open`` is the grammar of sentences that
    take any words, which are not in the arcs, with ``ANY_WORDS`` in their place; None where there
    are none.
    """

    arcs: tuple[tuple[tuple[str, int], ...], ...]
    final: frozenset[int]
    phrases: tuple[str, ...]
    sounds_like: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stop_phrase: str = "stop"
    joining: tuple[tuple[str, ...], ...] = ()
    prefixes: tuple[str, ...] = ()
    open: Grammar | None = None

    def words(self) -> tuple[str, ...]:
        """Every word of the arcs, sorted."""
        return tuple(sorted({word for arcs in self.arcs for word, _ in arcs} - {ANY_WORDS}))


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that a recognizer does not know; ``guess`` is how it takes it to sound.

    '' is no guess: sentences with the word are not heard.
    """

    word: str
    guess: str = ""


class AudioSource(Protocol):
    """Where chunks come from. Used by one thread."""

    @property
    def name(self) -> str:
        """The device or file, as the owner would call it."""
        ...

    @property
    def is_device(self) -> bool:
        """Whether it can be closed and opened again, as a device can, and a stream cannot."""
        ...

    def read(self) -> Samples | None:
        """Block for the next chunk (``CHUNK_SAMPLES`` samples); None when the source has ended.

        Raises DeviceError when the device is lost.
        """
        ...

    def close(self) -> None:
        """Release the device; a ``read`` under way in another thread returns."""
        ...


@dataclass(frozen=True, slots=True)
class Sound:
    """Samples to play: mono, 16 bits, at ``sample_rate`` Hz."""

    samples: Samples
    sample_rate: int

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self.samples) / self.sample_rate


class Speaker(Protocol):
    """Where sound goes. One sound plays at a time; a second call waits for the first."""

    async def play(self, sound: Sound, volume: float = 1.0) -> None:
        """Play to the end, scaled by ``volume`` 0..1; cancelling the task cuts the sound.

        Raises DeviceError when the device cannot play.
        """
        ...

    def close(self) -> None:
        """Release the device."""
        ...


class Synthesizer(Protocol):
    """Text to speech."""

    async def synthesize(self, text: str) -> Sound:
        """Speak ``text``; an empty sound for an engine that is silent. Raises EngineError."""
        ...


class VoiceActivity(Protocol):
    """Tells speech from other sound. Used by the audio thread."""

    @property
    def step_seconds(self) -> float:
        """How much sound a probability is of."""
        ...

    def probabilities(self, samples: Samples) -> Sequence[float]:
        """How likely there is speech in each step that these samples complete, 0..1."""
        ...

    def reset(self) -> None:
        """Forget what was heard."""
        ...


class WakeWord(Protocol):
    """Scores wake words. Used by the audio thread."""

    @property
    def names(self) -> Sequence[str]:
        """The words it listens for."""
        ...

    def threshold(self, name: str, sensitivity: float) -> float:
        """The score that a word has to reach.

        ``sensitivity`` 0..1 says how often it may be heard where nobody said it.
        """
        ...

    def scores(self, chunk: Samples) -> Mapping[str, float]:
        """Score 0..1 of each word ending about now; none while there is nothing new."""
        ...

    def reset(self) -> None:
        """Forget what was heard, so that one word is not detected twice."""
        ...


class SpeakerVerifier(Protocol):
    """Tells whether a voice is like the owner's. Used by the audio thread."""

    def score(self, samples: Samples) -> float:
        """How much the voice is like the owner's, 0..1; 0 where there is too little of a voice."""
        ...


class StopListener(Protocol):
    """Listens for what cuts a reply short, and for nothing else. Used by one audio thread."""

    def hears(self, samples: Samples) -> bool:
        """Take the next samples; true when it was said."""
        ...


class Recognizer(Protocol):
    """Turns one utterance into words of a grammar. Used by one audio thread at a time."""

    @property
    def name(self) -> str:
        """The engine, as in the configuration."""
        ...

    def use(self, grammar: Grammar) -> Sequence[UnknownWord]:
        """Hear this grammar from the next ``start`` on; returns its words that are not known."""
        ...

    def drop(self, grammar: Grammar) -> None:
        """Let go of what was made of a grammar, which is not used any more."""
        ...

    def start(self, before: Samples | None = None) -> None:
        """Begin an utterance, dropping one under way.

        ``before`` is the sound just before it: the room's, perhaps with the wake word.
        """
        ...

    def feed(self, samples: Samples) -> str:
        """Take the next samples (any number) and return the partial transcript so far."""
        ...

    def prepare(self, utterance: Samples) -> Transcript | None:
        """Get a head start on ``finish``: the utterance may be over here, or go on.

        Returns what is heard in it so far, with words that may be no more than the beginning of a
        sentence, where that is better than what ``feed`` returns; the confidence is that of a whole
        sentence. ``finish`` of the same samples then returns at once, after a whole sentence.
        """
        ...

    def finish(self, utterance: Samples) -> Transcript:
        """End the utterance.

        ``utterance`` is the whole of it, trimmed to the speech, for engines that hear better with
        all of it at hand; others use what they were fed.
        """
        ...

    def listen_for_stop(self, grammar: Grammar, *, sure: bool = True) -> StopListener:
        """Make a listener for the stop phrase of a grammar that was used.

        Where it need not be ``sure``, another one has to hear the phrase, too. It is apart from the
        utterances, so any thread may ask for one, at any time.
        """
        ...


class Mixer(Protocol):
    """The volume of all sound of the system. Its methods block for some 10 ms.

    Each raises ActionError where there is none that can be set.
    """

    def volume(self) -> int:
        """Percent now, 0..100."""
        ...

    def set_volume(self, percent: int) -> None:
        """Set it, 0..100."""
        ...


class MediaCommand(StrEnum):
    """What can be asked of a player of music."""

    PLAY = "play"
    PAUSE = "pause"
    NEXT = "next"
    PREVIOUS = "previous"
    STOP = "stop"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Track:
    """What a player plays, or would go on with; texts are '' where it does not tell them."""

    title: str = ""
    artist: str = ""
    playing: bool = False


class MediaPlayer(Protocol):
    """A player of music, or all of them that there are."""

    async def do(self, command: MediaCommand) -> Track | None:
        """Do it, and tell what it was done to, as it was before; LOOK does nothing else.

        None where there is nothing that this could be done to. Raises ActionError where no player
        can be reached.
        """
        ...


class Trigger(Protocol):
    """A key or a button."""

    @property
    def name(self) -> str:
        """What the owner would call it."""
        ...

    async def watch(self, ready: Callable[[], None], pressed: Callable[[], None]) -> None:
        """Call ``pressed`` each time, until cancelled; ``ready`` once it can be pressed.

        Raises DeviceError when it is not there, or is pulled out; it may be tried again.
        """
        ...


class Action(Protocol):
    """What an intent does."""

    async def __call__(self, match: Match) -> ActionResult:
        """Do it. Raises ActionError with a sentence fit to be spoken when it could not."""
        ...
