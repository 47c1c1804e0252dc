"""Saved views: a list's filters under a name of one's own; one of them opens the list."""

import html
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal import saved
from portal.models import Role, SavedView
from stations.models import ApplicationStatus
from tests import make
from tests.reading import Visitor

LIST = "/applications/"
NORTH = "q=TE&status=district"


def kept(user, name: str = "北区", **values) -> SavedView:
    return SavedView.objects.create(**{"user": user, "path": LIST, "query": NORTH, "name": name} | values)


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def keeping(page: str) -> str:
    """Where the filters of a page get a name."""
    return html.unescape(re.search(r'href="(/views/new/[^"]+)"', page)[1])


@pytest.fixture
def officer(city, people):
    return people[Role.DISTRICT]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("status=district&q=TE", NORTH),
        ("q=&district=", ""),
        ("page=3&all=1&q=TE", "q=TE"),
        ("status=b&status=a&q=%E5%8C%97", "q=%E5%8C%97&status=a&status=b"),
        ("q=+", ""),
    ],
    ids=["order", "blank", "page", "several", "a space"],
)
def test_filters_are_written_in_one_way(text, query):
    assert saved.query_of(text) == query


def test_filters_get_a_name_and_stand_beside_their_list(officer):
    visitor = Visitor(officer).go(f"{LIST}?status=district&q=TE&district=")
    assert "我的视图" in visitor.page
    visitor.go(keeping(visitor.page)).press("保存", name=" 北区  要办 ")
    row = SavedView.objects.get()
    assert (row.user, row.path, row.query, row.is_default) == (officer, LIST, NORTH, False)
    assert visitor.client.get(LIST).status_code == 200
    page = visitor.go(LIST).page
    assert f'href="{LIST}?q=TE&amp;status=district"' in page
    assert "保存现在的筛选" not in visitor.go(f"{LIST}?{NORTH}").page  # it has a name
    assert row.name in visitor.page
    assert row.name not in visitor.go("/stations/").page  # another list


def test_nothing_stands_beside_a_list_before_there_is_something_to_keep(officer):
    assert "我的视图" not in Visitor(officer).go(LIST).page


def test_the_default_opens_the_list_and_the_whole_is_one_step_away(officer):
    kept(officer, is_default=True)
    client = reader(officer)
    answer = client.get(LIST)
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?{NORTH}")
    shown = client.get(answer["Location"]).content.decode()
    assert f'href="{LIST}?all=1"' in shown
    assert client.get(f"{LIST}?all=1").status_code == 200
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    assert client.get(f"{LIST}?q=x").status_code == 200
    assert client.get("/stations/").status_code == 200


def test_a_default_takes_the_place_of_the_one_before(officer):
    first, second = kept(officer, is_default=True), kept(officer, "另一个", query="q=x")
    answer = reader(officer).post(f"/views/{second.pk}/", {"name": "另一个", "is_default": "on"})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}?q=x")
    assert list(SavedView.objects.order_by("pk").values_list("is_default", flat=True)) == [False, True]
    reader(officer).post(f"/views/{first.pk}/", {"name": "改名"})
    assert SavedView.objects.get(pk=first.pk).name == "改名"


def test_a_namesake_is_replaced_when_saving_and_refused_when_renaming(officer):
    row, other = kept(officer), kept(officer, "另一个", query="q=x")
    told = {"path": LIST, "query": "q=neu", "name": row.name}
    assert reader(officer).post("/views/new/", told).status_code == 302
    assert SavedView.objects.get(pk=row.pk).query == "q=neu"
    answer = reader(officer).post(f"/views/{other.pk}/", {"name": row.name})
    assert answer.status_code == 422
    assert "已有同名的视图" in answer.content.decode()
    assert SavedView.objects.get(pk=other.pk).name == "另一个"


def test_one_is_deleted_and_only_ones_own_exist(officer, people):
    row = kept(officer)
    stranger = reader(people["other_district"])
    for url in (f"/views/{row.pk}/", f"/views/{row.pk}/remove/"):
        assert stranger.post(url, {"name": "x"}).status_code == 404
    assert row.name not in stranger.get(LIST).content.decode()
    Visitor(officer).go(f"/views/{row.pk}/").press("删除这个视图")
    assert SavedView.objects.count() == 0


@pytest.mark.parametrize(
    "told",
    [
        {"path": "//evil.example/", "query": "q=1"},
        {"path": "https://evil.example/", "query": "q=1"},
        {"path": "/nothing/here/", "query": "q=1"},
        {"path": LIST, "query": "q="},
        {"path": LIST, "query": f"q={'x' * 2000}"},
        {},
    ],
    ids=["two slashes", "elsewhere", "no page", "no filter", "too long", "nothing"],
)
def test_what_is_no_list_with_filters_is_not_kept(officer, told):
    answer = reader(officer).post("/views/new/", {"name": "x"} | told)
    assert answer.status_code == 404
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_asked_again(officer):
    answer = reader(officer).post("/views/new/", {"path": LIST, "query": NORTH, "name": " "})
    assert answer.status_code == 422
    assert NORTH.replace("&", "&amp;") in answer.content.decode()  # nothing is lost


def test_there_are_not_more_than_a_person_can_look_through(officer, monkeypatch):
    monkeypatch.setattr(saved, "MOST", 2)
    kept(officer), kept(officer, "b")
    answer = reader(officer).post("/views/new/", {"path": LIST, "query": "q=y", "name": "c"})
    assert (answer.status_code, SavedView.objects.count()) == (422, 2)
    assert reader(officer).post("/views/new/", {"path": "/stations/", "query": "q=y", "name": "c"}).status_code == 302


def test_the_database_knows_one_default_and_no_namesake(officer):
    kept(officer, is_default=True)
    for values in ({"name": "b", "is_default": True}, {}, {"name": "c", "query": ""}, {"name": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            kept(officer, **values)
    kept(make.user(), is_default=True)


def test_a_name_is_proposed_from_what_is_chosen(officer):
    label = ApplicationStatus("district").label
    visitor = Visitor(officer).go(f"{LIST}?q=TE&status=district&page=1")
    assert f'value="TE · {label}"' in visitor.go(keeping(visitor.page)).page
