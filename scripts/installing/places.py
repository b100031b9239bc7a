"""Where an installed assistant is: as a service of the system, or of one user."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent.parent
SERVICES = ("assistant-bridge", "assistant")
"""In the order in which they start."""
NIGHT = "assistant-train.timer"
"""Learns at night where the owner has switched it on."""
UNITS = (*(f"{one}.service" for one in SERVICES), "assistant-train.service", NIGHT)


class InstallError(Exception):
    """What went wrong, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders and files. ``root`` stands before each of them, which ``at`` puts there.

    ``program`` holds releases, and ``current``, which leads to one of them. ``data`` is what the
    assistant keeps.
    """

    root: Path
    for_user: bool
    program: Path
    command: Path
    units: Path
    share: Path
    config: Path
    data: tuple[Path, ...]

    def at(self, path: Path) -> Path:
        """Put a path under the root."""
        return self.root / path.relative_to("/")

    @property
    def is_this_machine(self) -> bool:
        """False where files are put together for another one, as for an image."""
        return self.root == Path("/")

    @property
    def current(self) -> Path:
        """The link to the release in use."""
        return self.at(self.program / "current")

    def files(self, release: Path) -> dict[Path, Path]:
        """What is copied out of a release: its file there, by where it goes."""
        extras = release / "share" / "assistant"
        found = {
            self.share / "man/man1/assistant.1": extras / "assistant.1",
            self.share / "bash-completion/completions/assistant": extras / "assistant.bash",
            self.share / "zsh/site-functions/_assistant": extras / "assistant.zsh",
            self.share / "fish/vendor_completions.d/assistant.fish": extras / "assistant.fish",
        }
        folder = extras / ("user" if self.for_user else "system")
        found |= {self.units / one: folder / one for one in UNITS}
        if not self.for_user:
            found[self.sysusers] = extras / "sysusers.conf"
        return {self.at(path): source for path, source in found.items()}

    @property
    def sysusers(self) -> Path:
        """The description of the users, for systemd-sysusers."""
        return Path("/usr/local/lib/sysusers.d/assistant.conf")


def system_places(root: Path) -> Places:
    """Return the places of the service; /etc stays the owner's."""
    return Places(
        root=root,
        for_user=False,
        program=Path("/opt/assistant"),
        command=Path("/usr/local/bin/assistant"),
        units=Path("/usr/local/lib/systemd/system"),
        share=Path("/usr/local/share"),
        config=Path("/etc/assistant"),
        data=(Path("/var/lib/assistant"), Path("/var/lib/assistant-bridge")),
    )


def user_places(root: Path, home: Path) -> Places:
    """Return the places of one user; their units can only say %h, so XDG_DATA_HOME is not used."""
    local = home / ".local"
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    state = Path(os.environ.get("XDG_STATE_HOME") or local / "state")
    return Places(
        root=root,
        for_user=True,
        program=local / "share/assistant",
        command=local / "bin/assistant",
        units=local / "share/systemd/user",
        share=local / "share",
        config=config / "assistant",
        data=(state / "assistant",),
    )
