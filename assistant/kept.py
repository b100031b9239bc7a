"""What is kept on the disk, where, and for how long: the truth that ``assistant privacy`` tells.

A test compares it with the tables of the databases, so a new one that is not told here fails it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.paths import Paths

OVERWRITTEN = "what is deleted is overwritten"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of thing: a file, a folder, or a ``table`` of one; ``until`` says how long.

    A ``*`` in the name of a file stands for whatever it may be.
    """

    what: str
    path: Path
    until: str
    table: str = ""


TABLES = {
    "timers": ("timers: name, length, end", f"until announced or cancelled; {OVERWRITTEN}"),
    "settings": (
        (
            "the volume, how often it was started anew, whether the microphones are off, and with "
            "audio.duck which programs were turned down"
        ),
        "until changed",
    ),
    "list_items": (
        "what is on your lists, in the words in which you said it",
        f"until removed or cleared; {OVERWRITTEN}",
    ),
    "missed": (
        "the last sentences that were not understood, how often and when",
        f"until 200 others were missed, or: assistant missed --forget all; {OVERWRITTEN}",
    ),
    "agenda": (
        "alarms, reminders with their text, and commands for later",
        f"until they were due or cancelled; {OVERWRITTEN}",
    ),
}
"""Of the state: what each table keeps, and for how long."""


def kept_things(paths: Paths) -> tuple[Kept, ...]:
    """Return everything that may be kept by an assistant with these folders."""
    state = paths.database
    config = paths.config_directories[0]
    return (
        *(Kept(what, state, until, table) for table, (what, until) in TABLES.items()),
        Kept(
            "three copies of the state, with what was deleted since; no missed sentences",
            state.with_name(f"{state.name}.backup-*"),
            "until newer ones take their place, or you delete them",
        ),
        Kept(
            "a state that was damaged, as it was found",
            state.with_name(f"{state.name}.corrupt-*"),
            "until you delete it",
        ),
        Kept(
            "what your skills keep; for the service, of the bridge's user",
            paths.skill_folder("*").parent,
            "as your skills do, or until you delete it",
        ),
        Kept(
            "scores of the wake words: times and numbers, no words and no sound",
            paths.score_log,
            f"a week, unless wake.log is false; {OVERWRITTEN}",
        ),
        Kept("wake words that you trained, and voices", paths.wake_words, "until you delete them"),
        Kept("commands that you recorded", paths.own_commands, "until you delete them"),
        Kept("what assistant train learnt", paths.phone_models, "until you delete it"),
        Kept("names that your programs gave for lists", paths.lists, "until they give others"),
        Kept("what is made of the packages, to start faster", paths.cache, "until you delete it"),
        Kept("your configuration", config / "config.yaml", "it is yours"),
        Kept("your intents", config / "intents", "they are yours"),
        Kept("your skills", config / "skills", "they are yours"),
    )  # fmt: skip


NOT_KEPT = (
    "sound, and what was said: in memory only, until it is understood, "
    "at most 15 s (endpointing.maximum_seconds)"
)
