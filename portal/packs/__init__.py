"""Packs: the rules of a city as YAML files that load into rows and come back as the same files.

A pack is refused whole: every mistake is listed with its file and line, and nothing is half loaded. Loading twice
changes nothing. A value that was changed both on a page and in the file is refused too, unless `replace` is given.
The files stand in canonical form: what `dump` writes from the rows is, byte for byte, what was loaded.

An app declares its part in a module `pack.py` as Sections, in the order in which they load.
"""

from portal.packs.reading import load
from portal.packs.sections import HOME, SECTIONS, Mistake, Section, WrongPack, section
from portal.packs.writing import dump

__all__ = ["HOME", "SECTIONS", "Mistake", "Section", "WrongPack", "dump", "load", "section"]
