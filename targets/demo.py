"""The targets' part of the demonstration: each topic tells its own."""

from portal.demo import Story, chapter
from targets.plans import demo as plans


@chapter
def tell(story: Story) -> None:
    plans.tell(story)
