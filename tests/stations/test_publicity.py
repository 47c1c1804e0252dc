"""What is public may be read by anybody, objected to while it is public, and isn't decided before it was answered."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import localdate

from portal.lifecycle import Refused
from portal.models import Notice, Role
from stations.evaluation import actions as evaluation_actions
from stations.evaluation import facts
from stations.evaluation import lifecycle as life
from stations.models import Evaluation, Objection
from stations.publicity import actions as publicity
from stations.publicity.matters import PUBLICATIONS
from tests import make
from tests.queries.counting import counted, signed_in
from tests.reading import Visitor
from tests.stations import evaluating

ON, DAY = make.ON, timedelta(1)
SAID = {"name": "张先生", "contact": "13900001111", "reason": "某单位的数据不对"}


def public(city, who, since=ON) -> Evaluation:
    """A round of one station that is public from a day on."""
    station = make.station(city, who[Role.BUREAU_APPROVER], owner=city.enterprise, approved_on=date(2020, 1, 2))
    round_ = evaluating.started(city, who)
    evaluating.brought(round_.sheets.get(station=station), "scored", who)
    round_ = evaluating.step(evaluating.step(round_, "end_reports", who), "begin_review", who)
    places, _quota = life.proposal(round_)
    evaluation_actions.decide(round_, {p.sheet.pk: (p.proposed, "") for p in places})
    return evaluating.step(round_, "publicise", who, on=since)


def address(round_, more="") -> str:
    return f"/publicity/{round_.matter.number}/{more}"


def objected(round_, who=None, on=ON, origin="1.2.3.4", **values) -> Objection:
    row = Objection(**(SAID | values))
    return publicity.record(round_, row, on=on, by=who, address=origin)


def test_anybody_reads_what_is_public_and_nothing_before(city, people):
    assert "现在没有公示" in Visitor().go("/publicity/").text
    round_ = public(city, people, since=localdate())
    page = Visitor().go("/publicity/")
    assert str(round_) in page.text
    assert "公示中" in page.text
    page.go(address(round_))
    assert city.enterprise.organisation.name in page.text
    assert "合格" in page.text
    assert "0512-00000000" in page.text
    Evaluation.objects.update(status="review")
    assert Visitor().go(address(round_)).status == 404
    assert str(round_) not in Visitor().go("/publicity/").text


def test_anybody_objects_and_the_bureau_answers_before_it_goes_on(city, people):
    round_ = public(city, people)
    Evaluation.objects.update(publicity_since=localdate() - DAY, publicity_until=localdate())
    page = Visitor().go(address(round_)).press("提出异议", **SAID)
    assert "已收到您的异议" in page.told[0]
    row = Objection.objects.get()
    assert (row.recorded_by, row.received_on, len(row.origin)) == (None, localdate(), 32)
    assert "张先生" not in page.go(address(round_)).text
    assert Notice.objects.filter(user=people[Role.BUREAU_APPROVER], text__contains="异议").exists()
    Evaluation.objects.update(publicity_since=ON, publicity_until=ON + 7 * DAY)
    Objection.objects.update(received_on=ON)
    paper = {"document": "测〔2026〕20号", "document_on": "2026-06-15"}
    with pytest.raises(Refused, match="异议"):
        evaluating.step(round_, "publish", people, on=date(2026, 6, 20), details=paper)
    bureau = Visitor(people[Role.BUREAU_HANDLER]).go(round_.get_absolute_url())
    assert "1 件公示异议没有答复" in bureau.text
    bureau.go(f"/evaluations/{round_.matter.number}/objections/")
    assert "13900001111" in bureau.text
    assert bureau.press("记下答复").told == ["请写明核查情况和答复。"]
    bureau.press("记下答复", answer="经核查数据属实，已电话答复。")
    Objection.objects.update(answered_on=ON + DAY)
    round_ = evaluating.step(round_, "publish", people, on=date(2026, 6, 20), details=paper)
    assert round_.status == "published"
    with pytest.raises(Refused, match="不能再改"):
        publicity.answer(Objection.objects.get(), text="x", by=people[Role.BUREAU_HANDLER], on=ON)


@pytest.mark.parametrize(("offset", "taken"), [(-1, False), (0, True), (7, True), (8, False)], ids=str)
def test_objections_are_taken_from_the_first_day_to_the_last(offset, taken, city, people):
    round_ = public(city, people)
    assert round_.publicity_until == ON + 7 * DAY
    assert PUBLICATIONS["evaluation"].takes(round_, ON + offset * DAY) is taken
    if taken:
        assert objected(round_, on=ON + offset * DAY).pk
    else:
        with pytest.raises(Refused, match="公示已经结束"):
            objected(round_, on=ON + offset * DAY)


def test_one_address_does_not_flood_the_bureau(city, people):
    round_ = public(city, people)
    for _n in range(publicity.AT_ONCE):
        objected(round_)
    with pytest.raises(Refused, match="太频繁"):
        objected(round_)
    assert objected(round_, origin="5.6.7.8").pk
    assert objected(round_, people[Role.BUREAU_HANDLER], received_on=ON).pk


def test_nor_do_many(city, people, monkeypatch):
    monkeypatch.setattr(publicity, "UNANSWERED", 1)
    round_ = public(city, people)
    objected(round_)
    with pytest.raises(Refused, match="太多"):
        objected(round_, origin="5.6.7.8")


@pytest.mark.parametrize("name", ["name", "contact", "reason"])
def test_what_is_missing_is_told_and_what_was_typed_stays(name, city, people):
    round_ = public(city, people, since=localdate())
    answer = Client().post(address(round_), SAID | {name: ""})
    assert answer.status_code == 422
    assert "必填" in answer.content.decode()
    assert all(value in answer.content.decode() for key, value in SAID.items() if key != name)
    assert not Objection.objects.exists()


def test_the_bureau_writes_down_a_letter_with_its_paper(city, people):
    round_ = public(city, people)
    Evaluation.objects.update(publicity_since=localdate() - DAY, publicity_until=localdate())
    client = Client()
    client.force_login(people[Role.BUREAU_HANDLER], "portal.accounts.Backend")
    url, typed = f"/evaluations/{round_.matter.number}/objections/", SAID | {"received_on": localdate().isoformat()}
    assert client.post(url, typed | {"received_on": "2999-01-01"}).status_code == 422
    assert client.post(url, typed | {"paper": make.upload("x.exe", b"MZ", "x")}).status_code == 422
    assert not Objection.objects.exists()
    assert client.post(url, typed | {"paper": make.upload("来信.pdf")}).status_code == 302
    row = Objection.objects.get()
    assert row.recorded_by == people[Role.BUREAU_HANDLER]
    assert b"".join(client.get(f"{url}{row.pk}/file/").streaming_content).startswith(b"%PDF")
    assert client.get(row.file.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"), [(Role.AUDITOR, 200), (Role.DISTRICT, 403), (Role.HANDLER, 403)], ids=str
)
def test_who_objected_is_for_the_bureau(person, status, city, people):
    round_ = public(city, people)
    objected(round_)
    client = Client()
    client.force_login(people[person], "portal.accounts.Backend")
    url = f"/evaluations/{round_.matter.number}/objections/"
    assert client.get(url).status_code == status
    assert client.post(f"{url}{Objection.objects.get().pk}/", {"answer": "x"}).status_code == 403
    assert "公示异议" not in client.get("/evaluations/", follow=True).content.decode() or status == 200


def test_the_database_wants_a_whole_answer(city, people):
    row = objected(public(city, people))
    for values in ({"answer": "x"}, {"answer": "x", "answered_on": ON - DAY, "answered_by": people[Role.DISTRICT]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**values)


def test_its_pages_take_as_many_queries_for_one_row_as_for_three(city, people):
    round_ = public(city, people)
    Evaluation.objects.update(publicity_since=localdate(), publicity_until=localdate())
    urls = {
        "list": "/publicity/",
        "round": address(round_),
        "objections": f"/evaluations/{round_.matter.number}/objections/",
    }
    client = signed_in(people[Role.BUREAU_HANDLER])
    due = {"list": 6, "round": 7, "objections": 6}
    for number in range(3):
        Objection.objects.create(
            matter=round_.matter, received_on=localdate(), answer="x", answered_on=localdate(),
            answered_by=people[Role.DISTRICT], **SAID,
        )  # fmt: skip
        sheet = round_.sheets.first()
        if number:
            owner = make.enterprise(city.north)
            matter = make.draft(make.people_of(city, owner, people)[0], people[Role.HANDLER]).matter
            station = make.station(city, people[Role.BUREAU_APPROVER], owner=owner, approved_on=date(2020, 1, 2))
            round_.sheets.create(
                matter=matter, station=station, status="scored", grade=sheet.grade, final_score=sheet.final_score
            )
        if number in (0, 2):
            assert counted(client, urls) == due


def test_an_objection_is_open_from_its_day_until_the_day_of_its_answer(city, people):
    round_ = public(city, people)

    def waiting(on):
        (row,) = facts.evaluation.table(Evaluation.objects.filter(pk=round_.pk), ["objections_open"], on=on)
        return row["fact_objections_open"]

    row = objected(round_, on=ON + DAY)
    publicity.answer(row, text="数据无误", by=people[Role.BUREAU_HANDLER], on=ON + 3 * DAY)
    assert [waiting(ON + n * DAY) for n in range(5)] == [0, 1, 1, 0, 0]
