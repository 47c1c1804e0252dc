"""The programmes of a pack."""

from collections.abc import Iterable

from portal.packs import Section, section
from postdocs.selections.models import Programme


def check_ranks(row: Programme) -> Iterable[str]:
    if not isinstance(row.ranks, list) or not all(isinstance(rank, str) and rank for rank in row.ranks):
        yield "ranks 应是一列文字，例如 [金奖, 银奖]"


section(
    Section(
        "programmes",
        Programme,
        ("code",),
        ("code", "name", "name_en", "level", "kind", "ranks", "clause"),
        ordered=True,
        check=check_ranks,
    )
)
