"""The postdocs' part of the demonstration: cohorts that entered, went through their years and left."""

from portal.demo import Story, chapter
from postdocs.insurance import demo as insurance
from postdocs.rosters import demo as rosters
from postdocs.selections import demo as selections
from postdocs.stays import demo as stays


@chapter
def tell(story: Story) -> None:
    if "postdocs" in story.plot:
        stays.tell(story)
    for topic in (rosters, insurance, selections):
        topic.tell(story)
