"""Printed papers: which there are when, what stands on them, and that page and file say the same."""

import pypdfium2
import pytest
from django.test import Client
from django.utils import translation

from portal.models import Role
from portal.papers import Paper, Rows, Stamp, Table, Text, pdf
from stations.applications import papers
from stations.models import Application
from tests import make


def words_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def reader(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


def case_at(status, city, people, **values):
    case = make.brought_to(status, city, people, **values)
    return Application.objects.for_page(people[Role.BUREAU_APPROVER]).get(pk=case.pk)


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("draft", ["form"]),
        ("certifying", ["form"]),
        ("district", ["form", "receipt"]),
        ("passed", ["form", "receipt"]),
        ("sent", ["form", "receipt", "letter"]),
        ("approved", ["form", "receipt", "letter"]),
    ],
)
def test_which_papers_there_are(status, names, city, people):
    assert list(papers.names_of(case_at(status, city, people))) == names


def test_a_paper_that_isnt_there_yet_is_not_found(city, people):
    case = make.brought_to("district", city, people)
    client = reader(people[Role.HANDLER])
    for name in ("letter", "anything"):
        assert client.get(f"/applications/{case.matter.number}/papers/{name}/").status_code == 404
        assert client.get(f"/applications/{case.matter.number}/papers/{name}/file/").status_code == 404


def test_page_and_file_say_the_same(city, people):
    case = make.brought_to("sent", city, people)
    client, url = reader(people[Role.HANDLER]), f"/applications/{case.matter.number}/papers/form/"
    page, file = client.get(url).content.decode(), client.get(f"{url}file/")
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("attachment")
    told = words_of(file.content)
    for word in (str(case.enterprise), case.matter.number, "省级意见", "经核实，符合申报条件，同意推荐。", "（盖章）"):
        assert word in page
        assert word.replace(" ", "") in told.replace(" ", "").replace("\r\n", "")


def test_the_form_has_a_place_for_the_seal_of_every_office(city, people):
    upward = papers.form(case_at("passed", city, people), [])
    stamps = [block.title for block in upward.blocks if isinstance(block, Stamp)]
    assert stamps == ["四、申报单位承诺", "五、区镇推荐意见", "六、市局意见", "市级意见", "省级意见"]
    own = papers.form(case_at("passed", city, people, kind=city.own), [])
    assert len([block for block in own.blocks if isinstance(block, Stamp)]) == 3


@pytest.mark.parametrize(
    ("action", "title", "words"),
    [
        ("refuse", "不予推荐通知", "理由：不符合"),
        ("approve", "设站批准通知", "测〔2026〕9号（2026-06-01）"),
        ("reject", "上级未批准通知", "说明：不符合"),
    ],
)
def test_the_letter_says_what_was_decided_and_why(action, title, words, city, people):
    case = make.brought_to("bureau" if action == "refuse" else "sent", city, people)
    make.step(case, action, people, **({} if action == "approve" else {"note": "不符合"}))
    case = Application.objects.for_page(people[Role.HANDLER]).get(pk=case.pk)
    letter = papers.letter(case, [])
    said = "".join(letter.blocks[0].paragraphs)
    assert letter.title == title
    assert words in said


def test_a_summary_is_of_the_cases_one_may_see(city, people):
    mine = make.brought_to("passed", city, people)
    strangers = make.city("othercity")
    foreign = make.brought_to("passed", strangers, make.people(strangers))
    client = reader(people[Role.BUREAU_APPROVER])
    url, query = "/applications/batch/summary/", {"n": [mine.matter.number, foreign.matter.number]}
    page = client.get(url, query).content.decode()
    assert mine.matter.number in page
    assert str(foreign.enterprise) not in page
    assert mine.matter.number in words_of(client.get(f"{url}file/", query).content).replace("\r\n", "")
    assert client.get(f"{url}export/", query)["Content-Type"].endswith("sheet")
    assert client.get(url, {"n": foreign.matter.number}).status_code == 404


def test_a_long_paper_takes_more_pages_in_both_languages(city):
    blocks = [
        Rows([("甲", "乙" * 400), ("丙", "丁")], "一", pairs=True),
        Table(["序号", "内容"], [[n, "很长的内容" * 20] for n in range(60)], [10, 90]),
        Text(["第一段" * 100], to="某单位："),
        Stamp("意见", ["同意"] * 3),
    ]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            document = pypdfium2.PdfDocument(pdf(Paper("长", blocks, foot="x")))
            assert len(document) > 4
            document.close()
