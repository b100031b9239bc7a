"""``assistant bridge``: the process that runs the owner's commands."""

from __future__ import annotations

import os
from pathlib import Path

import click

from assistant import systemd
from assistant.bridge import House, HouseFiles, run_bridge
from assistant.cli.common import (
    config_option,
    intents_option,
    paths,
    set_up_logging,
    settings,
)
from assistant.domains import DomainFiles
from assistant.engines import equipment
from assistant.playing import network_player
from assistant.skillhouse import skill_uses


@click.command()
@config_option
@intents_option
@click.option("--parent-fd", type=int, hidden=True)
@click.option("--core-user", metavar="USER", help="The core's user, where it is another one.")
def bridge(
    *, config: Path | None, intents: tuple[Path, ...], parent_fd: int | None, core_user: str | None
) -> None:
    """Run the owner's commands for the core, which has no network and starts no program of theirs.

    'assistant run' starts one by itself; under systemd it is a service of its own.
    """
    import pwd

    set_up_logging(verbose=False, service="JOURNAL_STREAM" in os.environ)
    chosen = settings(config)
    files, needed = DomainFiles(chosen, paths(), intents), equipment(chosen, paths())
    player = network_player(chosen)

    def read() -> House:
        sets = files.command_sets()
        return House(*files.outside(sets), skill_uses(sets, paths(), chosen), needed, player)

    user = pwd.getpwnam(core_user).pw_uid if core_user else None
    status = run_bridge(
        paths().bridge_socket,
        HouseFiles(read, files.changed, chosen.intents.reload, paths().skill_folder),
        core_user_id=user,
        parent_fd=parent_fd,
        ready=lambda: _tell_ready(parent_fd),
    )
    raise SystemExit(status)


def _tell_ready(parent_fd: int | None) -> None:
    systemd.notify("READY=1")
    if parent_fd is not None:
        os.write(parent_fd, b"\n")


COMMANDS = (bridge,)
