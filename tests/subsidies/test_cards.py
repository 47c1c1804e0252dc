"""The policy card, the lists and the calendar of what can be claimed, the sweep of the few, the calculator."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from django.utils.timezone import localdate

from portal import jobs
from portal.models import Job, Notice, Role, Setting
from postdocs import told
from postdocs.models import Person, Stay
from subsidies.cards import calculator, card, due, reminders
from subsidies.cards import items as standing
from subsidies.cards.changes import few
from subsidies.cards.views import subjects_of
from subsidies.claims import actions
from subsidies.claims.models import Claim, ClaimStatus
from subsidies.entitlements.models import Entitlement
from subsidies.entitlements.sweep import sweep
from subsidies.models import Boundary, Condition, SchemeVersion
from subsidies.schemes import compiled
from subsidies.schemes.boundaries import OUTCOME, failures, judge
from subsidies.schemes.explain import State, explain, explain_all
from tests import make
from tests.postdocs import rostering, staying
from tests.subsidies import granting

ON, C = make.ON, ClaimStatus
MISSING = {"code": "salary", "fact": "salary", "lookup": "gte", "value": "1", "missing": "年薪证明"}


@pytest.fixture
def place(city, people):
    granting.living(city)
    return city, people


# --- statements kept ready ---------------------------------------------------------------------


def states(stay) -> list[str]:
    return [e.state for e in explain(stay, on=ON)]


def test_a_statement_is_kept_and_never_outlives_its_rules(place):
    """A condition, an amount, a setting changed by whatever means are seen at once; the red check is `digest` made constant."""
    city, who = place
    stay = staying.brought_to("here", city, who)
    assert states(stay) == [State.MET]
    kept = compiled.statement(city.pack, "stay", ON)
    assert compiled.statement(city.pack, "stay", ON) is kept
    Condition.objects.update(value="2030-01-01")
    assert states(stay) == [State.UNMET]
    Condition.objects.update(value="2025-01-01")
    SchemeVersion.objects.update(amount=Decimal(90_000))
    assert explain(stay, on=ON)[0].whole == Decimal(90_000)
    Setting.objects.create(pack=city.pack, code="A16", title="x", why="x", kind="choice", value="includes")
    assert compiled.statement(city.pack, "stay", ON) is not kept
    with translation.override("en"):
        assert compiled.statement(city.pack, "stay", ON) is not compiled.statement(city.pack, "stay", ON + timedelta(1))


def test_several_are_explained_as_each_alone(place):
    city, who = place
    granting.version(city, granting.scheme(city, "more", title="另一项"), conditions=[*granting.ENTERED, MISSING])
    at = staying.station(city, who)
    stays = [
        staying.brought_to("here", city, who, at=at, name=name, number=staying.paper_number(date(1990, 1, n + 1)))
        for n, name in enumerate("甲乙丙")
    ]
    together = explain_all(stays, on=ON)
    for stay in stays:
        alone = explain(stay, on=ON)
        assert [(e.state, e.whole, e.facts, e.parts) for e in together[stay]] == [
            (e.state, e.whole, e.facts, e.parts) for e in alone
        ]


# --- the card ----------------------------------------------------------------------------------


def card_of(stay: Stay, user, *, own: bool = False) -> card.Card:
    return card.of_person(stay.person, subjects_of(stay.person, user, own=own), user, ON, own=own)


def test_a_card_tells_what_was_had_what_is_under_way_and_what_opens(place):
    city, who = place
    parts = [{"number": 1, "opens": "entered_on"}, {"number": 2, "opens": "exited_on"}]
    later = granting.scheme(city, "stay", title="留用", event="entered_on")
    granting.version(city, later, instalments=[parts[0] | {"share": 40}, parts[1] | {"share": 60}])
    row = granting.brought_to("payable", city, who)
    found = card_of(row.stay, who[Role.BUREAU_HANDLER])
    assert found.totals == (0, Decimal(160_000), Decimal(160_000))
    assert [line.title for line in found.under_way] == ["生活补贴"]
    assert [(line.title, line.amount) for line in found.due] == [("留用 第1期", Decimal(64_000))]
    assert [(line.title, line.amount) for line in found.later] == [("留用 第2期", Decimal(96_000))]
    Claim.objects.filter(pk=row.pk).update(status=C.PAID, paid_on=ON)
    paid = card_of(row.stay, who[Role.BUREAU_HANDLER])
    assert paid.totals == (Decimal(160_000), 0, Decimal(160_000))
    assert not any(line.apply for line in paid.due)  # an official claims nothing
    assert [line.apply for line in card_of(row.stay, who[Role.HANDLER]).due] == [("stay", row.stay_id, "stay", 1)]


def test_what_is_missing_is_said_once_with_whom_to_ask(place):
    city, who = place
    for code in ("one", "two"):
        granting.version(city, granting.scheme(city, code, title=code), conditions=[*granting.ENTERED, MISSING])
    stay = staying.brought_to("here", city, who)
    Stay.objects.filter(pk=stay.pk).update(salary=None)
    todos = [t for t in card_of(stay, who[Role.BUREAU_HANDLER]).todos if "年薪" in t.title]
    assert [(t.title, t.text) for t in todos] == [("向设站单位：年薪证明", "关系到：one、two")]


def test_of_schemes_that_share_a_right_the_greater_counts(place):
    city, who = place
    for code, amount in (("stay", 500_000), ("come", 300_000)):
        row = granting.scheme(city, code, title=code, group="settle", event="entered_on")
        granting.version(city, row, amount=Decimal(amount))
    stay = staying.brought_to("here", city, who)
    assert card_of(stay, who[Role.BUREAU_HANDLER]).totals[2] == Decimal(500_000 + 160_000)


def test_what_is_paid_by_the_month_is_possible_to_its_limit_while_it_grows(place):
    city, who = place
    rent = granting.scheme(city, "rent", title="租房")
    about = {"shape": "per", "amount": Decimal(1500), "quantity": "months_in", "quantity_unit": "个月", "limit": 24}
    granting.version(city, rent, instalments=[{"number": 1, "opens": "entered_on", "every": 3}], **about)
    stay = staying.brought_to("here", city, who)
    day = stay.entered_on + timedelta(200)
    found = explain_all([stay], on=day)
    (item,) = [i for i in standing.items_of(found, [], [], day) if i.scheme == rent]
    assert (item.place, item.possible, item.now) == ("open", Decimal(36_000), Decimal(9_000))
    stay.ended_on = day
    (item,) = [i for i in standing.items_of({stay: found[stay]}, [], [], day) if i.scheme == rent]
    assert item.possible == Decimal(9_000)


def test_an_official_sees_no_draft_but_that_there_is_one(place):
    city, who = place
    row = granting.begun(city, who)
    officer, handler = card_of(row.stay, who[Role.BUREAU_HANDLER]), card_of(row.stay, who[Role.HANDLER])
    assert (officer.under_way, officer.totals[2]) == ([], Decimal(160_000))
    assert [line.when for line in officer.due] == ["已备好，由单位或本人确认"]
    assert [line.url for line in handler.under_way] == [row.get_absolute_url()]


def test_the_pages_and_files_of_a_card(place):
    city, who = place
    row = granting.begun(city, who)
    me = granting.person_with_account(row.stay)
    station = row.stay.station.matter.number
    pages = {
        me: ["/card/", "/card/file/"],
        who[Role.HANDLER]: [f"/people/{row.person_id}/card/", f"/stations/{station}/card/file/"],
        who[Role.DISTRICT]: [f"/people/{row.person_id}/card/file/", f"/stations/{station}/card/"],
    }
    for user, urls in pages.items():
        client = signed_in(user)
        for url in urls:
            assert client.get(url).status_code == 200, url
    text = signed_in(me).get("/card/").content.decode()
    assert "160,000" in text
    assert row.get_absolute_url() in text


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def test_a_doctor_has_a_card_and_the_pages_lead_there(city, people):
    row = granting.scheme(city, "come", vocabulary="doctor", event="since", title="来昆")
    full = [{"code": "full", "fact": "full_time", "lookup": "exact", "value": True}]
    granting.version(city, row, conditions=full, instalments=[{"number": 1, "opens": "since"}])
    doctor = rostering.doctor(city, people[Role.HANDLER])
    client = signed_in(people[Role.HANDLER])
    url = f"/people/{doctor.person_id}/card/"
    assert url in client.get(f"/doctors/{doctor.pk}/").content.decode()
    assert "申领" in client.get(url).content.decode()


# --- the few who changed -----------------------------------------------------------------------


def test_a_change_is_swept_for_those_it_concerns_and_prepares_their_claim(place):
    city, who = place
    at = staying.station(city, who)
    mine = staying.brought_to("here", city, who, at=at, number=staying.paper_number(date(1990, 1, 1)))
    other = staying.brought_to("here", city, who, at=at, number=staying.paper_number(date(1991, 1, 1)), name="乙")
    Job.objects.all().delete()
    jobs.ask("recompute", about=[["matter", mine.matter_id]])
    jobs.work_off("recompute")
    assert Entitlement.objects.count() == 0  # nobody was swept yet
    jobs.work_off("sweep_changed")
    assert set(Entitlement.objects.values_list("stay", flat=True)) == {mine.pk}
    assert [c.stay_id for c in Claim.objects.all()] == [mine.pk]
    jobs.ask("recompute")
    jobs.work_off("recompute")
    jobs.work_off("sweep_changed")
    assert set(Entitlement.objects.values_list("stay", flat=True)) == {mine.pk, other.pk}


def test_the_few_are_found_as_everybody_is(place):
    city, who = place
    stay = staying.brought_to("here", city, who)
    sweep(city.pack, on=ON)
    whole = list(Entitlement.objects.values("stay", "right", "met", "amount", "opens_on"))
    sweep(city.pack, on=ON, rows=few([{"about": [["matter", stay.matter_id]]}]))
    assert list(Entitlement.objects.values("stay", "right", "met", "amount", "opens_on")) == whole


def test_who_is_concerned():
    assert few([{"about": []}]) == {}
    assert few([{"about": []}, {}]) is None
    assert few([]) is None


def test_a_step_and_a_told_row_say_whom_they_are_about(city, people):
    Job.objects.all().delete()
    doctor = rostering.doctor(city, people[Role.HANDLER])
    assert Job.objects.filter(kind="recompute").latest("pk").payload == {"about": [["doctor", doctor.pk]]}
    told.confirm(doctor, by=people[Role.DISTRICT], on=ON)
    stay = staying.brought_to("here", city, people)
    assert Job.objects.filter(kind="recompute").latest("pk").payload["about"] == [["matter", stay.matter_id]]


# --- lists and calendar ------------------------------------------------------------------------


def test_who_has_not_claimed_is_listed_until_a_claim_is_prepared(place):
    city, who = place
    stay = staying.brought_to("here", city, who)
    day = localdate()
    sweep(city.pack, on=day)
    officer = who[Role.DISTRICT]
    assert due.due(due.unclaimed(officer), day).count() == 1
    client = signed_in(officer)
    assert str(stay.person) in client.get("/entitlements/").content.decode()
    assert client.post("/entitlements/prepare/").status_code == 302
    assert due.due(due.unclaimed(officer), day).count() == 0
    assert Claim.objects.get().prepared


def test_an_office_prepares_for_its_own_districts_alone(place):
    city, who = place
    staying.brought_to("here", city, who)
    sweep(city.pack, on=localdate())
    stranger = make.user(Role.DISTRICT, district=city.south)
    assert signed_in(stranger).post("/entitlements/prepare/").status_code == 302
    assert Claim.objects.count() == 0


def test_what_is_missing_is_listed_with_whom_to_ask(place):
    city, who = place
    granting.version(city, granting.scheme(city, "one", title="一"), conditions=[*granting.ENTERED, MISSING])
    stay = staying.brought_to("here", city, who)
    Stay.objects.filter(pk=stay.pk).update(salary=None)
    sweep(city.pack, on=localdate())
    page = signed_in(who[Role.DISTRICT]).get("/entitlements/?part=missing").content.decode()
    assert "向设站单位：年薪证明" in page


def test_the_calendar_puts_what_lapses_before_what_opens(place):
    city, who = place
    since = ON
    SchemeVersion.objects.update(window_months=1)
    soon = granting.scheme(city, "soon", title="以后")
    granting.version(city, soon, instalments=[{"number": 1, "opens": "entered_on", "waiting_months": 1}])
    stay = staying.brought_to("here", city, who)
    sweep(city.pack, on=ON)
    rows = due.dated(due.unclaimed(who[Role.DISTRICT]), since, since + timedelta(365))
    end = Entitlement.objects.get(version__scheme__code="living").lapses_on
    assert [(r.kind, r.day) for r in rows] == [
        (0, end - timedelta(1)),
        (1, Entitlement.objects.get(version__scheme__code="soon").opens_on),
    ]
    assert stay.entered_on < end


def test_who_can_claim_hears_of_it_before_it_lapses_and_once(place):
    city, who = place
    Setting.objects.create(pack=city.pack, code="days.stay", title="x", why="x", kind="integer", value=30)
    SchemeVersion.objects.update(window_months=2)
    stay = staying.brought_to("here", city, who)
    me = granting.person_with_account(stay)
    sweep(city.pack, on=stay.entered_on)
    last = Entitlement.objects.get().lapses_on - timedelta(1)
    Notice.objects.all().delete()
    assert reminders.lapses(last - timedelta(31)) == 0
    assert reminders.lapses(last - timedelta(30)) > 0
    assert reminders.lapses(last - timedelta(29)) == 0
    assert Notice.objects.get(user=me).path == "/card/"
    assert not Notice.objects.filter(user=who[Role.DISTRICT]).exists()
    reminders.lapses(last - timedelta(7))
    assert Notice.objects.filter(user=who[Role.DISTRICT]).exists()
    actions.prepare(city.pack, on=stay.entered_on)
    assert reminders.lapses(last) == 0  # claimed by now


# --- the calculator ----------------------------------------------------------------------------


def test_the_calculator_is_asked_what_the_rules_read_and_no_more(kunshan):
    on = date(2026, 11, 20)
    for who, _label in calculator.WHO:
        asked = calculator.rulings_for(kunshan, who)
        questions = calculator.questions_for(who, calculator.answers(asked, kunshan, who, {}, on), {})
        assert 0 < len(questions) < calculator.MOST
        read = {name for ruling in asked for name in ruling.facts()}
        assert all(read & set(q.facts) for q in questions)
    asked = calculator.rulings_for(kunshan, "unit")
    given = {"station": "overseas"}
    found = calculator.answers(asked, kunshan, "unit", given, on)
    assert [a.shape for a in found] == ["unmet"]
    assert [q.code for q in calculator.questions_for("unit", found, given)] == ["station"]  # nothing else matters now


def test_the_calculator_says_what_the_boundary_cases_say(kunshan):
    """The same columns: whatever a case of the pack gives, and the calculator can be told, comes out the same."""
    on = date(2026, 11, 20)
    given = {"entered": date(2025, 1, 1), "mode": "no", "progress": "proposal"}
    asked = calculator.rulings_for(kunshan, "postdoc")
    (living,) = [a for a in calculator.answers(asked, kunshan, "postdoc", given, on) if scheme(a) == "living"]
    facts = {"entered_on": "2025-01-01", "in_service": False, "withdrawn": False}
    assert judge(living.e.version, facts) == (Boundary.Expect.MET, Decimal(160_000))
    assert (living.shape, [when for _p, when in living.parts]) == ("met", ["现在就可以", "中期考核通过日期以后"])
    early = calculator.answers(asked, kunshan, "postdoc", given | {"entered": date(2024, 12, 31)}, on)
    assert "living" not in [scheme(a) for a in early]  # no version was in force
    assert OUTCOME[True] == Boundary.Expect.MET
    assert [case for v in SchemeVersion.objects.all() for case in failures(v)] == []


def scheme(answer) -> str:
    return answer.e.version.scheme.code


def test_fresh_and_scarce_are_made_by_the_database_of_dates_and_lists(kunshan):
    on = date(2026, 11, 20)
    asked = calculator.rulings_for(kunshan, "postdoc")
    given = {
        "entered": date(2026, 3, 1),
        "degree": date(2025, 12, 30),
        "signed": date(2026, 2, 1),
        "discipline": "0812",
    }
    (scarce,) = [a for a in calculator.answers(asked, kunshan, "postdoc", given, on) if scheme(a) == "scarce"]
    assert (scarce.e.facts["fresh"], scarce.e.facts["scarce_major"]) == (True, True)
    (rent,) = [a for a in calculator.answers(asked, kunshan, "postdoc", given, on) if scheme(a) == "rent"]
    assert (rent.e.units, rent.e.whole) == (8, Decimal(12_000))
    late = given | {"signed": date(2030, 1, 1), "discipline": "0101"}
    (scarce,) = [a for a in calculator.answers(asked, kunshan, "postdoc", late, on) if scheme(a) == "scarce"]
    assert (scarce.shape, scarce.e.facts["fresh"], scarce.e.facts["scarce_major"]) == ("unmet", False, False)


def test_the_calculator_is_open_to_everybody_and_bad_input_is_a_sentence(kunshan, client):
    people = Person.objects.count(), Claim.objects.count()
    assert client.get("/calculator/").status_code == 200
    assert client.get("/calculator/?who=somebody").status_code == 422
    answer = client.get("/calculator/?who=postdoc&entered=bald")
    assert answer.status_code == 422
    assert "bald" in answer.content.decode()
    for who, _label in calculator.WHO:
        assert client.get(f"/calculator/?who={who}&entered=2026-03-01&since=2026-03-01").status_code == 200
    assert (Person.objects.count(), Claim.objects.count()) == people
