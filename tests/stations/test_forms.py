"""The border: what people type is tidied, checked and shown back with a sentence that helps."""

from decimal import Decimal

import pytest
from stdnum.cn.uscc import calc_check_digit

from portal.models import ReturnCode, Role
from stations.applications import lifecycle
from stations.applications.filters import ApplicationFilter
from stations.applications.forms import AnswerForm, PlanForm
from stations.enterprises.forms import ProfileForm, RegistrationForm
from stations.forms import CertifyForm, ExplainForm, MoveForm, ReturnForm, VerdictForm
from stations.models import Application, Enterprise, IndustryChain, Station, StationKind
from stations.register import lifecycle as register_lifecycle
from stations.register.filters import StationFilter
from tests import make

BODY = "91320583MA1WXYC0X"  # of letters and digits that a credit code may have
CODE = BODY + calc_check_digit(BODY)
WRONG_DIGIT = BODY + ("0" if CODE[-1] != "0" else "1")


@pytest.fixture
def registration(city):
    """The form as somebody fills it in, with what is typed otherwise."""

    def fill(**typed):
        data = {
            "code": CODE,
            "unit": "测试新单位",
            "district": city.north.pk,
            "name": "王五",
            "phone": "13900000001",
            "password1": "eine-lange-Nacht-7",
            "password2": "eine-lange-Nacht-7",
        }
        return RegistrationForm(data | typed, pack=city.pack)

    return fill


def test_a_registration_that_lacks_nothing_is_taken(registration):
    form = registration()
    assert form.errors == {}
    assert (form.cleaned_data["code"], form.instance.username) == (CODE, "13900000001")


@pytest.mark.parametrize(
    "typed",
    [CODE.lower(), f" {CODE} ", f"{CODE[:8]}-{CODE[8:17]}-{CODE[17:]}", f"{CODE[:4]} {CODE[4:]}"]
    + ["".join(chr(ord(c) + 0xFEE0) for c in CODE), f"{CODE[:9]}－{CODE[9:]}", f"{CODE[:9]}　{CODE[9:]}"],
    ids=["small letters", "spaces around", "hyphens", "a space within", "full width", "full hyphen", "full space"],
)
def test_a_code_is_read_however_it_was_typed(typed, registration):
    form = registration(code=typed)
    assert form.errors == {}
    assert form.cleaned_data["code"] == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123",
        CODE[:17],
        CODE + "0",
        CODE.replace("X", "I"),
        CODE.replace("Y", "O"),
        "代码" * 9,
        "9132058" + "!" * 11,
    ],
    ids=["nothing", "short", "one short", "one long", "with I", "with O", "Chinese", "signs"],
)
def test_what_is_no_credit_code_is_refused_with_its_alphabet(typed, registration):
    form = registration(code=typed)
    (message,) = form.errors["code"]
    if typed and len(typed) <= 18:
        assert "不含 I、O、S、V、Z" in message
        assert not form.ask_about_code


def test_a_failed_check_digit_is_asked_about_and_goes_on_when_confirmed(registration):
    form = registration(code=WRONG_DIGIT)
    assert form.ask_about_code is False
    assert "校验位不对" in form.errors["code"][0]
    assert form.ask_about_code is True
    assert form.fields["code_confirmed"].widget.input_type == "checkbox"
    confirmed = registration(code=WRONG_DIGIT, code_confirmed="on")
    assert confirmed.errors == {}
    assert confirmed.cleaned_data["code_confirmed"] is True


def test_confirming_does_not_make_a_wrong_alphabet_right(registration):
    assert "code" in registration(code="I" * 18, code_confirmed="on").errors


def test_a_code_that_is_taken_says_whom_to_ask(registration, city, people):
    form = registration(code=city.enterprise.organisation.code)
    assert "已经注册" in form.errors["code"][0]
    assert "邀请" in form.errors["code"][0]


