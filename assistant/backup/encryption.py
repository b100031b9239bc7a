"""Encryption with a passphrase, in the format of age: scrypt, then ChaCha20-Poly1305.

``age --decrypt FILE`` opens it without this program, should that ever be needed. Each call takes
about a second of a fast machine: that is what a guess at the passphrase costs.
"""

from __future__ import annotations

from assistant.errors import BackupError

BEGINNING = b"age-encryption.org/v1\n"


def encrypt(content: bytes, passphrase: str) -> bytes:
    """Encrypt so that nobody can read or change it without the passphrase."""
    import pyrage  # noqa: PLC0415 - needed by two commands only

    sealed: bytes = pyrage.passphrase.encrypt(content, passphrase)
    return sealed


def decrypt(sealed: bytes, passphrase: str) -> bytes:
    """Decrypt. Raises BackupError for another kind of file, and for a wrong passphrase."""
    import pyrage  # noqa: PLC0415

    if not sealed.startswith(BEGINNING):
        raise BackupError("this is no backup", "Give a file that `assistant backup` wrote.")
    try:
        content: bytes = pyrage.passphrase.decrypt(sealed, passphrase)
    except pyrage.DecryptError as error:
        raise BackupError(
            "it cannot be decrypted: the passphrase is wrong, or the file is damaged",
            "Passphrases are told apart by case, and by spaces.",
        ) from error
    return content
