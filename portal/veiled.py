"""Cells of handed-in rows that nobody reads in the database: sealed beside the row, masked within it.

A kind of workbook says which of its columns are `secret`. Numbers of identity cards that stand elsewhere in the sheet, in
a column that nobody asked for or in a remark, are veiled as well. Only whoever handed the workbook in gets them back.
"""

import json
import re
from collections.abc import Container, Sequence

from portal import sealed
from portal.forms import tidy
from portal.models import Line
from portal.sealed import masked

IDENTITY = re.compile(
    r"(?<!\d)\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)  # fmt: skip
LENGTH = 18


def is_identity(text: str) -> bool:
    """Whether there is a number of an identity card in it, however it is spaced."""
    if len(text) < LENGTH:
        return False
    return IDENTITY.search(re.sub(r"[\s\-·]", "", tidy(text))) is not None


def about(batch: int, number: int) -> str:
    return f"line.cells:{batch}:{number}"


def veil(line: Line, secret: Container[int]) -> None:
    """Seal what must not be read: cells in these places, and identity numbers wherever they are."""
    hidden = {n: text for n, text in enumerate(line.cells) if text and (n in secret or is_identity(text))}
    if not hidden:
        return
    line.sealed = sealed.seal(json.dumps(hidden, ensure_ascii=False), about=about(line.batch_id, line.number))
    line.cells = [masked(text) if n in hidden else text for n, text in enumerate(line.cells)]
    if line.problems:  # a sentence may repeat what it complains of
        line.problems = {name: without(sentence, hidden.values()) for name, sentence in line.problems.items()}


def without(sentence: str, hidden) -> str:
    for text in hidden:
        for said in {text, text.strip(), tidy(text)} - {""}:
            sentence = sentence.replace(said, masked(said))
    return sentence


def unveiled(batch: int, number: int, cells: list[str], hidden) -> list[str]:
    """The cells of a line as the file had them; those that were forgotten by now stay masked."""
    if not hidden:
        return cells
    cells = list(cells)
    for n, text in json.loads(sealed.unseal(hidden, about=about(batch, number))).items():
        cells[int(n)] = text
    return cells


def places(names: Sequence[str], secret: Container[str]) -> frozenset[int]:
    return frozenset(n for n, name in enumerate(names) if name in secret)
