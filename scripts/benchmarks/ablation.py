"""``ablation``: what each step of hearing with PocketSphinx is worth, and what it costs.

Each is left out in turn, all others staying as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant.config import Settings
from assistant.recognizers.pocketsphinx import (
    LIVE_BEAM,
    LIVE_DENSITIES,
    USUAL,
    PocketSphinxRecognizer,
    Tuning,
)
from scripts.benchmarks import coffee
from scripts.benchmarks.coffee import SINGLE_WORDS, Clip, Split
from scripts.benchmarks.hearing import Ears, Heard, hear_all, in_noise, spread
from scripts.benchmarks.tables import Report, Table, percent

DECIBELS = (18, 12, 6)
WORDS = 60
EVERY_WARP = 2.0  # no confidence reaches it
ACT = Settings().recognizer.act_confidence

VARIANTS: dict[str, Tuning] = {
    "all as it is": USUAL,
    "the others tried always": replace(USUAL, sure_confidence=EVERY_WARP),
    "one length of vocal tract": replace(USUAL, warps=(1.0,)),
    "the noise from the command only": replace(USUAL, before=False),
    "no noise taken off": replace(USUAL, suppress=False),
    "PocketSphinx's own beams": replace(USUAL, beam=LIVE_BEAM),
    "PocketSphinx's own number of densities": replace(USUAL, densities=LIVE_DENSITIES),
    "none of them": replace(
        USUAL,
        warps=(1.0,),
        before=False,
        suppress=False,
        beam=LIVE_BEAM,
        densities=LIVE_DENSITIES,
    ),
}


@dataclass(frozen=True)
class Row:
    """What was heard with one variant: commands by noise, and single words that are none."""

    commands: dict[str, list[Heard]]
    others: list[Heard]

    def right(self, noise: str) -> float:
        """The share of commands that are right, whatever the confidence."""
        return _share([one.right for one in self.commands[noise]])

    def noisy(self) -> float:
        """The mean of it over the noises."""
        shares = [self.right(noise) for noise in self.commands if noise != "clean"]
        return sum(shares) / len(shares)

    def cpu(self) -> float:
        """CPU seconds a second of the recordings, the whole path."""
        heard = [*self.others, *(one for group in self.commands.values() for one in group)]
        return sum(one.cpu_seconds for one in heard) / sum(one.audio_seconds for one in heard)

    def believed(self) -> float:
        """The share of single words that are taken for a command, with the confidence to act."""
        return _share([one.accepted(ACT) for one in self.others])


def measure(data: Path, *, split: Split, limit: int | None, jobs: int) -> Report:
    """Hear the same commands with each variant."""
    clean = spread(coffee.commands(data, split), limit)
    words = spread(coffee.single_words(data, split), min(limit or WORDS, WORDS))
    clips = [*clean, *in_noise(clean, DECIBELS), *words]
    rows = {}
    for name, tuning in VARIANTS.items():
        ears = Ears(
            name,
            partial(PocketSphinxRecognizer, tuning=tuning),
            partial(coffee.understanding, data),
        )
        rows[name] = _row(hear_all(ears, clips, data, jobs))
    introduction = (
        f"{len(clean)} of the commands of `recognizers` (the half '{split}') and {len(words)} "
        "single words, with one step left out at a time: the share that is understood rightly, "
        "whatever the confidence, the share of single words that would be acted on, and CPU of the "
        "whole path a second of the recording."
    )
    return Report(
        "ablation", "What each step is worth", (introduction, _table(rows)), _figures(rows)
    )


def _row(heard: Sequence[Heard]) -> Row:
    commands: dict[str, list[Heard]] = {}
    for one in heard:
        if one.clip.label is not None:
            commands.setdefault(_noise(one.clip), []).append(one)
    return Row(commands, [one for one in heard if one.clip.kind == SINGLE_WORDS])


def _noise(clip: Clip) -> str:
    return "clean" if clip.decibels is None else f"{clip.decibels} dB"


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 0.0


def _table(rows: dict[str, Row]) -> Table:
    noises = ["clean", *(f"{noise} dB" for noise in DECIBELS)]
    columns = ("left out", *noises, "all noise", "single words", "CPU a second")
    return Table(
        columns,
        tuple(
            (
                name,
                *(percent(row.right(noise)) for noise in noises),
                percent(row.noisy()),
                percent(row.believed()),
                f"{row.cpu():.3f} s",
            )
            for name, row in rows.items()
        ),
    )


def _figures(rows: dict[str, Row]) -> dict[str, Any]:
    return {
        name: {
            **{noise: round(row.right(noise), 4) for noise in row.commands},
            "all_noise": round(row.noisy(), 4),
            "single_words": round(row.believed(), 4),
            "cpu_seconds_a_second": round(row.cpu(), 4),
        }
        for name, row in rows.items()
    }
