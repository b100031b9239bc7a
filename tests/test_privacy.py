"""Each test runs in a child, because a network given up does not come back."""

from __future__ import annotations

import platform
import subprocess
import sys
import textwrap

import pytest

from assistant.privacy import MACHINES, deny_network

pytestmark = pytest.mark.skipif(
    platform.machine() not in MACHINES, reason=f"no filter for {platform.machine()}"
)

DENY = """
import errno, os, socket, subprocess, sys, threading
from assistant.privacy import deny_network
def refused(family, kind=socket.SOCK_STREAM):
    try:
        socket.socket(family, kind).close()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "made"
assert refused(socket.AF_INET) == "made"
denial = deny_network()
assert denial, denial.reason
"""


def run_denied(script: str) -> str:
    """What a program prints that first gives up the network."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", DENY + textwrap.dedent(script)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert finished.stderr == ""
    assert finished.returncode == 0
    return finished.stdout.strip()


def test_only_unix_sockets_can_be_made() -> None:
    said = run_denied("""
        # AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, AF_BLUETOOTH, AF_VSOCK of <linux/socket.h>
        families = 2, 10, 16, 17, 31, 40
        print(*{refused(family, kind) for family in families
                for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW)})
        print(refused(socket.AF_UNIX), refused(socket.AF_UNIX, socket.SOCK_DGRAM))
        ours, theirs = socket.socketpair()
        ours.sendall(b"hello")
        print(theirs.recv(5).decode())
        ours.close(), theirs.close()
        try:
            socket.socketpair(socket.AF_INET)
        except OSError as error:
            print(errno.errorcode[error.errno])
    """)
    assert said.splitlines() == ["EAFNOSUPPORT", "made made", "hello", "EAFNOSUPPORT"]


def test_names_are_not_looked_up_and_nobody_is_reached() -> None:
    said = run_denied("""
        for attempt in (lambda: socket.getaddrinfo("example.org", 80),
                        lambda: socket.create_connection(("127.0.0.1", 9))):
            try:
                attempt()
            except OSError as error:
                print(type(error).__name__)
    """)
    assert said.splitlines() == ["gaierror", "OSError"]


def test_threads_that_run_already_and_new_ones_are_denied_too() -> None:
    script = DENY.replace("denial = deny", "denial = None\n" + textwrap.dedent("""
        begun, denied, seen = threading.Event(), threading.Event(), []
        def old():
            begun.set()
            denied.wait(10)
            seen.append(refused(socket.AF_INET))
        before = threading.Thread(target=old)
        before.start()
        begun.wait(10)
        """) + "denial = deny") + textwrap.dedent("""
        denied.set()
        before.join()
        after = threading.Thread(target=lambda: seen.append(refused(socket.AF_INET)))
        after.start()
        after.join()
        print(*seen)
        """)  # fmt: skip
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert finished.stdout.split() == ["EAFNOSUPPORT", "EAFNOSUPPORT"]


def test_a_process_started_later_is_denied_too() -> None:
    said = run_denied("""
        grandchild = "import socket\\ntry: socket.socket()\\nexcept OSError as e: print(e.strerror)"
        print(subprocess.run([sys.executable, "-c", grandchild], capture_output=True, text=True,
                             check=True).stdout)
    """)
    assert said == "Address family not supported by protocol"


def test_io_uring_and_foreign_system_calls_do_not_exist() -> None:
    """io_uring makes sockets without socket(2); x32 calls are the same calls by other numbers."""
    said = run_denied("""
        import ctypes, platform
        libc = ctypes.CDLL(None, use_errno=True)
        def call(number, *arguments):
            result = libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))
            return errno.errorcode[ctypes.get_errno()] if result < 0 else result
        print(call(425, 1, 0), call(0x40000000 + 41, 2, 1, 0))
        if platform.machine() == "x86_64":  # the family is an int: its upper half is not looked at
            print(call(41, 2 + (7 << 32), 1, 0))
        else:
            print(call(198, 2 + (7 << 32), 1, 0))
    """)
    assert said.splitlines() == ["ENOSYS ENOSYS", "EAFNOSUPPORT"]


def test_giving_up_twice_is_no_mistake() -> None:
    assert run_denied("print(bool(deny_network()), refused(socket.AF_INET))") == "True EAFNOSUPPORT"


def test_asyncio_and_its_unix_servers_work() -> None:
    said = run_denied("""
        import asyncio, tempfile
        async def echo(reader, writer):
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()
        async def talk(path):
            async with await asyncio.start_unix_server(echo, path):
                reader, writer = await asyncio.open_unix_connection(path)
                writer.write(b"hello\\n")
                print((await reader.readline()).decode())
                writer.close()
                await writer.wait_closed()
            child = await asyncio.create_subprocess_exec("true")
            print(await child.wait())
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(talk(folder + "/socket"))
    """)
    assert said.split() == ["hello", "0"]


@pytest.mark.parametrize(
    ("platform_name", "machine", "reason"),
    [
        ("linux", "riscv64", "no filter is known for linux riscv64"),
        ("darwin", "x86_64", "no filter is known for darwin x86_64"),
    ],
)
def test_a_machine_without_a_filter_is_told_and_nothing_is_done(
    monkeypatch: pytest.MonkeyPatch, platform_name: str, machine: str, reason: str
) -> None:
    monkeypatch.setattr("sys.platform", platform_name)
    monkeypatch.setattr("platform.machine", lambda: machine)
    denial = deny_network()
    assert not denial
    assert denial.reason == reason


@pytest.mark.engines
def test_the_wake_word_s_engine_works() -> None:
    said = run_denied("""
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import importlib.util, pathlib
        import numpy, onnxruntime
        folder = pathlib.Path(importlib.util.find_spec("openwakeword").origin).parent
        model = folder / "resources" / "models" / "embedding_model.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(model), options)
        spectrogram = numpy.zeros((1, 76, 32, 1), numpy.float32)
        (embedding,) = session.run(None, {session.get_inputs()[0].name: spectrogram})
        print(embedding.shape)
    """)
    assert said == "(1, 1, 1, 96)"


@pytest.mark.engines
def test_the_sound_library_works() -> None:
    assert run_denied("""
        import sounddevice
        print(len(sounddevice.query_devices()) >= 0)
    """) == "True"  # fmt: skip
