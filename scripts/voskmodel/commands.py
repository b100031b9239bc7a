"""The command line of ``scripts/make-vosk-model``."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from scripts.voskmodel.corpus import Clip

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURE = ROOT / "tests" / "data" / "vosk-mini"
PACKAGES = ("torch", "kaldi_native_fbank")
PROGRAMS = ("espeak-ng", "flite")
MISSING = (
    "{} not installed. Install what making models needs with: .venv/bin/pip install -e '.[models]'"
)


@click.command(context_settings={"max_content_width": 100})
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=FIXTURE)
@click.option("--clips", type=click.IntRange(50), default=1_000, show_default=True)
@click.option("--copies", type=click.IntRange(1), default=2, show_default=True)
@click.option("--epochs", type=click.IntRange(1), default=12, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--held-out", type=click.IntRange(1), default=100, show_default=True)
@click.option("--jobs", type=click.IntRange(1), default=os.cpu_count() or 1, show_default=True)
def main(
    *, folder: Path, clips: int, copies: int, epochs: int, seed: int, held_out: int, jobs: int
) -> None:
    """Make a tiny Vosk model, the fixture of the tests, in FOLDER.

    espeak-ng and flite say made-up commands, PocketSphinx tells which sound is when, and a small
    network learns it. With the defaults, which made the fixture, it takes minutes; four times the
    clips and twice the epochs make fewer errors. The model is a test fixture, and never a
    recognizer for people.
    """
    if missing := [name for name in PACKAGES if importlib.util.find_spec(name) is None]:
        verb = "is" if len(missing) == 1 else "are"
        raise click.ClickException(MISSING.format(f"{' and '.join(missing)} {verb}"))
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        raise click.ClickException(f"{' and '.join(missing)} cannot be found. Install them.")
    began = time.monotonic()

    def tell(text: str) -> None:
        click.echo(f"[{time.monotonic() - began:5.0f} s] {text}")

    # They load torch.
    corpus = importlib.import_module("scripts.voskmodel.corpus")
    files = importlib.import_module("scripts.voskmodel.folder")
    measuring = importlib.import_module("scripts.voskmodel.measuring")
    network = importlib.import_module("scripts.voskmodel.network")
    speech = importlib.import_module("scripts.voskmodel.speech")

    recorded: list[Clip] = corpus.record(clips, seed, jobs)
    tell(f"{len(recorded)} of {clips} clips said and aligned")
    data = corpus.changed(recorded, copies, seed, jobs)
    hours = sum(len(labels) for _, labels in data) / 360_000
    tell(f"{copies} augmented copies of each, {hours:.1f} hours")
    training = network.Training(data, seed)
    for epoch, loss in enumerate(training.run(epochs), start=1):
        tell(f"epoch {epoch} of {epochs}: loss {loss:.3f}")
    files.write(folder, training.layers(), training.log_priors, seed)
    casts = (
        ("voices of espeak-ng that were not trained with", speech.HELD_OUT_ESPEAK),
        ("flite's rms, which was not trained with", speech.HELD_OUT),
    )
    errors = [
        f"{name}: {measuring.measure(folder, measuring.held_out(cast, held_out, seed))}"
        for name, cast in casts
    ]
    options = f"--clips {clips} --copies {copies} --epochs {epochs} --seed {seed}"
    summary = f"{len(recorded):,} clips, {copies} augmented copies of each, {hours:.1f} hours"
    files.write_recipe(folder, f"scripts/make-vosk-model {options}", seed, summary, errors)
    for line in errors:
        tell(line)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    tell(f"{folder}: {size / 1000:.0f} kB")
