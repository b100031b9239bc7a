"""The system's service from the command line: with sudo, what it is about is the service's."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.cli.common import paths
from assistant.paths import SERVICE_RUNTIME_DIRECTORY, SERVICE_STATE_DIRECTORY, Paths

USER = "assistant"
CONFIGURATION = Path("/etc/assistant")
BRIDGE = Path("/run/assistant-bridge")
GROUPS = ("audio",)
"""What SupplementaryGroups= of the unit gives it besides its own."""


def service_account() -> pwd.struct_passwd | None:
    """Return the account of the service, for root; None for others, or where there is none."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        return None


def service_paths() -> Paths:
    """Return the folders of the service."""
    return replace(
        paths(),
        config_directories=(CONFIGURATION,),
        state_directory=SERVICE_STATE_DIRECTORY,
        runtime_directory=SERVICE_RUNTIME_DIRECTORY,
        bridge_directory=BRIDGE,
    )


def become(account: pwd.struct_passwd) -> None:
    """Give up root for the service's user, for good: it sees and may what the service does."""
    groups = [one.gr_gid for one in grp.getgrall() if one.gr_name in GROUPS]
    os.setgroups(groups)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)
    # What libraries keep in a home belongs to nobody then; the service has none, either.
    os.environ["HOME"] = account.pw_dir
    for name in (
        "XDG_RUNTIME_DIR",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "DBUS_SESSION_BUS_ADDRESS",
    ):
        os.environ.pop(name, None)


@contextlib.contextmanager
def acting_as(account: pwd.struct_passwd | None) -> Iterator[None]:
    """Have the service's rights meanwhile, for what is in folders of the service."""
    if account is None:
        yield
        return
    mask = os.umask(0o077)
    os.setegid(account.pw_gid)
    os.seteuid(account.pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.umask(mask)
