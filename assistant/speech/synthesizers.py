"""Text to speech by programs of this machine: espeak-ng, piper, or none."""

from __future__ import annotations

import asyncio
import io
import json
import shutil
import sys
import wave
from pathlib import Path

import numpy as np

from assistant.config import SpeechSettings
from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.ports import Sound, Synthesizer

_INSTALL_ESPEAK = "Install it: sudo apt install espeak-ng"
_INSTALL_PIPER = "Install it: pip install piper-tts"


class EspeakSynthesizer:
    """espeak-ng, one process a sentence. Raises EngineError when it is not installed.

    ``voice`` is as ``espeak-ng --voices`` prints it, with a variant if wanted: 'en+f3'.
    """

    def __init__(self, voice: str = "en-gb", words_per_minute: int = 160) -> None:
        self._voice = voice
        # Text goes to stdin: as an argument, one that starts with '-' would be an option. No -m, so
        # '<' is only a character. -b 1 is UTF-8.
        self._command = (
            _find("espeak-ng", _INSTALL_ESPEAK),
            "--stdin", "--stdout", "-b", "1", "-v", voice, "-s", str(words_per_minute),
        )  # fmt: skip

    async def synthesize(self, text: str) -> Sound:
        """Speak ``text``. Cancelling ends the process. Raises EngineError."""
        plain = _plain(text).replace("[[", "[ [")  # else espeak-ng reads phonemes up to ']]'
        if not plain:
            return _SILENCE
        status, output, complaint = await _run(self._command, plain, _INSTALL_ESPEAK)
        if "voice does not exist" in complaint:
            raise EngineError(
                f"Espeak-ng has no voice '{self._voice}'.", "List its voices: espeak-ng --voices"
            )
        if status or not output:
            raise _failure("espeak-ng", status, complaint)
        # The header says 2 GB: espeak-ng wrote it before it knew. ``wave`` takes what is there.
        with wave.open(io.BytesIO(output)) as recording:
            data = recording.readframes(recording.getnframes())
            return _sound(data, recording.getframerate())


class PiperSynthesizer:
    """Piper, one process a sentence, with the voice ``voice_path`` (ONNX, its JSON beside it).

    Raises EngineError when piper or the voice is missing.
    """

    def __init__(self, voice_path: Path) -> None:
        self._command = (
            _find("piper", _INSTALL_PIPER),
            "--model", str(voice_path), "--output-raw",
        )  # fmt: skip
        self._sample_rate = _voice_rate(voice_path)

    async def synthesize(self, text: str) -> Sound:
        """Speak ``text``. Cancelling ends the process. Raises EngineError."""
        plain = _plain(text)
        if not plain:
            return _SILENCE
        status, output, complaint = await _run(self._command, plain, _INSTALL_PIPER)
        if status or not output:
            raise _failure("piper", status, complaint)
        return _sound(output, self._sample_rate)


class SilentSynthesizer:
    """No voice: replies are only shown."""

    async def synthesize(self, text: str) -> Sound:  # noqa: ARG002 - the contract
        """Give an empty sound."""
        return _SILENCE


def choose_synthesizer(settings: SpeechSettings, language: str = "en") -> Synthesizer:
    """Make the configured voice. Raises EngineError when its program or its voice is missing.

    'auto' is piper where a voice of it is configured, else espeak-ng if installed, else silence.
    espeak-ng has a voice for each ``language``, and several for English.
    """
    engine = settings.engine
    if engine == "auto":
        if settings.piper_voice:
            engine = "piper"
        else:
            engine = "espeak-ng" if shutil.which("espeak-ng") else "none"
    if engine == "espeak-ng":
        base = base_language(language)
        own = "en-gb" if base == "en" else base
        voice = own if settings.voice == "auto" else settings.voice
        return EspeakSynthesizer(voice, settings.words_per_minute)
    if engine == "piper":
        if not settings.piper_voice:
            raise EngineError(
                "Piper has no voice.", "Give one in the configuration: speech: piper_voice: FILE"
            )
        return PiperSynthesizer(settings.piper_voice)
    return SilentSynthesizer()


async def _run(command: tuple[str, ...], text: str, hint: str) -> tuple[int, bytes, str]:
    """Give ``text`` to a program; returns its status, its output and its complaint."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
    except OSError as error:
        raise EngineError(f"{command[0]} cannot be started: {error.strerror}.", hint) from error
    try:
        output, complaint = await process.communicate(text.encode() + b"\n")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return await process.wait(), output, complaint.decode(errors="replace").strip()


def _find(program: str, hint: str) -> str:
    # Also beside Python: what pip installed into a virtual environment that is not on PATH.
    path = shutil.which(program) or shutil.which(program, path=Path(sys.executable).parent)
    if path is None:
        raise EngineError(f"{program} is not installed.", hint)
    return path


def _voice_rate(voice_path: Path) -> int:
    """Read the sample rate (Hz) from the JSON file that comes with a voice."""
    description = voice_path.with_name(voice_path.name + ".json")
    for path in (voice_path, description):
        if not path.is_file():
            raise EngineError(
                f"The voice of piper is not complete: there is no {path}.",
                "Download both files of the voice: .onnx and .onnx.json",
            )
    try:
        rate = json.loads(description.read_text(encoding="utf-8"))["audio"]["sample_rate"]
    except (ValueError, KeyError, TypeError):
        rate = None
    if not isinstance(rate, int):
        raise EngineError(
            f"{description} does not say audio.sample_rate.", "Download the voice again."
        )
    return rate


def _plain(text: str) -> str:
    """One line without control characters: piper speaks line by line, espeak-ng ends at a NUL."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _sound(data: bytes, sample_rate: int) -> Sound:
    samples = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2")
    return Sound(samples.astype(np.int16), sample_rate)


def _failure(program: str, status: int, complaint: str) -> EngineError:
    last = complaint.splitlines()[-1] if complaint else "no reason given"
    return EngineError(f"{program} did not speak (status {status}): {last}.")


_SILENCE = Sound(np.zeros(0, np.int16), 22_050)
