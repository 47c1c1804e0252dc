"""The targets' part of the demonstration, topic by topic."""

from portal.demo import Story, chapter
from targets.plans import demo as plans
from targets.reports import demo as reports


@chapter
def tell(story: Story) -> None:
    plans.tell(story)
    reports.tell(story)