@pytest.mark.parametrize("place", ["root", "elsewhere"])
def test_a_district_is_one_of_the_citys(place, registration, city):
    chosen = city.root if place == "root" else make.city("othercity").north
    assert set(registration(district=chosen.pk).errors) == {"district"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("139 0000 0001", "13900000001"), ("１３９００００００01", "13900000001"), ("0512-55550000", "0512-55550000")]
    + [("139-0000", None), ("2390000000", None), ("电话", None), ("", None)],
)
def test_a_telephone_number(typed, kept, registration):
    form = registration(phone=typed)
    assert ("phone" in form.errors) is (kept is None)
    assert kept is None or form.cleaned_data["phone"] == kept


def test_a_number_that_is_registered_says_what_to_do(registration, city):
    make.user(Role.HANDLER, organisation=city.enterprise.organisation, phone="13900000001")
    assert "已经注册过" in registration().errors["__all__"][0]


@pytest.mark.parametrize(
    ("first", "second"),
    [("short", "short"), ("eine-lange-Nacht-7", "eine-andere-Nacht-7"), ("13900000001", "13900000001"), ("", "")]
    + [("kunshan2026!", "kunshan2026!"), ("123456789012", "123456789012")],
    ids=["short", "two that differ", "the telephone number", "none", "the city's name", "digits only"],
)
def test_a_weak_password_is_refused(first, second, registration):
    form = registration(password1=first, password2=second)
    assert {"password1", "password2"} & set(form.errors)


# --- the profile and the plan ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4860", 48_600_000),
        ("4,860 万元", 48_600_000),
        ("４８６０", 48_600_000),
        ("0", 0),
        ("0.0001", 1),
        ("486.1234", 4_861_234),
    ]
    + [("", None)],
)
def test_money_is_typed_in_ten_thousands_and_kept_in_yuan(typed, kept, city):
    form = ProfileForm({"rd_spend": typed}, instance=city.enterprise)
    assert "rd_spend" not in form.errors
    assert form.cleaned_data["rd_spend"] == kept


@pytest.mark.parametrize("typed", ["-1", "很多", "1.00001", "99999999999", "9" * 40, "NaN", "sNaN", "Infinity", "1e9"])
def test_what_is_no_money_is_refused(typed, city):
    assert "rd_spend" in ProfileForm({"rd_spend": typed}, instance=city.enterprise).errors


def test_money_comes_back_as_it_was_typed(city):
    city.enterprise.rd_spend = Decimal("48600000.00")
    form = ProfileForm(instance=city.enterprise)
    assert form["rd_spend"].value() == "4860"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("rd_staff", "201", "研发人员不能多于职工人数"), ("senior_staff", "201", "高级职称人员不能多于职工人数")]
    + [("doctors", "201", "博士人数不能多于职工人数")],
)
def test_parts_of_the_staff_are_not_more_than_the_staff(name, value, told, city):
    data = {"staff": "200", "rd_staff": "40", "senior_staff": "4", "doctors": "2"}
    form = ProfileForm(data | {name: value}, instance=Enterprise.objects.get())
    assert told in str(form.errors)
    assert not ProfileForm(data | {name: "200"}, instance=Enterprise.objects.get()).errors


def test_a_chain_is_one_of_the_citys(city):
    elsewhere = make.city("othercity")
    assert list(ProfileForm(instance=city.enterprise).fields["chain"].queryset) == [city.chain]
    assert "chain" in ProfileForm({"chain": elsewhere.chain.pk}, instance=city.enterprise).errors


@pytest.mark.parametrize(("typed", "problem"), [("true", True), ("false", False), ("", False)])
def test_a_classified_project_is_told_to_go_another_way(typed, problem, city, people):
    case = make.draft(city, people[Role.HANDLER])
    form = PlanForm({"classified": typed}, instance=case)
    assert ("classified" in form.errors) is problem
    if problem:
        assert "涉密材料不得在网上填报" in form.errors["classified"][0]


@pytest.mark.parametrize(("typed", "fits"), [("0", False), ("1", True), ("200", True), ("201", False), ("两", False)])
def test_how_many_are_to_be_recruited(typed, fits, city, people):
    form = PlanForm({"recruits": typed}, instance=make.draft(city, people[Role.HANDLER]))
    assert ("recruits" not in form.errors) is fits


