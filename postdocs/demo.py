"""The postdocs' part of the demonstration: cohorts that entered, went through their years and left."""

from portal.demo import Story, chapter
from postdocs.people import demo as people
from postdocs.stays import demo as stays


@chapter
def tell(story: Story) -> None:
    if "postdocs" in story.plot:
        stays.tell(story)
        people.tell(story)
