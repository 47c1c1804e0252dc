"""Papers and clauses: what implements them is found, not listed; what is missing is told; who sees how much."""

import re
from datetime import date

import pytest
import yaml
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from portal import documents, packs
from portal.models import Amendment, Clause, Document, File, Relation, Role, Setting
from portal.packs import reading
from stations.models import IndustryChain, PoolBasis
from tests import make
from tests.portal import small_pack

ON = date(2026, 11, 20)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, "portal.accounts.Backend")
    return client


@pytest.fixture
def paper(city):
    """A second paper with four clauses: one with a row, one described, one with a page, one with nothing."""
    row = Document.objects.create(pack=city.pack, code="new", title="新文件", number="测〔2026〕9号", issuer="测试市")
    for order, (number, values) in enumerate(
        {"一": {}, "二(一)": {"described": True}, "二(二)3": {"pages": ["settings"]}, "三": {}}.items()
    ):
        Clause.objects.create(document=row, number=number, summary=f"要点{number}", order=order, **values)
    PoolBasis.objects.create(pack=city.pack, code="b", title="入库依据甲", clause=row.clauses.get(number="一"))
    return row


def states(document, user):
    read = documents.documents_of(document.pack, "relations", "told_of").get(pk=document.pk)
    found = documents.paper(read, user, ON, with_rows=True)
    return {line.clause.number: line.state for line in found.lines}


# --- what implements a clause ------------------------------------------------------------------


def test_every_model_with_a_key_to_clauses_is_found_without_a_list():
    keyed = {
        model._meta.label
        for model in apps.get_models()
        if any(getattr(c, "related_model", None) is Clause for c in model._meta.concrete_fields)
    }
    assert {c.model._meta.label for c in documents.pointers(Clause)} == keyed - {"portal.Relation"}
    assert {"portal.Guard", "stations.Clock", "postdocs.Service", "targets.Indicator"} <= keyed


@pytest.mark.parametrize("column", documents.pointers(Clause), ids=lambda c: c.model._meta.label)
def test_every_rule_has_a_way_to_its_city_and_a_name_for_people(column):
    documents.way_to_pack(column.model)
    names = {c.name for c in column.model._meta.concrete_fields}
    own = column.model in documents.NAMES or column.model.__str__ is not models.Model.__str__
    assert names & {"title", "name"} or own


def test_a_row_implements_its_clause_a_page_too_and_a_setting_only_explains(city, people, paper):
    officer = people[Role.BUREAU_HANDLER]
    assert states(paper, officer) == {"一": "done", "二(一)": "told", "二(二)3": "done", "三": "open"}
    last = paper.clauses.get(number="三")
    Setting.objects.create(pack=city.pack, code="Z", title="口径", why="x", kind="integer", value=1, clause=last)
    assert states(paper, officer)["三"] == "open"
    IndustryChain.objects.create(pack=city.pack, code="z", name="新链", clause=last)
    assert states(paper, officer)["三"] == "done"


def test_the_list_and_the_page_agree_on_every_state(city, people, paper):
    listed = {p.document.pk: p for p in documents.papers(city.pack, ON)}
    for document in Document.objects.filter(pack=city.pack):
        here = {line.clause.number: line.state for line in listed[document.pk].lines}
        assert here == states(document, people[Role.BUREAU_HANDLER])


# --- one paper takes the place of another ------------------------------------------------------


def relation(city, paper, **values):
    values = {"pack": city.pack, "document": paper, "kind": "replaces", "other": city.clause.document} | values
    row = Relation(**values)
    row.full_clean()
    row.save()
    return row


def touched(city, people):
    found = documents.touched(documents.replacements(city.pack), people[Role.BUREAU_HANDLER], ON)
    return [{row.name for _clause, rows in t.lines for row in rows} for t in found]


def test_a_replaced_clause_touches_the_rows_that_point_to_it(city, people, paper):
    other = Clause.objects.create(document=city.clause.document, number="二", summary="x")
    PoolBasis.objects.create(pack=city.pack, code="c", title="入库依据乙", clause=other)
    relation(city, paper, other_clause=other)
    assert touched(city, people) == [{"入库依据乙"}]


def test_a_paper_replaced_as_a_whole_touches_all_its_clauses_and_what_rests_on_the_paper(city, people, paper):
    make.plan(city)
    relation(city, paper)
    (found,) = touched(city, people)
    assert {"special", "seedling", "测试计划", city.own.title, city.upward.title} <= found
    assert "入库依据甲" not in found


def test_what_only_rests_on_another_paper_touches_nothing(city, people, paper):
    relation(city, paper, kind="rests_on")
    assert touched(city, people) == []