@pytest.mark.parametrize(("length", "fits"), [(500, True), (501, False)])
def test_long_texts_end_at_their_limit(length, fits, city, people):
    case = make.draft(city, people[Role.HANDLER])
    assert ("innovation" not in PlanForm({"innovation": "长" * length}, instance=case).errors) is fits
    answer = AnswerForm({"statement": "长" * length}, instance=case.answers.first())
    assert ("statement" not in answer.errors) is fits
    assert ExplainForm({"answer": "长" * length}).is_valid() is fits


def test_the_plan_asks_for_every_column_that_must_be_known():
    assert set(PlanForm(instance=Application()).fields) == set(Application.NEEDED)
    assert set(Enterprise.NEEDED) < set(ProfileForm.base_fields)


def test_certifying_needs_the_tick():
    assert "请先勾选承诺" in CertifyForm({}).errors["truthful"][0]
    assert CertifyForm({"truthful": "on"}).is_valid()


# --- officials ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "value"), [("met", True), ("unmet", False), ("unknown", None)])
def test_a_verdict_is_one_of_three(typed, value):
    form = VerdictForm({"verdict": typed})
    assert form.is_valid()
    assert form.value is value


@pytest.mark.parametrize("typed", ["", "yes", "True"])
def test_another_verdict_is_refused(typed):
    assert "verdict" in VerdictForm({"verdict": typed}).errors


def step_of(action):
    steps = lifecycle.application.transitions | register_lifecycle.station.transitions
    return next(step for step in steps.values() if step.action == action)


@pytest.mark.parametrize(
    ("action", "asked"),
    [("pass", {"note"}), ("refuse", {"note"}), ("approve", {"document", "document_on", "note"})]
    + [("recognise", {"document", "document_on", "note"}), ("cancel", {"ground", "document", "document_on", "note"})],
)
def test_a_step_asks_for_what_it_needs(action, asked):
    step = step_of(action)
    form = MoveForm({}, step=step)
    assert set(form.fields) == asked
    required = {name for name, field in form.fields.items() if field.required}
    assert required == {name for name, _label in step.needs} | ({"note"} if step.note_needed else set())


@pytest.mark.parametrize("typed", ["2026-06-01", "2026/6/1", "20260601", "2026年6月1日", "２０２６-06-01"])
def test_a_papers_date_is_read_however_it_was_typed(typed):
    data = {"approve-document": " 测〔2026〕9号 ", "approve-document_on": typed}
    form = MoveForm(data, step=step_of("approve"))
    assert form.is_valid()
    assert form.details() == {"document": "测〔2026〕9号", "document_on": "2026-06-01"}


@pytest.mark.parametrize("typed", ["", "昨天", "2026-02-30", "2026-13-01"])
def test_what_is_no_date_is_refused(typed):
    form = MoveForm({"approve-document": "测", "approve-document_on": typed}, step=step_of("approve"))
    assert set(form.errors) == {"document_on"}


LABELS = {"field:project": "项目", "slot:basic-1.proof": "证明", "condition:basic-1": "条件"}


def sent(*targets, code="R03", note=""):
    data = {}
    for target in targets:
        data |= {f"on-{target}": "on", f"code-{target}": code, f"note-{target}": note}
    return ReturnForm(data, labels=LABELS, suggested={})


def test_a_return_lists_what_was_ticked_with_reason_and_note():
    form = sent("field:project", "slot:basic-1.proof", note=" 请重传 ")
    assert form.is_valid()
    assert form.items() == [("field:project", "项目", "R03", "请重传"), ("slot:basic-1.proof", "证明", "R03", "请重传")]


def test_a_return_of_nothing_is_refused():
    assert "请至少勾选一处" in sent().errors["__all__"][0]


def test_a_ticked_row_needs_its_reason():
    form = sent("field:project", code="")
    assert "请给“项目”选一个原因" in form.errors["code-field:project"][0]


