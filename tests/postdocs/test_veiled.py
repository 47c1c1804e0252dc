"""What an entry may say of stays elsewhere: how a rule came out, and nothing by which one would know that there are any."""

import re
from datetime import date

import pytest

from portal.facts import Criterion, Vocabulary
from portal.lifecycle import Refused
from portal.models import Guard, Role
from postdocs.inside import facts as inside
from postdocs.models import Stay
from postdocs.stays import facts
from tests import make
from tests.postdocs import asking, staying
from tests.reading import Visitor

LEFT = {"ended_on": "2024-05-30", "certificate_number": "BSH9"}


@pytest.fixture
def rules(city):
    about = {"pack": city.pack, "lifecycle": "stay", "action": "accept", "lookup": "lte", "clause": city.clause}
    Guard.objects.create(**about, fact="earlier_stays", value=1)
    Guard.objects.create(**about, fact="months_in_all", value=72, order=1)


@pytest.fixture
def south(city, people):
    """Another district with an enterprise of its own."""
    return make.people_of(city, make.enterprise(city.south), people, officer="other_district")


def earlier(city, people, number: str, *, until: date = date(2024, 5, 31)) -> Stay:
    """A stay of whoever holds the number, in the first district, over by the day."""
    stay = staying.brought_to("here", city, people, number=number)
    Stay.objects.filter(pk=stay.pk).update(
        status="settled",
        entered_on=date(2022, 6, 1),
        contract_since=date(2022, 6, 1),
        ended_on=until,
        planned_until=until,
    )
    return stay


def entering(south, number: str) -> Stay:
    place, who = south
    return staying.brought_to("district", place, who, number=number, name="何同舟")


def read(stay: Stay, user) -> str:
    """All that is to be read of the stay, without what differs by itself between two entries: their numbers."""
    visitor = Visitor(user).go(stay.get_absolute_url())
    visitor.page = visitor.page[visitor.page.index("<main") : visitor.page.index("</main>")]
    return re.sub(r"TE-BH-\d+-\d+|\w*\*+\w+", "", visitor.text)


def known(vocabulary: Vocabulary, row, on=staying.ON) -> dict:
    return vocabulary.table(type(row).objects.filter(pk=row.pk), vocabulary.facts, on=on).get()


def veiled(vocabulary: Vocabulary) -> set[str]:
    return {f"fact_{name}" for name, fact in vocabulary.facts.items() if fact.veiled}


def test_every_fact_that_knows_of_stays_elsewhere_is_veiled(city, people, south):
    number = staying.paper_number()
    stay = entering(south, number)
    before = known(facts.stay, stay)
    earlier(city, people, number)
    now = known(facts.stay, stay)
    assert {name for name in now if now[name] != before[name]} == veiled(facts.stay) == {
        "fact_earlier_stays",
        "fact_months_in_all",
    }  # fmt: skip


def test_every_fact_of_an_extension_that_knows_of_stays_elsewhere_is_veiled(city, people, south):
    place, who = south
    stay = staying.brought_to("here", place, who)
    row = asking.asked(stay, who)
    before = known(inside.extension, row)
    other = staying.brought_to("here", city, people)
    Stay.objects.filter(pk=other.pk).update(
        person=stay.person, entered_on=date(2022, 6, 1), ended_on=date(2024, 6, 1), status="left"
    )
    now = known(inside.extension, row)
    assert (
        {name for name in now if now[name] != before[name]} == veiled(inside.extension) == {"fact_months_in_all_then"}
    )


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.HANDLER])
def test_the_page_of_an_entry_is_the_same_whether_a_number_is_known_or_not(role, rules, city, people, south):
    number = staying.paper_number()
    earlier(city, people, number)
    place, who = south
    held = entering(south, number)
    page = read(held, who[role])
    assert ("以前进过几站：符合，应不多于 1 站" in page) is (role == Role.DISTRICT)
    Stay.objects.filter(pk=held.pk).update(status="dropped")
    fresh = staying.brought_to("district", place, who, number=staying.paper_number(), name="何同舟", at=held.station)
    assert read(fresh, who[role]) == page


def test_a_rule_that_is_not_met_says_so_and_neither_how_many_nor_where(rules, city, people, south):
    number = staying.paper_number()
    earlier(city, people, number, until=date(2026, 1, 31))
    Guard.objects.filter(fact="months_in_all").update(value=60)
    stay = entering(south, number)
    with pytest.raises(Refused) as refusal:
        staying.step(stay, "accept", south[1])
    assert "各站合计在站：不符合，请问市局，应不多于 60" in str(refusal.value)
    page = Visitor(south[1][Role.DISTRICT]).go(stay.get_absolute_url()).text
    assert "不符合，请问市局" in page
    assert not {said for said in ("2022-06-01", "个月，应") if said in page}


@pytest.mark.parametrize(
    ("value", "met", "said"),
    [(0, True, "符合"), (2, False, "不符合，请问市局"), (None, None, "尚不知道，请补充"), (1, None, "请问市局")],
)
def test_a_veiled_value_is_told_as_the_finding_alone(value, met, said):
    asked = Criterion("earlier_stays", "lte", 1, "某条")
    text = facts.stay.sentence(asked, {"fact_earlier_stays": value}, met)
    assert text == f"以前进过几站：{said}，应不多于 1 站（某条）"
