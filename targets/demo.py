"""The targets' part of the demonstration: each topic tells its own."""

from portal.demo import Story, chapter
from targets.activities import demo as activities
from targets.duties import demo as duties
from targets.plans import demo as plans
from targets.reported import demo as reported
from targets.reports import demo as reports
from targets.returns import demo as returns


@chapter
def tell(story: Story) -> None:
    for topic in (plans, activities, duties, reported, returns, reports):
        topic.tell(story)
