"""Values that nobody reads in the database: sealed with a key that is kept elsewhere, found through a keyed index.

A sealed value names its own form and key: version (1 byte), key (4), nonce (12), then AES-256-GCM. What it is `about`,
the table, column and row, is bound to it: put into another row it can't be opened. The index tells only whether two
values are equal. Both keys come from the environment (DATA_KEY, INDEX_KEY; earlier data keys in DATA_KEY_OLD).
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

VERSION = b"\x01"
NAME, NONCE = 4, 12  # bytes of a key's name and of a nonce
HEAD = len(VERSION) + NAME + NONCE


class Unreadable(Exception):
    """A sealed value that can't be opened: of another row, of a key that is gone, or tampered with."""


@cache
def key_of(secret: str) -> tuple[bytes, AESGCM]:
    """The key made of a secret, with the name that sealed values call it by."""
    key = HKDF(SHA256(), 32, salt=None, info=b"portal data").derive(secret.encode())
    return hashlib.sha256(b"name" + key).digest()[:NAME], AESGCM(key)


def seal(text: str, *, about: str) -> bytes:
    """`text` sealed with today's key; `about` says which row's which column it is, as `person.number:<uuid>`."""
    name, cipher = key_of(settings.DATA_KEY)
    nonce = os.urandom(NONCE)
    return VERSION + name + nonce + cipher.encrypt(nonce, text.encode(), about.encode())


def unseal(value: bytes | memoryview, *, about: str) -> str:
    """What was sealed. Raises Unreadable."""
    value = bytes(value)
    name, nonce = value[1 : 1 + NAME], value[1 + NAME : HEAD]
    ciphers = dict(key_of(secret) for secret in (settings.DATA_KEY, *settings.DATA_KEYS_OLD))
    if value[:1] != VERSION or name not in ciphers:
        raise Unreadable(f"{about}: sealed with a key this portal doesn't have")
    try:
        return ciphers[name].decrypt(nonce, value[HEAD:], about.encode()).decode()
    except InvalidTag as error:
        raise Unreadable(f"{about}: not what was sealed there") from error


def is_current(value: bytes | memoryview) -> bool:
    """Whether it was sealed with today's key, or has yet to be sealed anew after a change of keys."""
    return bytes(value)[1 : 1 + NAME] == key_of(settings.DATA_KEY)[0]


def masked(text: str) -> str:
    """Enough to compare with a paper in hand, too little to reckon the number even with the birth date beside it."""
    if len(text) < 4:
        return "*" * len(text)
    shown = 2 if len(text) > 8 else 1
    return text[:shown] + "*" * (len(text) - 2 * shown) + text[-shown:]


def index_of(text: str) -> str:
    """What equal values have in common and nobody can reckon without the key: 64 hexadecimal digits."""
    return hmac.digest(settings.INDEX_KEY.encode(), text.encode(), "sha256").hex()