@pytest.mark.parametrize(("since", "word"), [(date(2026, 11, 20), "已被取代"), (date(2026, 11, 21), "执行中")])
def test_a_replaced_paper_says_so_from_the_day_on(city, paper, since, word):
    Document.objects.filter(pk=city.clause.document_id).update(since=date(2026, 1, 1))
    relation(city, paper, since=since)
    found = {p.document.code: p.standing[1] for p in documents.papers(city.pack, ON)}
    assert found == {"paper": word, "new": ""}


def test_a_relation_speaks_of_clauses_of_its_own_two_papers(city, paper):
    with pytest.raises(ValidationError, match="不在这份文件里"):
        relation(city, paper, other_clause=paper.clauses.first())
    with pytest.raises(ValidationError, match="不在这份文件里"):
        relation(city, paper, clause=city.clause)


def test_the_database_refuses_a_paper_that_replaces_itself(city, paper):
    with transaction.atomic(), pytest.raises(IntegrityError, match="relation_of_two"):
        Relation.objects.create(pack=city.pack, kind="replaces", document=paper, other=paper)


def test_the_database_refuses_a_clause_that_is_described_only_and_carried_out_by_a_page(paper):
    with transaction.atomic(), pytest.raises(IntegrityError, match="clause_described"):
        Clause.objects.create(document=paper, number="x", summary="x", described=True, pages=["work"])


# --- who sees what -----------------------------------------------------------------------------


