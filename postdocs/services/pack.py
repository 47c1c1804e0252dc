"""What services bring in a pack: the catalogue."""

from collections.abc import Iterable

from portal.facts import WrongCriterion
from portal.packs import Section, section
from postdocs.services.models import Asker, Service
from postdocs.stays.facts import stay

TIER = {"code", "title", "title_en", "how", "how_en"}


def check_service(row: Service) -> Iterable[str]:
    """Who may ask is known, conditions hold together, lists are lists."""
    if not isinstance(row.askers, list) or not row.askers or set(map(str, row.askers)) - set(Asker.values):
        yield f"askers 应为非空列表，取自：{'、'.join(Asker.values)}"
    for name in ("papers", "papers_en"):
        value = getattr(row, name)
        if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
            yield f"{name} 应为文字的列表"
    if row.papers_en and len(row.papers_en) != len(row.papers):
        yield "papers_en 应与 papers 一一对应"
    yield from check_tiers(row.tiers)
    yield from check_criteria(row)


def check_tiers(tiers) -> Iterable[str]:
    if not isinstance(tiers, list) or not all(
        isinstance(t, dict) and {"code", "title"} <= set(t) <= TIER and all(isinstance(v, str) for v in t.values())
        for t in tiers
    ):
        yield f"tiers 的一项应写作 {'、'.join(sorted(TIER))}，code 和 title 必填"
    elif len({t["code"] for t in tiers}) < len(tiers):
        yield "tiers 里有重复的 code"


def check_criteria(row: Service) -> Iterable[str]:
    if not isinstance(row.criteria, list):
        yield "criteria 应为列表"
        return
    for one in row.criteria:
        if not isinstance(one, dict) or set(one) - {"fact", "lookup", "value"} or not {"fact", "value"} <= set(one):
            yield f"criteria 的一项应写作 fact、lookup、value：{one!r}"
            continue
        try:
            stay.criterion(one["fact"], one.get("lookup", "exact"), one["value"], "")
        except WrongCriterion as wrong:
            yield str(wrong)


section(
    Section(
        "services",
        Service,
        ("code",),
        (
            *("code", "title", "title_en", "group", "brings", "brings_en", "askers", "criteria", "conditions"),
            *("conditions_en", "papers", "papers_en", "department", "department_en", "owner", "days", "assumed"),
            *("tiers", "clause"),
        ),
        ordered=True,
        check=check_service,
    )
)
