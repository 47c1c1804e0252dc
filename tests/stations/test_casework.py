"""What came to a case beside its steps: the page with the seal, visits on site, hand-overs, copies, the promise kept."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from portal import claims, presence
from portal.facts import Criterion, Lookup
from portal.lifecycle import NotYours, Refused
from portal.models import Confirmation, Event, Evidence, Guard, Matter, Notice, ReturnItem, Revision, Role, Setting
from stations.applications import actions, facts, lifecycle, progress
from stations.applications.models import STAMP
from stations.models import Answer, Application, Phrase, SiteVisit
from tests import make
from tests.threads import at_once

ON = make.ON
DAY = timedelta(1)


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def met(case, name, lookup, value, on=ON):
    (finding,) = facts.application.findings(case, [Criterion(name, lookup, value, "x")], on=on)
    return finding.met


# --- the page with the seal --------------------------------------------------------------------


@pytest.fixture
def by_page(city):
    """The same city, where a page with the seal vouches for a submission."""
    Setting.objects.create(
        pack=city.pack, code="certify", title="x", why="x", kind="choice", options={"page": "x", "account": "x"},
        value="page",
    )  # fmt: skip
    return city


def sealed(case, who):
    paper = make.file(case.matter.organisation, who[Role.HANDLER])
    return actions.stamp(case, paper, by=who[Role.HANDLER])


def test_the_city_says_who_vouches(by_page, people):
    assert make.draft(by_page, people[Role.HANDLER]).signing == "page"
    Setting.objects.update(value="account")
    assert make.draft(by_page, people[Role.HANDLER], kind=by_page.own).signing == "account"


def test_the_handler_alone_submits_with_the_page(by_page, people):
    case, handler = make.filled(by_page, people[Role.HANDLER]), people[Role.HANDLER]
    assert [s.action for s in lifecycle.application.possible(case, handler)] == ["submit", "withdraw"]
    assert lifecycle.application.possible(case, people[Role.CERTIFIER])[0].action == "withdraw"
    with pytest.raises(Refused, match="盖章页"):
        actions.certify(case, by=handler, on=ON)
    assert met(case, "stamped", Lookup.IS, True) is False
    evidence = sealed(case, people)
    assert met(case, "stamped", Lookup.IS, True) is True
    case = actions.certify(case, by=handler, on=ON)
    assert case.status == "district"
    assert Revision.objects.get().data["slot"][STAMP] == [str(evidence.file_id)]


def test_each_submission_needs_a_new_page(by_page, people):
    case = make.filled(by_page, people[Role.HANDLER])
    sealed(case, people)
    case = actions.certify(case, by=people[Role.HANDLER], on=ON)
    items = [ReturnItem(target="field:project", label="项目", code="R01")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], items=items)
    actions.mended(case, "field:project")
    with pytest.raises(Refused, match="盖章页"):
        actions.certify(case, by=people[Role.HANDLER], on=ON)
    sealed(case, people)
    assert actions.certify(case, by=people[Role.HANDLER], on=ON).status == "district"


def test_a_newer_page_takes_the_place_of_the_older(by_page, people):
    case = make.filled(by_page, people[Role.HANDLER])
    sealed(case, people)
    newer = sealed(case, people)
    assert [e.pk for e in Evidence.objects.filter(slot=STAMP, removed_at=None)] == [newer.pk]


def test_where_an_account_vouches_no_page_is_taken(city, people):
    with pytest.raises(Refused, match="不用上传盖章页"):
        sealed(make.filled(city, people[Role.HANDLER]), people)


def test_the_whole_way_by_page_in_the_browser(by_page, people):
    case = make.filled(by_page, people[Role.HANDLER])
    client, url = reader(people[Role.HANDLER]), f"/applications/{case.matter.number}/"
    page = client.get(f"{url}parts/check/").content.decode()
    assert "单位盖章并提交" in page
    assert "送单位审核人" not in page
    assert client.post(f"{url}slots/{STAMP}/", {"file": make.upload()}).status_code == 302
    assert client.post(f"{url}certify/", {}).status_code == 302
    assert Application.objects.get().status == "draft"
    evidence = Evidence.objects.get(slot=STAMP)
    assert client.post(f"{url}files/{evidence.pk}/remove/").status_code == 302
    assert client.post(f"{url}slots/{STAMP}/", {}).status_code == 302  # nothing chosen: told
    assert client.post(f"{url}slots/{STAMP}/", {"file": make.upload()}).status_code == 302
    client.post(f"{url}certify/", {"truthful": "on"})
    assert Application.objects.get().status == "district"
    officer = reader(people[Role.DISTRICT])
    typed = {"on-slot:stamp.page": "on", "code-slot:stamp.page": "R04", "note-slot:stamp.page": "公章不清"}
    assert officer.post(f"{url}return/", typed).status_code == 302
    assert "公章不清" in client.get(url).content.decode()
    client.post(f"{url}slots/{STAMP}/", {"file": make.upload()})
    client.post(f"{url}certify/", {"truthful": "on"})
    assert Application.objects.get().status == "district"


# --- visits on site ----------------------------------------------------------------------------


def visited(case, by, on=ON, **values):
    return actions.record_visit(case, SiteVisit(visited_on=on, visitors="甲", findings="属实"), by=by, on=ON, **values)


def test_a_visit_counts_from_its_day(city, people):
    case = make.brought_to("district", city, people)
    assert met(case, "site_visits", Lookup.AT_LEAST, 1) is False
    visited(case, people[Role.DISTRICT])
    assert met(case, "site_visits", Lookup.AT_LEAST, 1) is True
    assert met(case, "site_visits", Lookup.AT_LEAST, 1, on=ON - DAY) is False


def test_a_pack_may_require_a_visit(city, people):
    Guard.objects.create(
        pack=city.pack, lifecycle="application", action="recommend", fact="site_visits", lookup="gte", value=1,
        clause=city.clause,
    )  # fmt: skip
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match="实地考察"):
        make.step(case, "recommend", people)
    visited(case, people[Role.DISTRICT])
    assert make.step(case, "recommend", people).status == "bureau"


@pytest.mark.parametrize("role", [Role.BUREAU_HANDLER, "other_district", Role.HANDLER], ids=str)
def test_only_the_district_that_has_the_case_writes_a_visit(role, city, people):
    with pytest.raises(Refused):
        visited(make.brought_to("district", city, people), people[role])


def test_a_visit_of_tomorrow_is_refused(city, people):
    with pytest.raises(Refused, match="在今天之后"):
        visited(make.brought_to("district", city, people), people[Role.DISTRICT], on=ON + DAY)


def test_a_visit_is_written_down_with_its_file_and_read_beside_the_case(city, people):
    case = make.brought_to("district", city, people)
    client, url = reader(people[Role.DISTRICT]), f"/applications/{case.matter.number}/"
    typed = {"visited_on": localdate().isoformat(), "visitors": "甲、乙", "findings": "场地属实"}
    assert client.get(f"{url}visits/").status_code == 200
    assert client.post(f"{url}visits/", {}).status_code == 422
    assert client.post(f"{url}visits/", typed | {"paper": make.upload("x.exe", b"MZ", "x")}).status_code == 422
    assert client.post(f"{url}visits/", typed | {"visited_on": "2999-01-01"}).status_code == 422
    assert not SiteVisit.objects.exists()
    assert client.post(f"{url}visits/", typed | {"paper": make.upload()}).status_code == 302
    row = SiteVisit.objects.get()
    assert "场地属实" in client.get(url).content.decode()
    file = reader(people[Role.BUREAU_HANDLER]).get(row.file.get_absolute_url())
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    again = make.step(case, "return", people, by=people[Role.DISTRICT],
                      items=[ReturnItem(target="field:project", label="x", code="R01")])  # fmt: skip
    assert "visit.file" not in lifecycle.snapshot(again)["slot"]


# --- who has it in hand ------------------------------------------------------------------------


def test_an_office_of_one_is_shown_nothing(city, people):
    case = make.brought_to("district", city, people)
    assert claims.holding(case.matter, people[Role.DISTRICT]) is None
    assert "我来办" not in reader(people[Role.DISTRICT]).get(case.get_absolute_url()).content.decode()


@pytest.fixture
def colleague(city, people):
    return make.user(Role.DISTRICT, district=city.north)


def test_claimed_passed_on_and_left_to_all(city, people, colleague):
    case, first = make.brought_to("district", city, people), people[Role.DISTRICT]
    claims.hand(case.matter, "claim", by=first, on=ON)
    with pytest.raises(Refused, match="接手"):
        claims.hand(case.matter, "claim", by=colleague, on=ON)
    claims.hand(case.matter, "pass_on", by=first, on=ON, to=colleague, note="休假")
    assert Matter.objects.get(pk=case.matter_id).claimed_by == colleague
    assert "休假" in Notice.objects.get(user=colleague, matter=case.matter, text__contains="转交").text
    claims.hand(case.matter, "release", by=first, on=ON)
    assert Matter.objects.get(pk=case.matter_id).claimed_by is None
    assert [e.action for e in Event.objects.filter(matter=case.matter).order_by("-pk")[:3]] == [
        *("release", "pass_on", "claim")
    ]


@pytest.mark.parametrize("role", [Role.BUREAU_HANDLER, Role.AUDITOR, "other_district", Role.HANDLER], ids=str)
def test_nobody_takes_what_isnt_theirs(role, city, people, colleague):
    case = make.brought_to("district", city, people)
    with pytest.raises(NotYours):
        claims.hand(case.matter, "claim", by=people[role], on=ON)
    if role != "other_district":  # to whom it isn't there at all
        answer = reader(people[role]).post(f"/matters/{case.matter.number}/hand/", {"do": "claim"})
        assert answer.status_code == 403
    with pytest.raises(Refused, match="同事"):
        claims.hand(case.matter, "pass_on", by=colleague, on=ON, to=people[role])


def test_a_step_leaves_it_free_for_the_next_office(city, people, colleague):
    case = make.brought_to("district", city, people)
    claims.hand(case.matter, "claim", by=people[Role.DISTRICT], on=ON)
    case = make.step(case, "recommend", people)
    assert case.matter.claimed_by is None


def test_it_says_who_has_it_but_stops_nobody(city, people, colleague):
    case = make.brought_to("district", city, people)
    claims.hand(case.matter, "claim", by=colleague, on=ON)
    assert make.step(case, "recommend", people).status == "bureau"


def test_the_list_says_who_and_can_be_narrowed_to_mine(city, people, colleague):
    mine, other = make.brought_to("district", city, people), make.filled(city, people[Role.HANDLER], kind=city.own)
    make.step(make.step(other, "to_certify", people), "submit", people)
    client = reader(colleague)
    assert "在我手里" not in client.get("/work/").content.decode()
    client.post(f"/matters/{mine.matter.number}/hand/", {"do": "claim"})
    page = client.get("/work/").content.decode()
    assert colleague.name in page
    assert other.matter.number in page
    narrowed = client.get("/work/?mine=1").content.decode()
    assert mine.matter.number in narrowed
    assert other.matter.number not in narrowed


def test_one_handler_hands_a_draft_over_to_another(city, people):
    case = make.filled(city, people[Role.HANDLER])
    heir = make.user(Role.HANDLER, organisation=city.enterprise.organisation)
    client = reader(people[Role.HANDLER])
    assert "转交" in client.get(case.get_absolute_url()).content.decode()
    url = f"/matters/{case.matter.number}/hand/"
    assert client.post(url, {"do": "pass_on", "to": heir.pk, "note": "调岗"}).status_code == 302
    assert Matter.objects.get(pk=case.matter_id).claimed_by == heir
    for wrong in ({"do": "x"}, {"do": "pass_on", "to": "x"}, {"do": "pass_on", "to": "9" * 12}, {}):
        assert client.post(url, wrong).status_code == 302
    assert Matter.objects.get(pk=case.matter_id).claimed_by == heir
    assert "转给" in reader(heir).get(case.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_take_it_at_once_make_one_event_and_one_refusal():
    city = make.city()
    who = make.people(city)
    case = make.brought_to("district", city, who)
    rivals = [make.user(Role.DISTRICT, district=city.north) for _n in range(2)]
    outcomes = at_once(*(lambda by=by: claims.hand(case.matter, "claim", by=by, on=ON) for by in rivals))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Matter", "Refused"]
    assert Event.objects.filter(matter=case.matter, action="claim").count() == 1


# --- who else is looking -----------------------------------------------------------------------


def test_the_others_who_look_are_named_for_a_minute(city, people, monkeypatch):
    case = make.brought_to("district", city, people)
    presence.store().delete(f"looking:{case.matter_id}")
    assert presence.looking(case.matter, people[Role.DISTRICT]) == []
    assert presence.looking(case.matter, people[Role.BUREAU_HANDLER]) == [people[Role.DISTRICT].name]
    page = reader(people[Role.BUREAU_HANDLER]).get(f"/matters/{case.matter.number}/present/").content.decode()
    assert people[Role.DISTRICT].name in page
    monkeypatch.setattr(presence, "SECONDS", -1)
    assert presence.looking(case.matter, people[Role.AUDITOR]) == []


def test_without_redis_nobody_is_seen(city, people, monkeypatch):
    import redis

    case = make.brought_to("district", city, people)
    monkeypatch.setattr(presence, "store", lambda: redis.Redis(port=1, socket_connect_timeout=0.2))
    assert presence.looking(case.matter, people[Role.DISTRICT]) == []
    assert reader(people[Role.DISTRICT]).get(case.get_absolute_url()).status_code == 200


# --- the promise -------------------------------------------------------------------------------


def promise(case, on):
    return progress.promise_of(Application.objects.for_page(case.matter.opener).get(pk=case.pk), on=on)


def test_the_promise_rests_while_the_enterprise_mends(city, people):
    friday = date(2026, 6, 5)
    case = make.brought_to("district", city, people)  # on Monday, 1 June
    assert promise(case, ON + 2 * DAY)["said"] == "承诺 5 日，已用 2 日"
    items = [ReturnItem(target="field:project", label="x", code="R01")]
    case = make.step(case, "return", people, by=people[Role.DISTRICT], on=ON + 2 * DAY, items=items)
    resting = promise(case, friday)
    assert (resting["used"], resting["paused"], resting["said"]) == (2, True, "承诺 5 日，已用 2 日，补正期间暂停")
    actions.mended(case, "field:project")
    case = make.step(make.step(case, "to_certify", people, on=friday), "submit", people, on=friday)
    assert promise(case, friday + 3 * DAY)["used"] == 3  # Monday


def test_where_nobody_promised_there_is_no_bar(city, people):
    assert promise(make.filled(city, people[Role.HANDLER]), ON) is None


# --- last year's -------------------------------------------------------------------------------


def test_a_draft_is_filled_from_the_last_application_where_it_is_empty(city, people):
    handler = people[Role.HANDLER]
    before = make.step(make.filled(city, handler), "withdraw", people, by=handler)
    case = make.draft(city, handler)
    Application.objects.filter(pk=case.pk).update(project="新的项目")
    condition = city.upward.conditions.get(code="basic-1")
    actions.answer(case, condition, claimed=False, statement="不同了")
    client = reader(handler)
    assert before.matter.number in client.get(case.get_absolute_url()).content.decode()
    assert client.post(f"/applications/{case.matter.number}/copy/").status_code == 302
    case.refresh_from_db()
    assert (case.project, case.partner, case.classified) == ("新的项目", "某大学", None)
    said = dict(Answer.objects.filter(application=case).values_list("condition__code", "claimed"))
    assert said == {"basic-1": False, "basic-2": True, "rec-1": True}
    assert Evidence.objects.filter(matter=case.matter).count() == 3
    client.post(f"/applications/{case.matter.number}/copy/")
    assert Evidence.objects.filter(matter=case.matter).count() == 3  # once more fills in nothing more


def test_without_an_earlier_one_there_is_nothing_to_copy(city, people):
    case = make.draft(city, people[Role.HANDLER])
    client = reader(people[Role.HANDLER])
    assert "从上次申报复制" not in client.get(case.get_absolute_url()).content.decode()
    assert client.post(f"/applications/{case.matter.number}/copy/").status_code == 404


def test_nothing_is_copied_into_what_is_handed_in_or_from_another_enterprise(city, people):
    handler = people[Role.HANDLER]
    before = make.step(make.filled(city, handler), "withdraw", people, by=handler)
    case = make.brought_to("district", city, people)
    with pytest.raises(Refused, match="只有草稿"):
        actions.copy_from(case, before, by=handler)
    rival, them = make.people_of(city, make.enterprise(city.south), people)
    with pytest.raises(Refused, match="只有草稿"):
        actions.copy_from(make.draft(rival, them[Role.HANDLER]), before, by=them[Role.HANDLER])


# --- opinions from a list ----------------------------------------------------------------------


def test_phrases_are_offered_and_one_may_be_picked_without_scripts(city, people):
    Phrase.objects.create(pack=city.pack, code="x", verdict="unmet", text="材料不能证明。")
    case = make.brought_to("district", city, people)
    client, url = reader(people[Role.DISTRICT]), f"/applications/{case.matter.number}/"
    assert 'data-phrase="材料不能证明。"' in client.get(url).content.decode()
    client.post(f"{url}verdict/basic-1/", {"verdict": "unmet", "note": "见第3页。", "phrase": "材料不能证明。"})
    assert Confirmation.objects.get().note == "见第3页。材料不能证明。"
    assert "data-phrase" not in reader(people[Role.AUDITOR]).get(url).content.decode()
