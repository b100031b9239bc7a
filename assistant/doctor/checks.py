"""All checks, in the order in which it makes sense to mend what they find."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from assistant.doctor import files, hearing, machine, services, sound
from assistant.doctor.findings import Finding, failed
from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.doctor.patient import Patient

Check = Callable[["Patient"], Iterator[Finding]]

CHECKS: Mapping[str, Check] = {
    "sound card": sound.sound_card,
    "permissions": sound.permissions,
    "microphone": sound.levels,
    "loudspeaker": sound.loudspeaker,
    "intents": files.intent_files,
    "programs": files.programs,
    "wake word": hearing.wake_word,
    "recognizer": hearing.recognizer,
    "privacy": services.network,
    "assistant": services.core,
    "bridge": services.bridge,
    "services": services.services,
    "disk": machine.disk,
    "clock": machine.clock,
    "temperature": machine.temperature,
    "throttling": machine.throttling,
}


def examine(
    patient: Patient, told: Callable[[str], None], checks: Mapping[str, Check] = CHECKS
) -> Iterator[Finding]:
    """Look at everything; ``told`` gets the name of each check before it begins.

    What a check raises is what it found: the next one goes on.
    """
    for name, check in checks.items():
        told(name)
        try:
            yield from check(patient)
        except AssistantError as error:
            yield failed(name, error.message, error.hint)
        except OSError as error:
            what = (
                f"{error.filename}: {error.strerror}"
                if error.filename
                else os.strerror(error.errno or 0)
            )
            yield failed(name, f"{what}.", "Whose file is it, and is the disk well? dmesg says so.")
