"""What stays bring in a pack: the documents of an entry, and when milestones are due."""

from collections.abc import Iterable

from portal.packs import Section, section
from postdocs.stays.models import EntryPaper, Identity, MilestoneRule


def check_identities(row: EntryPaper) -> Iterable[str]:
    if not isinstance(row.identities, list) or (unknown := set(map(str, row.identities)) - set(Identity.values)):
        found = "、".join(sorted(unknown)) if isinstance(row.identities, list) else str(row.identities)
        yield f"identities 里没有这种身份：{found}；可用：{'、'.join(Identity.values)}"


section(
    Section(
        "entry_papers",
        EntryPaper,
        ("code",),
        ("code", "title", "title_en", "hint", "hint_en", "stage", "whom", "identities", "required", "months", "clause"),
        ordered=True,
        check=check_identities,
    )
)
section(
    Section(
        "milestones",
        MilestoneRule,
        ("kind",),
        ("kind", "opens", "due", "again", "panel", "assumed", "clause"),
    )
)
