"""The targets' part of the demonstration: what each district was given, what was held, what falls due."""

from portal.demo import Story, chapter
from targets.activities import demo as activities
from targets.duties import demo as duties
from targets.plans import demo as plans


@chapter
def tell(story: Story) -> None:
    plans.tell(story)
    activities.tell(story)
    duties.tell(story)
