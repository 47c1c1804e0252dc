"""What activities bring in a pack: the kinds a city speaks of."""

from portal.packs import Section, section
from targets.models import ActivityKind

section(
    Section(
        "activity_kinds", ActivityKind, ("code",), ("code", "name", "name_en", "clause"), ordered=True
    )
)  # fmt: skip
