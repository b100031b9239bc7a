"""``assistant wake enrol``: learn the owner's voice of recordings."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import click
import numpy as np

from assistant.audio.frames import Samples
from assistant.cli.common import EXISTING, json_option, paths, progress
from assistant.config import WakeSettings
from assistant.errors import DeviceError, EngineError

NAME = re.compile(r"[\w-]+")


@click.command()
@click.argument("name")
@click.argument("folder", type=EXISTING)
@json_option
def enrol(name: str, folder: Path, as_json: bool) -> None:
    """Learn the voice of NAME from the recordings in FOLDER, so that other voices can be refused.

    Ten recordings or more of the wake word, from where you call it, by the microphone that hears
    you; on several days if you can.
    """
    from assistant.wake.verifier import WHAT_IT_IS_NOT, Verifier

    if not NAME.fullmatch(name):
        raise click.BadParameter("a name has letters, digits, '-' and '_' only", param_hint="NAME")
    with progress("Learning the voice"):
        verifier = Verifier.enrol(_recordings(folder))
    path = paths().voice(name)
    try:
        verifier.save(path)
    except OSError as error:
        raise EngineError(
            f"The voice cannot be written to {path} ({error.strerror}).",
            "Enrol as the user who runs the assistant.",
        ) from error
    scores = verifier.left_out_scores()
    if as_json:
        told = {"path": str(path), "recordings": verifier.recordings, "left_out_scores": scores}
        click.echo(json.dumps(told))
        return
    click.echo(f"Written: {path}")
    click.echo(_how_sure(scores, WakeSettings().verifier_threshold))
    click.echo(WHAT_IT_IS_NOT)
    click.echo(f"To use it:\n\nwake:\n  verifier: {path}")


COMMAND = enrol


def _recordings(folder: Path) -> list[Samples]:
    """Return the recordings of a folder that can be read, by name. Raises EngineError."""
    from assistant.wake.training.recordings import SOUNDS, read_sound

    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder}.", "Give a folder of recordings.")
    found = sorted(one for one in folder.iterdir() if one.suffix.lower() in SOUNDS)
    if not found:
        raise EngineError(
            f"There are no recordings in {folder}.", "Give a folder of WAV, FLAC or OGG files."
        )
    read = []
    for path in found:
        try:
            read.append(read_sound(path))
        except DeviceError as error:
            click.secho(f"Left out: {error.message}", fg="yellow", err=True)
    return read


def _how_sure(scores: Sequence[float], threshold: float) -> str:
    """Say how each recording fares when the voice is learnt from the others."""
    refused = sum(score < threshold for score in scores)
    return (
        f"{len(scores)} recordings with a voice. Each heard as a call, with the others enrolled: "
        f"{refused} would be refused at wake.verifier_threshold {threshold:g}; "
        f"the middle score is {float(np.median(scores)):.2f}, the lowest {min(scores):.2f}."
    )
