"""Numbers of identity papers: what is taken, what is refused and why, what they tell."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from postdocs.models import IdentityPaper
from postdocs.people import actions, papers
from postdocs.people.models import masked
from tests.postdocs import staying


def test_a_number_is_brought_to_one_form():
    good = staying.paper_number()
    assert papers.normal("id_card", f" {good[:6]} {good[6:14]}-{good[14:].lower()} ") == good
    assert papers.normal("passport", "e１２３４５６７８") == "E12345678"


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("id_card", "32058319960301123", "17 位"),
        ("id_card", "320583960301123", "15 位旧号码"),
        ("id_card", "320583199602301230", "出生日期不存在"),
        ("id_card", "320583191003011230", "早于 1930"),
        ("id_card", "320583199603011230", "校验位"),
        ("residence", staying.paper_number(), "810000"),
        ("passport", "E1", "5 到 20 位"),
        ("passport", "护照12345", "5 到 20 位"),
    ],
)
def test_a_wrong_number_is_told_what_is_wrong(kind, text, told):
    with pytest.raises(ValidationError, match=told):
        papers.normal(kind, text)


def test_a_chinese_number_tells_birth_date_and_sex():
    number = staying.paper_number(date(1994, 2, 3), odd=False)
    assert papers.told("id_card", number) == {"born_on": date(1994, 2, 3), "sex": "female"}
    assert papers.told("passport", "E12345678") == {}


@pytest.mark.django_db
def test_the_number_is_sealed_found_by_its_index_and_shown_in_part():
    number = staying.paper_number()
    person = actions.candidate(name="林知远", kind="id_card", number=number)
    paper = IdentityPaper.objects.get(person=person)
    assert number.encode() not in bytes(paper.number)
    assert (paper.plain, paper.masked) == (number, f"{number[:2]}{'*' * 14}{number[-2:]}")
    assert str(paper).endswith(paper.masked)
    assert person.initials == "lzy"


def test_a_short_number_shows_less():
    assert masked("E1234567") == "E******7"