@pytest.mark.parametrize("code", ReturnCode.values)
def test_only_the_other_reason_needs_words(code):
    form = sent("field:project", code=code)
    assert form.is_valid() is (code != "R99")
    assert sent("field:project", code=code, note="请写明").is_valid()


def test_a_row_without_a_tick_is_not_sent_back():
    form = ReturnForm(
        {"code-field:project": "R01", "note-field:project": "x", "on-condition:basic-1": "on"}
        | {"code-condition:basic-1": "R01"},
        labels=LABELS,
        suggested={},
    )
    assert form.is_valid()
    assert [item[0] for item in form.items()] == ["condition:basic-1"]


def test_an_unknown_target_is_not_taken():
    form = ReturnForm({"on-field:salary": "on", "code-field:salary": "R01"}, labels=LABELS, suggested={})
    assert not form.is_valid()


def test_what_officials_found_is_ticked_beforehand():
    form = ReturnForm(labels=LABELS, suggested={"condition:basic-1": "只有封面"})
    ticks = {target: tick.value() for target, tick, _code, _note in form.rows()}
    notes = {target: note.value() for target, _tick, _code, note in form.rows()}
    assert ticks == {"field:project": False, "slot:basic-1.proof": False, "condition:basic-1": True}
    assert notes["condition:basic-1"] == "只有封面"


# --- filters -----------------------------------------------------------------------------------


class Asking:
    def __init__(self, user):
        self.user = user


def narrowed(what, user, **values):
    filtered, model = {"application": (ApplicationFilter, Application), "station": (StationFilter, Station)}[what]
    return set(filtered(values, model.objects.visible_to(user), request=Asking(user)).qs)


def test_applications_are_narrowed_by_number_unit_code_district_and_status(city, people):
    who = people[Role.AUDITOR]
    first = make.brought_to("district", city, people)
    south = make.enterprise(city.south, organisation=make.organisation(district=city.south, name="南方机器"))
    here, them = make.people_of(city, south, people, officer="other_district")
    second = make.brought_to("bureau", here, them)
    both = {first, second}
    assert narrowed("application", who) == both
    assert narrowed("application", who, q=first.matter.number.lower()) == {first}
    assert narrowed("application", who, q="南方") == {second}
    assert narrowed("application", who, q=south.organisation.code.lower()) == {second}
    assert narrowed("application", who, q="没有") == set()
    assert narrowed("application", who, district=city.north.pk) == {first}
    assert narrowed("application", who, status=["district"]) == {first}
    assert narrowed("application", who, status=["district", "bureau"]) == both
    assert narrowed("application", who, district="x") == both  # what can't be read narrows nothing


def test_stations_are_narrowed_by_kind_status_and_chain(city, people):
    chief, who = people[Role.BUREAU_APPROVER], people[Role.AUDITOR]
    base = make.station(city, chief, kind=StationKind.BASE_PROVINCIAL, chain=city.chain)
    ended = make.station(city, chief)
    paper = {"document": "测", "document_on": make.ON.isoformat(), "ground": "idle"}
    register_lifecycle.station.move(ended, "cancel", by=chief, on=make.ON, note="理由", details=paper)
    assert narrowed("station", who) == {base, ended}
    assert narrowed("station", who, kind="base_provincial") == {base}
    assert narrowed("station", who, status="cancelled") == {ended}
    assert narrowed("station", who, chain=city.chain.pk) == {base}
    assert narrowed("station", who, district=city.south.pk) == set()


def test_the_choices_of_a_filter_end_where_ones_districts_end(city, people):
    make.city("othercity")
    forms = {who: StationFilter({}, Station.objects.none(), request=Asking(people[who])) for who in people}
    assert set(forms[Role.DISTRICT].filters["district"].queryset) == {city.north}
    assert set(forms[Role.AUDITOR].filters["district"].queryset) == {city.north, city.south, city.east}
    assert set(forms[Role.AUDITOR].filters["chain"].queryset) == {city.chain}
    assert set(forms[Role.HANDLER].filters["district"].queryset) == set()
    assert IndustryChain.objects.count() == 2
