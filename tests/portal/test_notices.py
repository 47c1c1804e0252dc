"""Who is told what in which language, and that every way of telling is walked once."""

from datetime import date

import pytest
from django.core import mail

from portal import jobs, notices, tasks
from portal.models import Delivery, Event, Job, Matter, Notice, ReturnItem, Role, User, Watch
from stations.applications.lifecycle import application as cycle
from tests import make

ON = make.ON


@pytest.fixture
def case(city, people):
    """An application that waits for its district; nobody has been told anything yet."""
    found = make.brought_to("district", city, people)
    Notice.objects.all().delete()
    Job.objects.all().delete()
    return found


def told():
    return {notice.user for notice in Notice.objects.select_related("user")}


def refuse(case, by, **values):
    return cycle.move(case, "refuse", by=by, on=ON, note="不符合", **values)


# --- who ---------------------------------------------------------------------------------------


def test_the_enterprise_hears_of_what_an_official_does(case, people):
    refuse(case, people[Role.DISTRICT])
    assert told() == {people[Role.HANDLER], people[Role.CERTIFIER]}


def test_who_acts_is_not_told(case, people):
    cycle.move(case, "withdraw", by=people[Role.HANDLER], on=ON)
    assert told() == set()


def test_officials_hear_nothing_before_it_is_handed_in(city, people):
    draft = make.filled(city, people[Role.HANDLER])
    Watch.objects.create(user=people[Role.AUDITOR], matter=draft.matter)
    case = cycle.move(draft, "to_certify", by=people[Role.HANDLER], on=ON)
    assert told() == {people[Role.CERTIFIER]}
    cycle.move(case, "decline", by=people[Role.CERTIFIER], on=ON, note="再看看")
    assert told() == {people[Role.CERTIFIER], people[Role.HANDLER]}


def test_who_follows_a_case_is_told_once_even_in_two_roles(case, people):
    Watch.objects.create(user=people[Role.CERTIFIER], matter=case.matter)
    Watch.objects.create(user=people[Role.AUDITOR], matter=case.matter)
    refuse(case, people[Role.DISTRICT])
    assert Notice.objects.count() == 3
    assert told() == {people[Role.HANDLER], people[Role.CERTIFIER], people[Role.AUDITOR]}


@pytest.mark.parametrize("how", ["the role ended", "the account was closed", "never had a role"])
def test_who_may_not_see_a_case_any_more_hears_nothing_of_it(how, case, city, people):
    watcher = people["nobody"] if how == "never had a role" else make.user(Role.AUDITOR, district=city.root)
    Watch.objects.create(user=watcher, matter=case.matter)
    if how == "the role ended":
        watcher.appointments.update(until=date(2021, 1, 1))
    if how == "the account was closed":
        User.objects.filter(pk=watcher.pk).update(is_active=False)
    refuse(case, people[Role.DISTRICT])
    assert told() == {people[Role.HANDLER], people[Role.CERTIFIER]}


def test_what_the_system_does_is_told_to_those_whose_turn_it_is(case, people):
    event = Event.objects.create(matter=case.matter, round=2, action="recommend", source="x", target="y", on=ON)
    notices.tell(case.matter, event, cycle)
    assert told() == {people[Role.DISTRICT]}


# --- words -------------------------------------------------------------------------------------


def test_a_notice_says_number_step_stage_and_what_to_do(case, people):
    items = [ReturnItem(target=f"field:{n}", label=n, code="R01") for n in ("project", "innovation")]
    case = cycle.move(case, "return", by=people[Role.DISTRICT], on=ON, items=items)
    text = Notice.objects.get(user=people[Role.HANDLER]).text
    assert text == (
        f"{case.matter.number} 申报设立国家级博士后科研工作站：退回补正，现为“退回补正”，请改 2 处后交回，2026-06-15 前办结"
    )


def test_everybody_reads_their_own_language(case, people):
    User.objects.filter(pk=people[Role.HANDLER].pk).update(language="en")
    refuse(case, people[Role.DISTRICT])
    number = case.matter.number
    assert dict(Notice.objects.values_list("user__language", "text")) == {
        "zh-hans": f"{number} 申报设立国家级博士后科研工作站：不予推荐，现为“不予推荐”",
        "en": f"{number} Application: 设立国家级博士后科研工作站: Not recommended, now “Not recommended”",
    }


def test_a_long_title_is_cut(case, people):
    Matter.objects.filter(pk=case.matter_id).update(title="长" * 160)
    refuse(case, people[Role.DISTRICT])
    assert max(len(n.text) for n in Notice.objects.all()) <= 300


# --- deliveries --------------------------------------------------------------------------------


def reachable(user, *, email="a@example.com", phone="13800138000"):
    User.objects.filter(pk=user.pk).update(email=email, phone=phone)
    return user


def waiting(user, **values):
    """A notice for somebody, about to be carried out."""
    reachable(user, **values).refresh_from_db()
    notice = Notice(user=user, text="测试通知")
    notices.deliver([notice], urgent=True)
    return notice


def channels():
    return list(Delivery.objects.order_by("pk").values_list("channel", flat=True))


