"""Templates of reports in a pack: which chapters, which indicators, which tables and figures."""

from collections.abc import Iterable

from portal.packs import Section, section
from targets.models import Indicator
from targets.reports import blocks
from targets.reports.models import ReportTemplate, TemplateChapter


def check_chapter(chapter: TemplateChapter) -> Iterable[str]:
    """Every block is one that we know, every indicator one of the plan."""
    wrong = list(blocks.wrong(chapter.blocks))
    if wrong:
        yield from wrong
        return
    plan = chapter.template.plan
    known = set(Indicator.objects.filter(plan=plan).values_list("code", flat=True))
    for code in sorted(blocks.codes(chapter.blocks) - known):
        yield f"计划 {plan.code} 没有代码为 {code} 的指标"


def check_template(template: ReportTemplate) -> Iterable[str]:
    if not template.chapters.exists():
        yield "没有章节（chapters）"


section(
    Section(
        "reports",
        ReportTemplate,
        ("code",),
        ("code", "title", "title_en", "period", "plan", "clause"),
        ordered=True,
        whole=check_template,
        children=(
            Section(
                "chapters",
                TemplateChapter,
                ("code",),
                ("code", "title", "text", "blocks"),
                owner="template",
                ordered=True,
                check=check_chapter,
            ),
        ),
    )
)
