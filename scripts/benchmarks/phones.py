"""``phones``: what the phone recognizer adds to PocketSphinx, as shipped and after training."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.audio.frames import SAMPLE_RATE
from assistant.embedding.bundle import load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.recognizers.phones.fusion import SURE_ALONE
from assistant.recognizers.phones.model import Model, load_model
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.training.adaptation import Adapted
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import NOISE_DECIBELS, Clip, Split
from scripts.benchmarks.hearing import in_noise, spread
from scripts.benchmarks.overhearing import (
    ACT,
    Meanings,
    Opinions,
    Overheard,
    accepted,
    adapted,
    opinions,
    overhear,
)
from scripts.benchmarks.phone_memory import megabytes
from scripts.benchmarks.tables import Report, Share, Table, percent

ACCEPTED_COMMANDS = 50
CONDITIONS = (None, *NOISE_DECIBELS)
MEMORY_UTTERANCES = 20
OTHERS_DECIBELS = (12, 6)
OTHERS_IN_NOISE = 120
"""Single words, by noise; without noise all there are."""
ABOUT_REJECTION = (
    "The same with rejection, as in use (`recognizer.act_confidence`): of the commands of each "
    "noise the share that is lost to it (understood rightly, and not acted on at once), and of "
    "single words by many people, which are no command, the share that is acted on. Targets: at "
    "most 5 % lost at 12 dB, at most 2 % acted on."
)


def measure(
    data: Path, *, split: Split = "test", limit: int | None = None, jobs: int = 2
) -> Report:
    """Hear the orders of one half; accepted commands for training are of the other one."""
    other: Split = "dev" if split == "test" else "test"
    clean = coffee.commands(data, split, limit)
    commands = overhear([*clean, *in_noise(clean, NOISE_DECIBELS)], data, jobs)
    others = overhear(other_speech(data, split, limit), data, jobs)
    at_home = overhear(coffee.commands(data, other, limit), data, jobs)
    meanings = Meanings(data)
    grammar = meanings.grammar
    embedding = SpeechEmbedding(load_bundle())
    shipped = load_model(SHIPPED / "en.npz")
    heard_at_home = list(opinions(shipped, embedding, grammar, at_home))
    recordings = accepted(heard_at_home, ACCEPTED_COMMANDS)
    train = partial(adapted, shipped, grammar, embedding)
    (text, learnt), text_seconds = _timed(lambda: train(()))
    (both, learnt_more), both_seconds = _timed(lambda: train(recordings))
    variants: dict[str, Model] = {
        "as shipped": shipped,
        "after text": text,
        f"after text and {len(recordings)} commands": both,
    }
    rows = [("PocketSphinx", *shares([meanings.right(one, one.heard.text) for one in commands]))]
    alone = rejection("PocketSphinx", meanings, _alone(commands), _alone(others))
    rejected = [alone]
    for name, model in variants.items():
        heard = list(opinions(model, embedding, grammar, commands))
        words = list(opinions(model, embedding, grammar, others))
        rows.append((f"phones, {name}", *shares([_own_right(meanings, one) for one in heard])))
        together = f"PocketSphinx and phones, {name}"
        rows.append((together, *shares([_both_right(meanings, one) for one in heard])))
        rejected.append(rejection(together, meanings, _both(heard), _both(words)))
    asked = [one for one in heard if len(one.of.utterance)]
    seconds = sum(len(one.of.utterance) / SAMPLE_RATE for one in asked)
    cost = sum(one.cpu_seconds for one in asked) / seconds
    silent = Share(
        sum(one.of.heard.confidence >= SURE_ALONE for one in heard[: len(clean)]), len(clean)
    )
    memory = megabytes([one.utterance for one in commands[:MEMORY_UTTERANCES]])
    introduction = (
        f"{len(clean)} spoken coffee orders (the half '{split}'), clean and mixed with kitchen "
        "noise, understood rightly whatever the confidence; the mean is over the seven noises. "
        f"The {len(recordings)} commands are of the other half, those that both recognizers as "
        "shipped would have acted on, and the words learnt with them are those that were heard, "
        f"{_true(meanings, heard_at_home)} of them rightly: nobody wrote down what was said. "
        "Speakers of both halves may be the same. Nothing was trained for this grammar before."
    )
    about = (
        f"Training took {text_seconds:.0f} and {both_seconds:.0f} CPU seconds for "
        f"{learnt.hours:.1f} and {learnt_more.hours:.1f} hours of sound. The phone recognizer "
        f"takes {cost:.3f} CPU seconds for a second of an utterance, judging included; it is not "
        f"asked where PocketSphinx is sure, as of {percent(silent.value)} of the clean orders. It "
        f"adds {memory:.0f} MB (VmRSS), with the shipped intents, to a process that has what the "
        "wake word needs."
    )
    columns = ("", "clean", *(f"{decibels} dB" for decibels in NOISE_DECIBELS), "mean in noise")
    rejecting = Table(
        (
            *("", "commands lost, clean", *(f"{noise} dB" for noise in NOISE_DECIBELS)),
            *("others acted on, clean", *(f"{noise} dB" for noise in OTHERS_DECIBELS)),
        ),
        tuple(rejected),
    )
    return Report(
        "phones",
        "A recognizer of our own",
        (introduction, Table(columns, tuple(rows)), ABOUT_REJECTION, rejecting, about),
        {
            "understood": {row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in rows},
            "rejection": {row[0]: row[1:] for row in rejected},
        },
    )


def other_speech(data: Path, split: Split, limit: int | None = None) -> list[Clip]:
    """Single words, clean and some of them in noise."""
    words = coffee.single_words(data, split, limit)
    return [*words, *in_noise(spread(words, OTHERS_IN_NOISE), OTHERS_DECIBELS)]


Judged = tuple[Overheard, str, float]
"""What was said, what was made of it, and how sure that is."""


def _alone(overheard: Sequence[Overheard]) -> list[Judged]:
    return [(one, one.heard.text, one.heard.confidence) for one in overheard]


def _both(heard: Sequence[Opinions]) -> list[Judged]:
    return [(one.of, one.both.text, one.both.confidence) for one in heard]


def rejection(
    name: str, meanings: Meanings, commands: Sequence[Judged], others: Sequence[Judged]
) -> tuple[str, ...]:
    """Commands that are lost to rejection, and other speech that is not rejected."""
    lost = {noise: Share(0, 0) for noise in CONDITIONS}
    for one, text, sure in commands:
        noise = one.clip.decibels
        lost[noise] = _counted(lost[noise], meanings.right(one, text) and sure < ACT)
    acted = {noise: Share(0, 0) for noise in (None, *OTHERS_DECIBELS)}
    for one, text, sure in others:
        noise = one.clip.decibels
        acted[noise] = _counted(acted[noise], bool(text) and sure >= ACT)
    return (name, *(percent(share.value) for share in (*lost.values(), *acted.values())))


def _counted(share: Share, one_more: bool) -> Share:
    return Share(share.count + one_more, share.total + 1)


def _own_right(meanings: Meanings, one: Opinions) -> bool:
    return meanings.right(one.of, one.own.text)


def _both_right(meanings: Meanings, one: Opinions) -> bool:
    return meanings.right(one.of, one.both.text)


def _true(meanings: Meanings, heard: Sequence[Opinions]) -> int:
    """How many of the accepted commands are what was meant."""
    taken = [one for one in heard if one.both.confidence >= ACT][:ACCEPTED_COMMANDS]
    return sum(_both_right(meanings, one) for one in taken)


def _timed(
    work: Callable[[], tuple[Model, Adapted]],
) -> tuple[tuple[Model, Adapted], float]:
    began = time.process_time()
    return work(), time.process_time() - began


def shares(right: Sequence[bool] | Iterator[bool]) -> list[str]:
    """Of each condition, then the mean in noise; all have as many clips."""
    by_condition = np.array(list(right), dtype=float).reshape(len(CONDITIONS), -1)
    shares = [percent(Share(int(row.sum()), len(row)).value) for row in by_condition]
    return [*shares, percent(float(by_condition[1:].mean()))]
