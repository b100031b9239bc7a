"""The encrypted file: what goes in comes out, and nothing else is taken for a backup."""

from __future__ import annotations

import gzip
import io
import json
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyrage import passphrase as age

from assistant.backup import archive
from assistant.backup.archive import seal, unseal
from assistant.backup.contents import Stored
from assistant.errors import BackupError

PASSPHRASE = "four words of mine"  # noqa: S105
FILES = {"config/config.yaml": Stored(b"wake: {}\n", 0o644), "state/state.sqlite3": Stored(b"\0")}


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(FILES, PASSPHRASE, "1.0", "2026-05-01T12:00:00+00:00")


def packed(entries: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """An archive of these, encrypted by somebody who knows the passphrase."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for entry, content in entries:
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    encrypted: bytes = age.encrypt(gzip.compress(out.getvalue()), PASSPHRASE)
    return encrypted


def test_what_was_put_in_comes_out(sealed: bytes) -> None:
    manifest, files = unseal(sealed, PASSPHRASE)
    assert files == FILES
    assert (manifest["version"], manifest["made_at"]) == ("1.0", "2026-05-01T12:00:00+00:00")


def test_nothing_of_it_can_be_read(sealed: bytes) -> None:
    assert b"wake" not in sealed
    assert b"config" not in sealed


def test_error_another_passphrase(sealed: bytes) -> None:
    with pytest.raises(BackupError, match="the passphrase is wrong, or the file is damaged"):
        unseal(sealed, "four words of yours")


@settings(max_examples=15)
@given(st.data())
def test_error_a_bit_that_has_changed(sealed: bytes, data: st.DataObject) -> None:
    where = data.draw(st.integers(len(archive.BEGINNING), len(sealed) - 1))
    damaged = bytearray(sealed)
    damaged[where] ^= 1
    with pytest.raises(BackupError):
        unseal(bytes(damaged), PASSPHRASE)


@given(st.binary(max_size=200))
def test_error_another_kind_of_file(content: bytes) -> None:
    with pytest.raises(BackupError):
        unseal(content, PASSPHRASE)


NAMES = [
    "/etc/passwd",
    "../config",
    "config/../../x",
    "config",
    "config//x",
    "elsewhere/x",
    "./config/x",
]


@pytest.mark.parametrize("name", NAMES)
def test_error_a_file_that_would_be_written_elsewhere(name: str) -> None:
    with pytest.raises(BackupError, match="does not belong in a backup"):
        unseal(packed([(tarfile.TarInfo(name), b"")]), PASSPHRASE)


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE]
)
def test_error_what_is_no_file(kind: bytes) -> None:
    entry = tarfile.TarInfo("config/config.yaml")
    entry.type, entry.linkname = kind, "/etc/shadow"
    with pytest.raises(BackupError, match="does not belong in a backup"):
        unseal(packed([(entry, b"")]), PASSPHRASE)


def manifest_of(**fields: object) -> tuple[tarfile.TarInfo, bytes]:
    return tarfile.TarInfo(archive.MANIFEST), json.dumps(fields).encode()


DAMAGED = {
    "no manifest": ([], "it has no manifest"),
    "a manifest that is none": ([(tarfile.TarInfo(archive.MANIFEST), b"[]")], "no manifest"),
    "a newer format": ([manifest_of(format=2, sha256={})], "has format 2"),
    "a file less": (
        [manifest_of(format=1, sha256={"config/a": "0"})],
        "its files are not those of its manifest",
    ),
}


@pytest.mark.parametrize(("entries", "told"), DAMAGED.values(), ids=DAMAGED)
def test_error_an_archive_that_is_not_whole(
    entries: list[tuple[tarfile.TarInfo, bytes]], told: str
) -> None:
    with pytest.raises(BackupError, match=told):
        unseal(packed(entries), PASSPHRASE)


def test_error_more_than_anybody_has(monkeypatch: pytest.MonkeyPatch, sealed: bytes) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 5)
    with pytest.raises(BackupError, match="it holds more than"):
        unseal(sealed, PASSPHRASE)
