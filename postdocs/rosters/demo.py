"""Invented doctors and research talents; a few of them wait for their district."""

from datetime import date, timedelta

from stdnum.cn.ric import calc_check_digit

from portal import sealed
from portal.demo import MARK, Story
from portal.models import Role
from postdocs.people.actions import initials_of
from postdocs.people.models import IdentityPaper, PaperKind, Person
from postdocs.rosters.models import Degree, Doctor, Engagement, Post, Rank, Relation, Talent
from postdocs.stays.models import Channel
from stations.models import Station, StationStatus


def tell(story: Story) -> None:
    numbers = story.plot.get("rosters")
    if not numbers:
        return
    stations = list(
        Station.objects.filter(
            matter__organisation__demo=True,
            matter__district__up__ancestor=story.pack.root,
            status=StationStatus.VALID,
        )
        .select_related("matter")
        .order_by("approved_on", "pk")
    )
    if stations:
        doctors(story, stations, numbers["doctors"])
        talents(story, stations, numbers["talents"])


def paper(story: Story, number: int) -> str:
    """An identity number of an area that doesn't exist."""
    body = f"998{story.digits % 10:03d}19880{1 + number % 9}{1 + number // 1000 % 28:02d}{number % 1000:03d}"
    return body + calc_check_digit(body + "0")


def day_in(story: Story, year: int) -> date:
    last = min(date(year, 12, 31), story.on - timedelta(5))
    return date(year, 1, 5) + timedelta(story.random.randrange((last - date(year, 1, 5)).days))


def told(story: Story, station: Station, on: date, waits: bool) -> dict:
    """Whose row it is, and who confirmed it when."""
    officer = story.officers.get(station.matter.district.code) or story.people[Role.BUREAU_HANDLER]
    return {
        "organisation_id": station.matter.organisation_id,
        "district_id": station.matter.district_id,
        "by": officer,
        "confirmed_by": None if waits else officer,
        "confirmed_on": None if waits else on,
    }


def doctors(story: Story, stations: list[Station], years: dict[int, int]) -> None:
    random, people, papers, rows = story.random, [], [], []
    for year, wanted in years.items():
        for _n in range(wanted):
            number, on, station = len(rows), day_in(story, int(year)), random.choice(stations)
            waits = (story.on - on).days < 60
            name = story.person_name() + MARK
            person = Person(
                name=name, initials=initials_of(name), degree_school="演示大学", discipline="0812", has_certificate=True,
                degree_on=on - timedelta(random.randint(60, 500)), settled_on=None if waits else on,
            )  # fmt: skip
            kept = IdentityPaper(person=person, kind=PaperKind.ID_CARD, settled=not waits)
            kept.keep(paper(story, number))
            people.append(person)
            papers.append(kept)
            rows.append(
                Doctor(
                    person=person, since=on, first_insured_on=on if random.random() < 0.8 else None,
                    engagement=Engagement.DUAL if number % 6 == 5 else Engagement.FULL,
                    channel=random.choice(Channel.values), **told(story, station, on, waits),
                )
            )  # fmt: skip
    Person.objects.bulk_create(people)
    IdentityPaper.objects.bulk_create(papers)
    Doctor.objects.bulk_create(rows)


def talents(story: Story, stations: list[Station], years: dict[int, int]) -> None:
    random, rows = story.random, []
    for year, wanted in years.items():
        for _n in range(wanted):
            on, station, number = day_in(story, int(year)), random.choice(stations), 500_000 + len(rows)
            degree = random.choices((Degree.DOCTOR, Degree.MASTER, Degree.BACHELOR), (1, 6, 3))[0]
            rows.append(
                Talent(
                    station=station, name=story.person_name() + MARK, since=on, degree=degree,
                    number_index=sealed.index_of(paper(story, number)), rank=random.choice(Rank.values),
                    post=random.choice((Post.RESEARCH, Post.RESEARCH, Post.ENGINEERING)),
                    relation=random.choice((Relation.TEAM, Relation.PROJECT, Relation.STAFF)),
                    contract_since=on if random.random() < 0.95 else None,
                    **told(story, station, on, (story.on - on).days < 45),
                )
            )  # fmt: skip
    Talent.objects.bulk_create(rows)
