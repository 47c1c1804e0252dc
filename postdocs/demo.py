"""The postdocs' part of the demonstration: cohorts that entered, went through their years and left."""

from portal.demo import Story, chapter, learn
from postdocs.destinations import demo as destinations
from postdocs.filing import demo as filing
from postdocs.inside import demo as inside
from postdocs.insurance import demo as insurance
from postdocs.outcomes import demo as outcomes
from postdocs.people import demo as people
from postdocs.rosters import demo as rosters
from postdocs.selections import demo as selections
from postdocs.services import demo as services
from postdocs.stays import demo as stays
from postdocs.visits import demo as visits
from stations.evaluation import demo as evaluation


@chapter
def tell(story: Story) -> None:
    if "postdocs" in story.plot:
        stays.tell(story)
        people.tell(story)
        inside.tell(story)
        destinations.tell(story)
        filing.tell(story)
        visits.tell(story)
        services.tell(story)
    if "outcomes" in story.plot:
        outcomes.tell(story)
    learn()
    evaluation.take_again(story)
    for topic in (rosters, insurance, selections):
        topic.tell(story)
