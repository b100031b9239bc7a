"""What is in the encrypted file, and the encryption: nothing else is taken for a backup."""

from __future__ import annotations

import gzip
import io
import json
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.backup import archive
from assistant.backup.archive import pack, unpack
from assistant.backup.contents import Stored
from assistant.backup.encryption import BEGINNING, decrypt, encrypt
from assistant.errors import BackupError

WORDS = "four words of mine"
FILES = {"config/config.yaml": Stored(b"wake: {}\n", 0o644), "state/state.sqlite3": Stored(b"\0")}
PACKED = pack(FILES, "1.0", "2026-05-01T12:00:00+00:00")


def test_what_was_put_in_comes_out() -> None:
    manifest, files = unpack(PACKED)
    assert files == FILES
    assert (manifest["version"], manifest["made_at"]) == ("1.0", "2026-05-01T12:00:00+00:00")


@given(st.dictionaries(st.sampled_from(["config/a", "models/wake/b", "state/c"]), st.binary()))
def test_whatever_was_put_in_comes_out(contents: dict[str, bytes]) -> None:
    files = {name: Stored(content) for name, content in contents.items()}
    assert unpack(pack(files, "1.0", ""))[1] == files


def test_encrypted_it_can_be_read_with_the_passphrase_only() -> None:
    sealed = encrypt(PACKED, WORDS)
    assert sealed.startswith(BEGINNING)
    assert PACKED not in sealed
    for wrong, words in ((sealed, "four words of yours"), (BEGINNING, WORDS)):
        with pytest.raises(BackupError, match="the passphrase is wrong, or the file is damaged"):
            decrypt(wrong, words)


@given(st.binary(max_size=200).filter(lambda content: not content.startswith(BEGINNING)))
def test_error_another_kind_of_file(content: bytes) -> None:
    with pytest.raises(BackupError, match="This is no backup"):
        decrypt(content, WORDS)


@given(st.binary(max_size=200))
def test_error_what_is_no_archive(content: bytes) -> None:
    with pytest.raises(BackupError, match="damaged"):
        unpack(content)


@given(st.integers(0, len(PACKED) - 1))
def test_an_archive_that_was_cut_off_is_told_or_has_lost_nothing(length: int) -> None:
    """What follows the last file are zeros and a checksum; age has one of its own."""
    try:
        _, files = unpack(PACKED[:length])
    except BackupError:
        return
    assert files == FILES


def packed(entries: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """An archive of these, by somebody who knows the passphrase."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for entry, content in entries:
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return gzip.compress(out.getvalue())


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
        unpack(packed([(tarfile.TarInfo(name), b"")]))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE]
)
def test_error_what_is_no_file(kind: bytes) -> None:
    entry = tarfile.TarInfo("config/config.yaml")
    entry.type, entry.linkname = kind, "/etc/shadow"
    with pytest.raises(BackupError, match="does not belong in a backup"):
        unpack(packed([(entry, b"")]))


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
        unpack(packed(entries))


def test_error_more_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 5)
    with pytest.raises(BackupError, match="it holds more than"):
        unpack(PACKED)
