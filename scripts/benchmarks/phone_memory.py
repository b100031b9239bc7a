"""What memory the phone recognizer takes beside the wake word, in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from assistant.audio.frames import CHUNK_SAMPLES, Samples
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.engines import spoken_grammar
from scripts.benchmarks import stock
from scripts.benchmarks.machine import resident_megabytes
from scripts.benchmarks.wakeloops import CACHE
from scripts.benchmarks.workers import alone


def megabytes(utterances: Sequence[Samples]) -> float:
    """What it adds, with the shipped intents, to a process that has all that the wake word needs.

    The most that there is after any of these utterances.
    """
    return alone(_added, utterances)


def _added(utterances: Sequence[Samples]) -> float:
    import_module("assistant.daemon")  # what is loaded in the core in any case is not added
    embedding = SpeechEmbedding(load_bundle(CACHE))
    wake = embedding.fork()
    for at in range(0, len(utterances[0]) - CHUNK_SAMPLES, CHUNK_SAMPLES):
        wake.mid(wake.frames(utterances[0][at : at + CHUNK_SAMPLES]))
    grammar = spoken_grammar(stock.understanding())
    before = most = resident_megabytes()
    phones = import_module("assistant.recognizers.phones.recognizer")
    models = import_module("assistant.recognizers.phones.models")
    shipped = import_module("assistant.recognizers.phones.model").load_model(
        models.SHIPPED / "en.npz"
    )
    recognizer = phones.PhoneRecognizer(shipped.network, embedding)
    recognizer.use(grammar)
    for utterance in utterances:
        recognizer.start()
        recognizer.finish(utterance)
        most = max(most, resident_megabytes())
    return most - before