@pytest.mark.parametrize(
    ("email", "phone", "urgent", "by"),
    [
        ("a@example.com", "13800138000", True, ["mail", "sms"]),
        ("a@example.com", "13800138000", False, ["mail"]),
        ("", "13800138000", True, ["sms"]),
        ("", "13800138000", False, []),
        ("a@example.com", "", True, ["mail"]),
        ("", "", True, []),
    ],
)
def test_mail_wherever_there_is_an_address_and_sms_for_what_cannot_wait(email, phone, urgent, by, people):
    user = reachable(people["nobody"], email=email, phone=phone)
    user.refresh_from_db()
    notices.deliver([Notice(user=user, text="测试通知")], urgent=urgent)
    assert channels() == by
    assert Job.objects.filter(kind="deliver").count() == bool(by)


@pytest.mark.parametrize(
    ("action", "urgent"), [("recommend", False), ("return", True), ("refuse", True)], ids=["on", "back", "over"]
)
def test_what_comes_back_or_ends_is_urgent(action, urgent, case, people):
    reachable(people[Role.HANDLER])
    make.judge_all(case, people[Role.DISTRICT])
    item = ReturnItem(target="field:project", label="项目", code="R01")
    items = [item] if action == "return" else []
    cycle.move(case, action, by=people[Role.DISTRICT], on=ON, note="理由", items=items)
    mine = Delivery.objects.filter(notice__user=people[Role.HANDLER]).order_by("pk")
    assert list(mine.values_list("channel", flat=True)) == ["mail", "sms"][: 1 + urgent]


def test_a_notice_is_carried_once_by_each_way(people, telephones):
    waiting(people["nobody"])
    jobs.work_off()
    jobs.ask("deliver")
    jobs.work_off()
    tasks.beat()
    assert [(m.to, m.subject, m.body) for m in mail.outbox] == [(["a@example.com"], "测试通知", "测试通知")]
    assert telephones.took == [("13800138000", "测试通知")]
    assert Delivery.objects.filter(sent_at=None).count() == 0
    assert Job.objects.filter(kind="deliver").order_by("pk").first().result == {"sent": 2}


def test_a_text_without_a_gateway_goes_nowhere_and_the_log_names_four_digits(people, caplog):
    waiting(people["nobody"], email="")
    with caplog.at_level("INFO", logger="portal.sms"):
        jobs.work_off()
    assert [r.getMessage() for r in caplog.records if r.name == "portal.sms"] == [
        "SMS to …8000 (4 characters): no gateway is configured"
    ]


def test_a_gateway_that_fails_is_tried_again_with_every_bell_up_to_five_times(people, telephones):
    waiting(people["nobody"], email="")
    telephones.broken["13800138000"] = OSError("busy")
    for _minute in range(7):
        tasks.beat()
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.sent_at, delivery.error) == (5, None, "OSError: busy")
    assert Job.objects.filter(kind="deliver", state=Job.State.WAITING).count() == 0


def test_a_gateway_that_comes_back_carries_what_waited(people, telephones):
    waiting(people["nobody"], email="")
    telephones.broken["13800138000"] = OSError("busy")
    tasks.beat()
    telephones.broken.clear()
    tasks.beat()
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.error, delivery.sent_at.date()) == (2, "", delivery.notice.created_at.date())
    assert telephones.took == [("13800138000", "测试通知")]


@pytest.mark.parametrize("error", [OSError("refused"), ValueError("no such number")], ids=["network", "anything else"])
def test_one_bad_number_stops_nobody_else(error, people, telephones):
    waiting(people["nobody"], email="", phone="13800000001")
    waiting(people[Role.AUDITOR], email="", phone="13800000002")
    telephones.broken["13800000001"] = error
    jobs.work_off()
    assert telephones.took == [("13800000002", "测试通知")]
    assert list(Delivery.objects.order_by("pk").values_list("attempts", "error")) == [
        (1, f"{type(error).__name__}: {error}"),
        (1, ""),
    ]


def test_a_line_break_in_a_name_stops_no_mail(case, people):
    """Names come from forms; a subject of two lines is something no mail may have."""
    Matter.objects.filter(pk=case.matter_id).update(title="第一行\n第二行")
    reachable(people[Role.HANDLER], phone="")
    refuse(case, people[Role.DISTRICT])
    jobs.work_off("deliver")
    assert [m.subject for m in mail.outbox] == [f"{case.matter.number} 第一行 第二行：不予推荐，现为“不予推荐”"]


def test_a_mail_server_that_is_away_is_tried_again(people, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    waiting(people["nobody"], phone="")
    jobs.work_off()
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.error) == (1, "ConnectionRefusedError: [Errno 111] Connection refused")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.beat()
    assert [m.to for m in mail.outbox] == [["a@example.com"]]


def test_nothing_is_asked_for_when_nothing_waits(db):
    notices.ask_again()
    assert Job.objects.count() == 0


def test_a_delivery_that_another_worker_has_carried_is_left_alone(people, telephones):
    """Between making the list and locking the row: it is looked at again under the lock."""
    waiting(people["nobody"], email="")
    first, second = Delivery.objects.get(), Job(kind="deliver")
    assert notices.carry(first) is True
    assert notices.send_waiting(second) == {"sent": 0}
    assert len(telephones.took) == 1