def text(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("role", [Role.HANDLER, Role.POSTDOC, None])
def test_units_postdocs_and_visitors_read_the_clauses_and_not_the_rules(city, people, paper, role):
    client = signed_in(people[role]) if role else Client()
    shown = text(client, paper.get_absolute_url())
    assert ("要点二(一)" in shown, "入库依据甲" in shown, "尚未落实" in shown) == (True, False, False)
    assert "尚未落实" not in text(client, reverse("documents"))


def test_an_official_sees_what_implements_each_clause(people, paper):
    shown = text(signed_in(people[Role.FINANCE_MAKER]), paper.get_absolute_url())
    assert ("入库依据甲" in shown, "尚未落实" in shown) == (True, True)


def test_a_rule_is_a_link_only_for_who_may_open_its_page(people, paper):
    link = re.compile(r'<a href="[^"]*">入库依据甲</a>')
    found = {role: bool(link.search(text(signed_in(people[role]), paper.get_absolute_url()))) for role in OPENING}
    assert found == OPENING


OPENING = {Role.BUREAU_HANDLER: True, Role.DISTRICT: True, Role.FINANCE_MAKER: False, Role.SYSTEM_ADMIN: False}


def test_the_gaps_name_open_clauses_loose_rules_and_papers_without_clauses(city, people, paper):
    Document.objects.create(pack=city.pack, code="unread", title="没有录入的文件", issuer="x")
    shown = text(signed_in(people[Role.AUDITOR]), reverse("documents_gaps"))
    assert "要点三" in shown
    assert "要点二(一)" not in shown
    assert "算哪些站" in shown  # a setting without a clause
    assert "没有录入的文件" in shown


def test_a_target_rests_on_the_clause_of_its_indicator(city, people):
    row = make.indicator(make.plan(city), city, code="ST")
    loose = documents.without_clause(city.pack, people[Role.AUDITOR], make.ON)
    assert "目标" not in loose
    (target,) = row.targets.all()
    assert documents.name_of(target) == f"工作站 {target.district} {target.on}: 100"


def test_a_clause_is_a_link_in_its_own_city_and_a_name_elsewhere(city, db):
    template = Template("{% clause c %}")
    there = make.city("othercity")
    own = template.render(Context({"c": city.clause, "pack": city.pack}))
    assert own == f'<a class="clause-link" href="{city.clause.get_absolute_url()}">测〔2026〕1号 一</a>'
    assert template.render(Context({"c": city.clause, "pack": there.pack})) == "测〔2026〕1号 一"
    assert template.render(Context({"c": None, "pack": there.pack})) == ""


def test_search_finds_papers_and_clauses_of_ones_own_city(city, people, paper):
    make.city("othercity")
    Clause.objects.filter(document=paper, number="三").update(rules="K12 K13")
    client = signed_in(people[Role.HANDLER])

    def found(q):
        return [hit.name for hit in client.get("/search/", {"q": q}).context["papers"]]

    assert found("要点三") == ["测〔2026〕9号 三"]
    assert found("K13") == ["测〔2026〕9号 三"]
    assert found("K1") == []
    assert found("新文件") == ["测〔2026〕9号"]
    assert found("测〔2026〕1号") == ["测〔2026〕1号"]  # one of the two cities' papers of this number
    assert found("K[1") == found("") == []


@pytest.mark.parametrize(
    ("role", "told"), [(Role.BUREAU_HANDLER, ["done", "told", "done", "open"]), (Role.HANDLER, [None] * 4)]
)
def test_a_program_reads_what_its_person_reads(people, paper, role, told):
    data = signed_in(people[role]).get(f"/api/v1/documents/{paper.pk}/").json()
    assert [c["state"] for c in data["clauses"]] == told
    assert (data["code"], data["has_file"], data["relations"]) == ("new", False, [])


# --- the copy ----------------------------------------------------------------------------------


def attached(user, paper, upload, **values):
    data = {"file": upload, "source": "政府网站"} | values
    return signed_in(user).post(reverse("document_attach", args=[paper.pk]), data)


def test_the_bureau_attaches_a_copy_that_everybody_of_the_city_may_have(people, paper):
    assert attached(people[Role.BUREAU_HANDLER], paper, make.upload("文件.pdf")).status_code == 302
    address = reverse("document_file", args=[paper.pk])
    for role in (Role.HANDLER, Role.POSTDOC, Role.DISTRICT):
        assert b"".join(signed_in(people[role]).get(address)).startswith(b"%PDF")
    assert Client().get(address).status_code == 302
    change = Amendment.objects.get()
    assert (change.before["file"], change.after["file"], change.reason) == (None, "文件.pdf", "政府网站")


def test_a_better_copy_leaves_the_one_before_on_record(people, paper):
    attached(people[Role.BUREAU_HANDLER], paper, make.upload("一.pdf"))
    attached(people[Role.BUREAU_HANDLER], paper, make.upload("二.pdf"))
    paper.refresh_from_db()
    assert (paper.file.name, paper.file.replaces.name, File.objects.count()) == ("二.pdf", "一.pdf", 2)


def test_a_wrong_copy_is_refused_with_a_sentence_and_nothing_typed_is_lost(people, paper):
    answer = attached(people[Role.BUREAU_HANDLER], paper, make.upload("x.pdf", b"nothing"), source="某处来的")
    assert (answer.status_code, "某处来的" in answer.content.decode()) == (422, True)
    assert "不是 PDF" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.file is None


# --- packs -------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "HOME", tmp_path / "fixtures")
    return tmp_path / "fixtures" / "small"


def test_a_clause_may_only_name_places_of_the_navigation(folder, db):
    told = small_pack.FILES["documents.yaml"].replace("summary: 目标", "summary: 目标\n      pages:\n        - nowhere")
    small_pack.write(folder, **{"documents.yaml": told})
    with pytest.raises(packs.WrongPack, match="没有名为 nowhere 的页面"):
        packs.load(folder)


def test_a_relation_comes_back_as_its_file_and_an_attached_copy_survives_a_reload(folder, db, tmp_path):
    small_pack.write(folder)
    text = "- document: rules\n  kind: replaces\n  other: paper\n  other_clause: paper 二\n  since: 2026-06-01\n"
    (folder / "relations.yaml").write_text(text, encoding="utf-8")
    pack = packs.load(folder)
    row = Document.objects.get(pack=pack, code="paper")
    documents.attach(row, make.upload("文件.pdf"), source="网站", by=make.user())
    assert packs.load(folder).changed == 0
    packs.dump(pack, tmp_path / "out")
    assert (tmp_path / "out" / "relations.yaml").read_text(encoding="utf-8") == text
    row.refresh_from_db()
    assert row.file.name == "文件.pdf"


RULES = {
    "kunshan": [*(f"K{n:02d}" for n in range(1, 63)), *(f"P{n:02d}" for n in range(1, 15))],
    "qingdao": [f"Q{n:02d}" for n in range(1, 25)],
    "jianghai": [f"J{n:02d}" for n in range(1, 43)],
    "chongqing": [f"C{n:02d}" for n in range(24)],
}


@pytest.mark.parametrize("city", RULES)
def test_every_requirement_stands_behind_a_clause_with_words_in_both_languages(city):
    clauses = [
        clause
        for document in yaml.safe_load((packs.HOME / city / "documents.yaml").read_text(encoding="utf-8"))
        for clause in document.get("clauses", [])
    ]
    named = {rule for clause in clauses for rule in clause.get("rules", "").split()}
    assert set(RULES[city]) - named == set()
    assert [c["number"] for c in clauses if not (c.get("summary") and c.get("summary_en"))] == []
