"""The postdocs' part of the demonstration: cohorts that entered, went through their years and left."""

from portal.demo import Story, chapter
from postdocs.outcomes import demo as outcomes
from postdocs.stays import demo as stays


@chapter
def tell(story: Story) -> None:
    if "postdocs" in story.plot:
        stays.tell(story)
    if "outcomes" in story.plot:
        outcomes.tell(story)
