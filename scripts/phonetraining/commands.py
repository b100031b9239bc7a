"""The command line of ``scripts/train-phones``."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import numpy as np

from assistant.embedding.bundle import embedding_checksum
from assistant.recognizers.phones import model as files
from assistant.recognizers.phones.models import SHIPPED
from assistant.recognizers.phones.training.examples import Example, joined
from assistant.wake.training.voices import ENGLISH, FLITE, VARIANTS
from scripts.benchmarks.progress import track
from scripts.phonetraining.checking import error_rate
from scripts.phonetraining.material import (
    BLOCK_SENTENCES,
    CHECK,
    Plan,
    Sentence,
    load_block,
    make_blocks,
)
from scripts.phonetraining.speakers import FESTIVAL, Shares

DEFAULT = SHIPPED / "en.npz"
CHECK_BLOCKS = 6
FIRST = 3
"""Examples that the file tells of, so that a test can make them anew."""
MISSING = "torch is not installed. Install it with: .venv/bin/pip install -e '.[models]'"


@click.command(context_settings={"max_content_width": 100})
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULT)
@click.option("--blocks", type=click.IntRange(1), default=100, show_default=True)
@click.option("--copies", type=click.IntRange(1), default=2, show_default=True)
@click.option("--epochs", type=click.IntRange(1), default=4, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option(
    "--without",
    type=click.Choice(("festival", "flite")),
    multiple=True,
    help="espeak-ng says what this would; may be given twice.",
)
@click.option("--silence", is_flag=True, help="No rooms, and no noises.")
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("phone-training"),
    show_default=True,
    help="Keeps what is synthesised, so that a run can be taken up again: 6 MB a block and copy.",
)
def main(
    *,
    file: Path,
    blocks: int,
    copies: int,
    epochs: int,
    seed: int,
    without: tuple[str, ...],
    silence: bool,
    jobs: int,
    threads: int,
    work: Path,
) -> None:
    """Train the phone network of the package, and write it to FILE.

    festival, flite and espeak-ng say sentences of a home and rows of words in all their voices, in
    made-up rooms and noises, and the network learns their phones, and when each is said. With the
    defaults that are six hours of speech, and some minutes on two cores. `scripts/bench all --only
    phone-steps` tells what networks are worth that were trained otherwise.
    """
    if importlib.util.find_spec("torch") is None:
        raise click.ClickException(MISSING)
    if missing := [
        name for name in ("espeak-ng", "flite", "festival") if shutil.which(name) is None
    ]:
        raise click.ClickException(f"{' and '.join(missing)} cannot be found. Install them.")
    began = time.monotonic()

    def tell(text: str) -> None:
        click.echo(f"[{time.monotonic() - began:5.0f} s] {text}")

    fitting = importlib.import_module("scripts.phonetraining.fitting")
    lessons = importlib.import_module("scripts.phonetraining.lessons")
    importlib.import_module("torch").set_num_threads(threads)
    shares = Shares.without(without)
    sentences = _sentences(range(blocks), work, Plan(seed, copies, shares), jobs)
    check = [
        Example(frames, joined(one.words))
        for one in _sentences(
            range(CHECK, CHECK + CHECK_BLOCKS), work, Plan(seed, 1, Shares()), jobs
        )
        for frames, _ in one.elsewhere
    ]
    recipe = fitting.Recipe(epochs=epochs, seed=seed)
    timed = lessons.timings(sentences, recipe, tell)
    examples = (lessons.in_silence if silence else lessons.elsewhere)(sentences, timed)
    hours = sum(len(one.frames) for one in examples) * 0.04 / 3600
    tell(f"{len(examples):,} sentences in {hours:.1f} hours of speech")
    losses: list[float] = []
    network = lessons.fitted(examples, recipe, tell, "both anywhere", losses).network()
    wrong = error_rate(network, check)
    tell(f"phone errors without a grammar {wrong:.1%}")
    about: dict[str, Any] = {
        "made by": "scripts/train-phones",
        "blocks": blocks,
        "sentences a block": BLOCK_SENTENCES,
        "copies": copies,
        "hours": round(hours, 1),
        "training": asdict(recipe),
        "programs": versions(),
        "voices": {
            "espeak-ng": {"accents": sorted(set(ENGLISH)), "variants": sorted(set(VARIANTS))},
            "festival": {"share": shares.festival, "voices": sorted(FESTIVAL)},
            "flite": {"share": shares.flite, "voices": sorted(FLITE)},
        },
        "loss": losses,
        "phone errors": round(wrong, 4),
        "first": summary(sentences[:FIRST]),
        "check": f"{len(check)} other sentences of the same voices, in other noises",
    }
    content = files.pack(files.Model(network, embedding_checksum(), about))
    file.write_bytes(content)
    tell(f"{file}: {len(content) / 1e6:.2f} MB")


def summary(sentences: Sequence[Sentence]) -> list[dict[str, Any]]:
    """What tells that material made anew is the same: phones, frames and their mean."""
    return [
        {
            "units": list(joined(one.words)),
            "frames": len(frames),
            "mean": round(float(frames.astype(np.float32).mean()), 3),
        }
        for one in sentences
        for frames, _ in one.elsewhere[:1]
    ]


def _sentences(numbers: range, work: Path, plan: Plan, jobs: int) -> list[Sentence]:
    made = make_blocks(numbers, work, plan, jobs=jobs)
    paths = list(track(made, "saying sentences", len(numbers)))
    return [one for path in paths for one in load_block(path)]


def versions() -> dict[str, str]:
    """What speaks here."""
    return {name: _version(name) for name in ("espeak-ng", "flite", "festival")}


def _version(program: str) -> str:
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return next((line for line in lines if "ersion" in line or "text-to-speech" in line), "")
