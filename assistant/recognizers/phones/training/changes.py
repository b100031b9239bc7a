"""Whether there is anything new to learn: the same lesson again gives the same network."""

from __future__ import annotations

import hashlib
from pathlib import Path

from assistant.recognizers.phones.training.adaptation import Task


def fingerprint(task: Task, shipped: Path) -> str:
    """What is to be learnt, in 64 digits, which differ with any sentence or recording.

    And with the ``shipped`` network: another one that came with an update is trained anew.
    """
    digest = hashlib.sha256(f"{task.language} {task.sentences} {task.seed}".encode())
    if shipped.is_file():
        digest.update(shipped.read_bytes())
    for grammar in task.grammars:
        told = sorted(grammar.sounds_like.items())
        digest.update(repr((grammar.arcs, sorted(grammar.final), told)).encode())
    for one in task.recordings:
        digest.update(f"{one.text} {len(one.samples)}".encode())
        digest.update(one.samples.tobytes())
    return digest.hexdigest()
