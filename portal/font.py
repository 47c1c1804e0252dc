"""The font of printed papers, made once from the web font's pieces: one plain TrueType file with every character.

The front end's Noto Sans SC comes as a hundred small variable files, each for some characters, because a browser
fetches only those it needs. A PDF needs the characters of one paper in one file.
"""

import os
import tempfile
from functools import partial
from pathlib import Path

from django.conf import settings
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

FOLDER = settings.ROOT / "frontend" / "dist" / "fonts"
FONT = settings.ROOT / "portal" / "print.ttf"  # not among the static files: no browser wants it
WEIGHT = 400
UNUSED = ("GSUB", "GPOS", "GDEF", "STAT", "BASE", "vhea", "vmtx", "VORG", "VVAR", "HVAR", "MVAR")


class NoFont(Exception):
    """The front end has not been built."""


def font() -> Path:
    """The file, made if it isn't there yet (some ten seconds; the build does it beforehand)."""
    if not FONT.exists():
        make()
    return FONT


def make(each=map) -> None:
    """Write the font; several at once do the same work, and the last one's file stays. `each` is a `map` that may use
    more than one processor."""
    pieces = sorted(FOLDER.glob("noto-sans-sc-*-wght-normal.woff2"))
    if not pieces:
        raise NoFont(f"no pieces of Noto Sans SC in {FOLDER}: run npm run build")
    with tempfile.TemporaryDirectory() as folder:
        plain = list(each(partial(plainly, folder=folder), pieces))
        made = Path(folder) / "print.ttf"
        Merger().merge(plain).save(made)
        waiting = FONT.with_suffix(f".{os.getpid()}")
        waiting.write_bytes(made.read_bytes())
        waiting.replace(FONT)


def plainly(piece: Path, *, folder: str) -> str:
    """One piece at one weight, without what only typesetting programs need; returns the file's name."""
    found = TTFont(piece)
    for table in UNUSED:
        if table in found:
            del found[table]
    found = instancer.instantiateVariableFont(found, {"wght": WEIGHT}, optimize=False)
    found.flavor = None
    name = f"{folder}/{piece.stem}.ttf"
    found.save(name)
    return name
