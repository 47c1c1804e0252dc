"""The postdocs' part of the demonstration: cohorts that entered, went through their years and left."""

from portal.demo import Story, chapter
from postdocs.inside import demo as inside
from postdocs.stays import demo as stays


@chapter
def tell(story: Story) -> None:
    if "postdocs" in story.plot:
        stays.tell(story)
        inside.tell(story)
