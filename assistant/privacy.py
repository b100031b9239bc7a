"""The wall around what hears: a process that has given up the network, and cannot take it back.

A seccomp filter in the kernel refuses every socket that is not AF_UNIX, in this process, all its
threads, and all processes it starts. It needs no root and cannot be undone. What it does not
cover is a network socket that this process already has, or is handed by another one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import socket
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# <linux/prctl.h>, <linux/seccomp.h>
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_TSYNC = 1
SECCOMP_RET_ALLOW = 0x7FFF0000
SECCOMP_RET_ERRNO = 0x00050000

# <linux/bpf_common.h>: load a 32-bit word, jump, return
BPF_LD_W_ABS = 0x20
BPF_JMP_JEQ_K = 0x15
BPF_JMP_JGE_K = 0x35
BPF_RET_K = 0x06

# Offsets into struct seccomp_data of <linux/seccomp.h>. The family of socket(2) is an int, so the
# kernel looks at the low half of the argument only, which both machines store first.
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16

X32_SYSCALL_BIT = 0x40000000  # <asm/unistd.h> of x86: the same calls by other numbers


@dataclass(frozen=True, slots=True)
class Machine:
    """System call numbers of a machine, and its AUDIT_ARCH_* of <linux/audit.h>."""

    architecture: int
    socket: int
    socketpair: int
    seccomp: int
    io_uring_setup: int = 425  # the same on every machine since Linux 5.1


# arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of Linux
MACHINES = {
    "x86_64": Machine(architecture=0xC000003E, socket=41, socketpair=53, seccomp=317),
    "aarch64": Machine(architecture=0xC00000B7, socket=198, socketpair=199, seccomp=277),
}


@dataclass(frozen=True, slots=True)
class NetworkDenial:
    """Whether the network is denied from now on, and if not, why not."""

    active: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.active


class _Program(ctypes.Structure):
    """The struct sock_fprog of <linux/filter.h>."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def deny_network() -> NetworkDenial:
    """Give up the network for good: this process, its threads, and those it starts from now on.

    Then ``socket`` of another family than AF_UNIX fails with EAFNOSUPPORT, as on a kernel without
    it, and io_uring, which could make sockets past the filter, with ENOSYS. A process started
    later gains no privileges from a set-user-ID program.
    """
    machine = MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return NetworkDenial(False, f"no filter is known for {sys.platform} {platform.machine()}")
    if struct.calcsize("P") != 8:
        return NetworkDenial(False, "this Python is a 32-bit program")
    program = _filter(machine)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return NetworkDenial(False, f"no_new_privs: {os.strerror(ctypes.get_errno())}")
    failed = libc.syscall(
        ctypes.c_long(machine.seccomp),
        ctypes.c_uint(SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(_Program(len(program) // 8, program)),
    )
    if failed > 0:
        return NetworkDenial(False, f"seccomp: thread {failed} has a filter of its own")
    if failed:
        return NetworkDenial(False, f"seccomp: {os.strerror(ctypes.get_errno())}")
    return NetworkDenial(True)


def _filter(machine: Machine) -> bytes:
    """Assemble the filter; an instruction is (code, jump if true, jump if false, operand)."""
    refuse_call = SECCOMP_RET_ERRNO | errno.ENOSYS
    refuse_family = SECCOMP_RET_ERRNO | errno.EAFNOSUPPORT
    instructions = (
        (BPF_LD_W_ABS, 0, 0, ARCHITECTURE),
        (BPF_JMP_JEQ_K, 0, 6, machine.architecture),  # a 32-bit program: other numbers
        (BPF_LD_W_ABS, 0, 0, NUMBER),
        (BPF_JMP_JGE_K, 4, 0, X32_SYSCALL_BIT),  # no such number on aarch64
        (BPF_JMP_JEQ_K, 3, 0, machine.io_uring_setup),
        (BPF_JMP_JEQ_K, 3, 0, machine.socket),
        (BPF_JMP_JEQ_K, 2, 0, machine.socketpair),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW),
        (BPF_RET_K, 0, 0, refuse_call),
        (BPF_LD_W_ABS, 0, 0, FIRST_ARGUMENT),
        (BPF_JMP_JEQ_K, 0, 1, socket.AF_UNIX),
        (BPF_RET_K, 0, 0, SECCOMP_RET_ALLOW),
        (BPF_RET_K, 0, 0, refuse_family),
    )
    return b"".join(struct.pack("HBBI", *instruction) for instruction in instructions)


@dataclass(frozen=True, slots=True)
class NetworkTrial:
    """What came of trying to use the network behind the filter; ``told`` is for people."""

    denied: bool
    told: str


_TRIAL = """
import errno, socket, sys
from assistant.privacy import deny_network
denial = deny_network()
if not denial:
    sys.exit(denial.reason)
# By number, because a Python may be built without some of them: <linux/socket.h>
families = dict(AF_INET=2, AF_INET6=10, AF_NETLINK=16, AF_PACKET=17, AF_BLUETOOTH=31, AF_VSOCK=40)
for family, number in families.items():
    try:
        socket.socket(number, socket.SOCK_RAW).close()
    except OSError as error:
        if error.errno != errno.EAFNOSUPPORT:
            sys.exit(f"{family} is refused for another reason: {error.strerror}")
    else:
        sys.exit(f"{family} was opened")
print("sockets of the kinds", ", ".join(families), "are refused")
"""


def try_network() -> NetworkTrial:
    """Try to open sockets of every kind in a process that has given up the network.

    In a process of its own, because a network given up does not come back.
    """
    done = subprocess.run(
        (sys.executable, "-c", _TRIAL), capture_output=True, text=True, check=False, timeout=60
    )
    lines = (done.stdout + done.stderr).strip().splitlines()
    if done.returncode:
        return NetworkTrial(False, lines[-1] if lines else "it could not be tried")
    return NetworkTrial(True, " ".join(lines))


@dataclass(frozen=True, slots=True)
class Walls:
    """What the kernel says of a process: whether a filter is in force, and its interfaces."""

    filtered: bool
    interfaces: tuple[str, ...]

    @property
    def alone(self) -> bool:
        """Whether it is in a network of its own, with nobody in it."""
        return set(self.interfaces) <= {"lo"}


def walls_of(process_id: int) -> Walls:
    """Look at a process of this user. Raises OSError where it may not be looked at."""
    process = Path("/proc") / str(process_id)
    (mode,) = re.findall(r"(?m)^Seccomp:\s*(\d)", (process / "status").read_text())
    devices = re.findall(r"(?m)^\s*([^\s:|]+):", (process / "net" / "dev").read_text())
    return Walls(mode == "2", tuple(devices))
