"""The sound card, who may use it, what the microphones hear, and the loudspeaker."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.audio.devices import choose_device, list_devices
from assistant.audio.frames import SAMPLE_RATE, Samples
from assistant.audio.microphone import MicrophoneSource
from assistant.audio.speakers import DeviceSpeaker
from assistant.doctor.findings import Finding, failed, good, skipped, warning
from assistant.doctor.levels import Heard, judge_level, judge_samples, tone_gain_db
from assistant.doctor.patient import Patient
from assistant.errors import AssistantError, DeviceError
from assistant.microphones import microphones
from assistant.ports import Sound

DEVICES = Path("/dev/snd")
LISTEN_SECONDS = 2.0
TONE_HERTZ, TONE_SECONDS, TONE_RATE = 880.0, 0.6, 22_050
HEARD_DB = 10.0
SETTLING_SECONDS = 0.5
"""Cut from the beginning: some devices begin with a knock, or with silence."""

RECORDINGS = {".wav", ".flac", ".ogg"}


def sound_card(patient: Patient) -> Iterator[Finding]:
    """See that the devices named in the configuration are there."""
    name = "sound card"
    found = list_devices()
    wanted = [("input", one.source) for one in microphones(patient.settings)]
    if patient.settings.audio.output != "none":
        wanted.append(("output", patient.settings.audio.output))
    for direction, device in wanted:
        if direction == "input" and _is_recording(device):
            yield skipped(name, f"'{device}' is a recording.")
            continue
        chosen = choose_device(device, "input" if direction == "input" else "output", found)
        what = "microphone" if direction == "input" else "loudspeaker"
        yield good(name, f"The {what} '{device}' is {chosen.name}.")


def permissions(_patient: Patient) -> Iterator[Finding]:
    """See that this user may use the sound card."""
    name = "permissions"
    nodes = sorted(DEVICES.glob("pcm*")) if DEVICES.is_dir() else []
    if not nodes:
        yield skipped(name, f"There is no sound card in {DEVICES}; a sound server may have one.")
        return
    refused = [str(node) for node in nodes if not os.access(node, os.R_OK | os.W_OK)]
    if refused:
        yield failed(
            name,
            f"This user may not use {refused[0]}.",
            "Add the user to the group audio, and log in again: sudo usermod -aG audio $USER",
        )
    else:
        yield good(name, f"This user may use the {len(nodes)} devices in {DEVICES}.")


def levels(patient: Patient) -> Iterator[Finding]:
    """Listen to each microphone for two seconds."""
    for microphone in microphones(patient.settings):
        name = f"microphone {microphone.name}".rstrip()
        if _is_recording(microphone.source):
            yield skipped(name, f"'{microphone.source}' is a recording.")
            continue
        try:
            heard, lost = _listen(microphone.source, LISTEN_SECONDS)
        except DeviceError as error:
            yield _while_it_runs(patient, name, error)
            continue
        yield judge_samples(name, heard)
        if lost:
            yield warning(
                name,
                f"Sound was lost {lost} times in {LISTEN_SECONDS:.0f} s.",
                "The machine is too busy: `assistant status` tells how much it takes.",
            )


def loudspeaker(patient: Patient) -> Iterator[Finding]:
    """Play a tone, and see whether the microphone hears it."""
    name, output = "loudspeaker", patient.settings.audio.output
    if output == "none":
        yield skipped(name, "audio.output is 'none': it is silent.")
        return
    if not patient.with_sound:
        yield skipped(name, "Not tried, because of --quiet.")
        return
    source = microphones(patient.settings)[0].source
    try:
        before, during = _hear_while(source, output)
    except DeviceError:  # no microphone to hear it with: that is told elsewhere
        _play(output)
        yield good(name, f"A tone was played on '{output}'. Did you hear it?")
        return
    gain = tone_gain_db(before, during, TONE_HERTZ)
    heard = f"and the microphone heard it, {gain:.0f} dB above the room"
    unheard = "and the microphone did not hear it; with headphones that is as it should be"
    yield good(name, f"A tone was played on '{output}', {heard if gain > HEARD_DB else unheard}.")


def _is_recording(source: str) -> bool:
    return source == "-" or Path(source).suffix.lower() in RECORDINGS


def _while_it_runs(patient: Patient, name: str, error: DeviceError) -> Finding:
    """Judge by what the running assistant hears, who may have the microphone for itself."""
    if patient.status is None:
        return failed(name, error.message, error.hint)
    try:
        found = patient.levels(LISTEN_SECONDS)
    except AssistantError:
        found = []
    if not found:
        return failed(name, "The running assistant hears nothing.", error.hint)
    return judge_level(name, float(np.median(found)))


def _listen(source: str, seconds: float) -> tuple[Heard, int]:
    """Give what is heard, and how often some of it was lost."""
    opened = time.monotonic()
    microphone = MicrophoneSource(source)
    try:
        settling = _read(microphone, SETTLING_SECONDS)
        lost, began = microphone.overflows, time.monotonic()
        chunks = _read(microphone, seconds)
        ended = time.monotonic()
        given = sum(map(len, settling + chunks))
        samples = np.concatenate(chunks or [np.zeros(0, np.int16)])
        heard = Heard(samples, ended - began, given / (ended - opened))
        return heard, microphone.overflows - lost
    finally:
        microphone.close()


def _read(microphone: MicrophoneSource, seconds: float) -> list[Samples]:
    """Read for so long, by the clock."""
    chunks: list[Samples] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end and (chunk := microphone.read()) is not None:
        chunks.append(chunk)
    return chunks


def _hear_while(source: str, output: str) -> tuple[Samples, Samples]:
    """Give what is heard before a tone is played, and from then on."""
    if _is_recording(source):
        raise DeviceError("a recording hears nothing")
    microphone = MicrophoneSource(source)
    chunks: list[Samples] = []
    stop = threading.Event()

    def hear() -> None:
        while not stop.is_set() and (chunk := microphone.read()) is not None:
            chunks.append(chunk)

    hearing = threading.Thread(target=hear, name="hear", daemon=True)
    hearing.start()
    try:
        time.sleep(SETTLING_SECONDS + TONE_SECONDS)
        begun = len(chunks)
        _play(output)
        time.sleep(SETTLING_SECONDS)  # what has been played comes out of some devices this late
    finally:
        stop.set()
        hearing.join(5.0)
        microphone.close()
    if not 0 < begun < len(chunks):
        raise DeviceError("the microphone gave no sound meanwhile")
    skip = round(SETTLING_SECONDS * SAMPLE_RATE)
    return np.concatenate(chunks[:begun])[skip:], np.concatenate(chunks[begun:])


def _play(output: str) -> None:
    """Play a tone that rises and falls. Raises DeviceError."""
    time_seconds = np.arange(round(TONE_SECONDS * TONE_RATE)) / TONE_RATE
    swell = np.sin(np.pi * time_seconds / TONE_SECONDS)
    tone = 8_000 * swell * np.sin(2 * np.pi * TONE_HERTZ * time_seconds)
    asyncio.run(DeviceSpeaker(output).play(Sound(tone.astype(np.int16), TONE_RATE)))
