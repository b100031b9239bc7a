"""Where things are: systemd's directories when it gives them, else the XDG ones of this user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SERVICE_RUNTIME_DIRECTORY = Path("/run/assistant")
SERVICE_STATE_DIRECTORY = Path("/var/lib/assistant")
"""What systemd makes of RuntimeDirectory= and StateDirectory= in ``systemd/assistant.service``."""


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders and sockets of one assistant."""

    config_directories: tuple[Path, ...]
    state_directory: Path
    runtime_directory: Path
    bridge_directory: Path | None = None

    @property
    def config_file(self) -> tuple[Path, ...]:
        """Configuration files to look for; the first that exists is used."""
        return tuple(directory / "config.yaml" for directory in self.config_directories)

    @property
    def owner_intents(self) -> tuple[Path, ...]:
        """Folders of the owner's intent files."""
        return tuple(directory / "intents" for directory in self.config_directories)

    @property
    def skills(self) -> tuple[Path, ...]:
        """Folders of the owner's skills, a folder each."""
        return tuple(directory / "skills" for directory in self.config_directories)

    def skill_folder(self, name: str) -> Path:
        """Where a skill keeps its files; of the bridge's user, which may be another one."""
        return self.state_directory / "skills" / name

    @property
    def database(self) -> Path:
        """Timers and settings that survive a restart."""
        return self.state_directory / "state.sqlite3"

    @property
    def score_log(self) -> Path:
        """A week of the wake words' scores."""
        return self.state_directory / "wake-scores.sqlite3"

    @property
    def score_logs(self) -> tuple[Path, ...]:
        """Where scores may be kept: by this user's own assistant, then by the system's service."""
        return (self.score_log, SERVICE_STATE_DIRECTORY / self.score_log.name)

    @property
    def models(self) -> Path:
        """Downloaded models."""
        return self.state_directory / "models"

    def voice(self, name: str) -> Path:
        """Somebody's voice, by which calls of others are refused."""
        return self.wake_words / f"{name}.voice.npz"

    @property
    def wake_words(self) -> Path:
        """Wake words that were trained here."""
        return self.models / "wake"

    @property
    def phone_models(self) -> Path:
        """Phone models that were trained here."""
        return self.models / "phones"

    @property
    def own_commands(self) -> Path:
        """Commands that the owner recorded, which are learnt at night."""
        return self.state_directory / "commands"

    @property
    def cache(self) -> Path:
        """What is made of other files and can be made again."""
        return self.state_directory / "cache"

    @property
    def lists(self) -> Path:
        """What programs that fill lists printed last."""
        return self.state_directory / "lists"

    @property
    def control_socket(self) -> Path:
        """Where the daemon listens to the command line."""
        return self.runtime_directory / "control.sock"

    @property
    def control_sockets(self) -> tuple[Path, ...]:
        """Where a daemon may listen: this user's own, then the system's service."""
        return (self.control_socket, SERVICE_RUNTIME_DIRECTORY / "control.sock")

    @property
    def bridge_socket(self) -> Path:
        """Where the bridge listens to the daemon; under systemd in a folder of the bridge's own."""
        return (self.bridge_directory or self.runtime_directory) / "bridge.sock"


def find_paths(environment: Mapping[str, str], user_id: int) -> Paths:
    """Choose the folders from the environment; nothing is created.

    systemd sets ``*_DIRECTORY`` for a unit (systemd.exec(5), RuntimeDirectory= and following);
    the rest is the XDG Base Directory Specification.
    """
    home = Path(environment.get("HOME", "/"))

    def under_home(variable: str, default: str) -> Path:
        return Path(environment.get(variable) or home / default) / "assistant"

    config = environment.get("CONFIGURATION_DIRECTORY")
    state = environment.get("STATE_DIRECTORY")
    bridge = environment.get("ASSISTANT_BRIDGE_DIRECTORY")
    runtime = environment.get("ASSISTANT_RUNTIME_DIRECTORY") or environment.get("RUNTIME_DIRECTORY")
    xdg_runtime = environment.get("XDG_RUNTIME_DIR")
    if not runtime:
        runtime = f"{xdg_runtime}/assistant" if xdg_runtime else f"/tmp/assistant-{user_id}"  # noqa: S108 - made with mode 0700 and its owner checked
    return Paths(
        config_directories=(Path(config),)
        if config
        else (under_home("XDG_CONFIG_HOME", ".config"), Path("/etc/assistant")),
        state_directory=Path(state) if state else under_home("XDG_STATE_HOME", ".local/state"),
        runtime_directory=Path(runtime),
        bridge_directory=Path(bridge) if bridge else None,
    )
