"""A real MQTT broker on loopback, and a client beside the assistant's."""

from __future__ import annotations

import contextlib
import queue
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from paho.mqtt.client import Client, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion

USER, PASSWORD = "assistant", "very-secret-4711"
ACL = """
user assistant
topic readwrite house/#
topic write locked/inbox
user device
topic readwrite #
"""


class Broker:
    """mosquitto; with ``secured`` it wants a password and has an access control list."""

    def __init__(self, *, secured: bool = False) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mosquitto-"))
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self.port = int(one.getsockname()[1])
        lines = [f"listener {self.port} 127.0.0.1", "log_dest stderr", "log_type all"]
        if secured:
            passwords = self._folder / "passwords"
            for user in (USER, "device"):
                made = ["-c"] if user == USER else []
                argv = ["mosquitto_passwd", "-b", *made, str(passwords), user, PASSWORD]
                subprocess.run(argv, check=True, capture_output=True)
            (self._folder / "acl").write_text(ACL)
            lines += [f"password_file {passwords}", f"acl_file {self._folder / 'acl'}"]
            # It may run as another user, who has to get at them.
            self._folder.chmod(0o755)
            for path in self._folder.iterdir():
                path.chmod(0o644)
        else:
            lines += ["allow_anonymous true"]
        self._secured = secured
        self._config = self._folder / "mosquitto.conf"
        self._config.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            ["mosquitto", "-c", str(self._config)],
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )
        assert self._process.stderr is not None
        said = []
        for line in self._process.stderr:
            said.append(line)
            if "running" in line:
                return
        raise AssertionError("".join(said))

    def stop(self) -> None:
        """Stop it, so that nothing listens."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    @contextlib.contextmanager
    def device(self, listens: str, *, answers: tuple[str, str] | None = None) -> Iterator[Device]:
        """A device that listens, and answers each message with (topic, payload)."""
        with Device(self.port, listens, answers, secured=self._secured) as device:
            yield device

    def keep(self, topic: str, payload: str) -> None:
        """Have the broker keep a message."""
        with self.device("nothing") as device:
            device.client.publish(topic, payload, qos=1, retain=True).wait_for_publish(20)


class Device:
    """Something in the house that listens to a topic."""

    def __init__(
        self, port: int, listens: str, answers: tuple[str, str] | None, *, secured: bool
    ) -> None:
        self.came: queue.Queue[tuple[str, bytes, bool]] = queue.Queue()
        self._listening: queue.Queue[None] = queue.Queue()
        self._port, self._listens, self._answers = port, listens, answers
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5)
        if secured:
            self.client.username_pw_set("device", PASSWORD)
        self.client.on_connect = lambda client, *_: client.subscribe(listens, qos=1) and None
        self.client.on_subscribe = lambda *_: self._listening.put(None)
        self.client.on_message = self._take

    def _take(self, client: Client, _userdata: object, message: MQTTMessage) -> None:
        self.came.put((message.topic, bytes(message.payload), message.retain))
        if self._answers is not None:
            client.publish(*self._answers, qos=1)

    def __enter__(self) -> Device:
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        self._listening.get(timeout=20)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def heard(self) -> tuple[str, bytes]:
        """The next message that came."""
        topic, payload, _ = self.came.get(timeout=20)
        return topic, payload


@contextlib.contextmanager
def mosquitto(*, secured: bool = False) -> Iterator[Broker]:
    """A broker that runs for a while."""
    broker = Broker(secured=secured)
    try:
        broker.start()
        yield broker
    finally:
        broker.remove()
