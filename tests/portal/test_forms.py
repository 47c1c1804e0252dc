"""What people type is tidied, checked and shown back; what they typed beside a mistake is kept."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from portal.forms import CodeField, DayField, PhoneField, TidyField, WanField, WholeField, YesNoField, autosave, tidy
from portal.models import Role
from stations.applications.forms import PlanForm
from stations.enterprises.forms import ProfileForm
from stations.models import Application, Enterprise
from tests import make


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages


# --- text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  robotics ", "robotics"),
        ("　昆山　", "昆山"),
        ("ＡＢＣ１２３ｘ", "ABC123x"),
        ("甲，乙（丙）", "甲，乙（丙）"),
        ("一　二", "一 二"),
        ("", ""),
    ],
    ids=["spaces", "wide spaces", "wide letters", "Chinese signs stay", "a wide space inside", "empty"],
)
def test_text_is_tidied_and_its_signs_are_left(typed, kept):
    assert tidy(typed) == kept
    assert TidyField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("9132 0583-MA1x", "91320583MA1X"), ("９１３２０５８３－ｍａ１ｘ", "91320583MA1X"), ("", "")],
    ids=["spaces and a hyphen", "wide", "empty"],
)
def test_a_code_loses_what_only_separates(typed, kept):
    assert CodeField(required=False).clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("0512-55550000", "0512-55550000"),
        ("0512－55550000", "0512-55550000"),
        ("（0512）55550000", "051255550000"),
        ("010-12345678-801", "010-12345678-801"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed, kept):
    assert PhoneField(required=False, max_length=20).clean(typed) == kept


@pytest.mark.parametrize("typed", ["1380013800", "138001380000", "55550000", "phone", "0512", "1٣800138000"])
def test_what_is_no_telephone_number_is_shown_back(typed):
    assert refusal(PhoneField(), typed) == [
        f"“{typed}”不像电话号码。请填 11 位手机号，或区号加号码，如 0512-55550000。"
    ]


# --- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "yuan"),
    [
        ("4860", "48600000"),
        ("4,860.5", "48605000"),
        ("4，860", "48600000"),
        ("４８６０．５", "48605000"),
        (" 4 860 ", "48600000"),
        ("4860万", "48600000"),
        ("4860 万元", "48600000"),
        ("0", "0"),
        ("0.0001", "1"),
        ("99999999.9999", "999999999999"),
        ("", None),
    ],
)
def test_money_is_typed_in_ten_thousands_and_kept_in_yuan(typed, yuan):
    found = WanField(required=False).clean(typed)
    assert found == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("viel", "输入一个数字。"),
        ("nan", "输入一个数字。"),
        ("Infinity", "输入一个数字。"),
        ("1e30", "输入一个数字。"),
        ("9e999999", "输入一个数字。"),
        ("48600000元整", "输入一个数字。"),
        ("-1", "确保该值大于或等于0。"),
        ("1.23456", "确认小数不超过 4 位."),
        ("12345678901", "确认小数点前不超过 10 位。"),
    ],
)
def test_what_is_no_money_is_a_sentence(typed, told):
    assert refusal(WanField(), typed) == [told]


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        (Decimal("48600000.00"), "4860"),
        (Decimal("48605000"), "4860.5"),
        (Decimal(0), "0"),
        ("4,8", "4,8"),
        (None, None),
    ],
)
def test_money_is_shown_in_ten_thousands_and_what_was_typed_as_typed(yuan, shown):
    assert WanField().prepare_value(yuan) == shown


@pytest.mark.parametrize(
    ("typed", "number"), [("12", 12), ("1,200", 1200), ("１２", 12), (" 12 ", 12), ("12.0", 12), ("", None), (12, 12)]
)
def test_a_head_count_is_a_whole_number(typed, number):
    assert WholeField(required=False).clean(typed) == number


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("12.5", "请填整数，例如 12。"),
        ("十二", "请填整数，例如 12。"),
        ("12人", "请填整数，例如 12。"),
        ("9" * 5000, "请填整数，例如 12。"),
        ("-1", "确保该值大于或等于0。"),
        ("10000001", "确保该值小于或等于10000000。"),
    ],
    ids=["half a person", "in words", "with a unit", "5,000 digits", "below zero", "more than there are"],
)
def test_what_is_no_head_count_is_a_sentence(typed, told):
    assert refusal(WholeField(), typed) == [told]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("true", True),
        ("True", True),
        (True, True),
        ("false", False),
        (False, False),
        ("", None),
        (None, None),
        ("x", None),
    ],
)
def test_yes_no_and_not_answered_yet_are_three(typed, answer):
    assert YesNoField(required=False).clean(typed) is answer


def test_an_answer_is_shown_by_its_button():
    assert [YesNoField().prepare_value(v) for v in (True, False, None, "true")] == ["true", "false", None, "true"]


# --- dates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-01-02", "2026/1/2", "2026.1.2", "20260102", "2026年1月2日", "2026年1月2", "２０２６－０１－０２"),
        *("２０２６．１．２", "2026 年 1 月 2 日", " 2026-1-2 "),
    ],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert DayField().clean(typed) == date(2026, 1, 2)


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "202612", "2026111", "2026-111", "01/02/2026", "1/2/26", "2026", "morgen", "2026-1-2 8:00"]
)
def test_a_date_that_could_be_another_is_asked_for_again(typed):
    shown = typed.replace(" ", "")
    assert refusal(DayField(), typed) == [f"“{shown}”不是日期。请写成 2026-11-20 这样。"]


def test_an_empty_date_is_none():
    assert (DayField(required=False).clean(""), DayField(required=False).clean(None)) == (None, None)


def test_a_date_stays_a_date():
    assert DayField().clean(date(2026, 1, 2)) == date(2026, 1, 2)


# --- saving as one types -----------------------------------------------------------------------


@pytest.fixture
def profile(city):
    return city.enterprise


def posted(**values):
    """What a page posts; a double underscore stands for the hyphen of was-NAME."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        key = name.replace("was__", "was-")
        data.setlist(key, value if isinstance(value, list) else [value])
    return data


def saved(form_class, row, **values):
    only = values.pop("only", None)
    return autosave(form_class, type(row).objects.get(pk=row.pk), posted(**values), only=only)


def test_only_what_was_posted_is_saved(profile):
    assert saved(ProfileForm, profile, staff="300", was__staff="200") == {"staff": {"value": ["300"]}}
    profile.refresh_from_db()
    assert (profile.staff, profile.rd_staff, profile.contact) == (300, 40, "联系人")


def test_a_value_comes_back_as_the_row_keeps_it(profile):
    assert saved(ProfileForm, profile, rd_spend="４,８６０．５万元", contact="　王芳 ") == {
        "rd_spend": {"value": ["4860.5"]},
        "contact": {"value": ["王芳"]},
    }


def test_a_wrong_field_does_not_keep_the_right_ones_from_being_saved(profile):
    outcome = saved(ProfileForm, profile, staff="viele", rd_staff="41", contact_phone="12")
    assert outcome == {
        "staff": {"error": "请填整数，例如 12。"},
        "rd_staff": {"value": ["41"]},
        "contact_phone": {"error": "“12”不像电话号码。请填 11 位手机号，或区号加号码，如 0512-55550000。"},
    }
    profile.refresh_from_db()
    assert (profile.staff, profile.rd_staff) == (200, 41)


def test_money_that_the_column_cannot_hold_is_a_sentence(profile):
    assert saved(ProfileForm, profile, revenue="9999999999") == {"revenue": {"error": "确认小数点前不超过 12 位。"}}


def test_what_another_window_changed_is_not_overwritten(profile):
    Enterprise.objects.filter(pk=profile.pk).update(staff=250)
    outcome = saved(ProfileForm, profile, staff="300", was__staff="200", rd_staff="41", was__rd_staff="40")
    assert outcome == {"staff": {"conflict": {"value": ["250"], "shown": "250"}}, "rd_staff": {"value": ["41"]}}
    profile.refresh_from_db()
    assert (profile.staff, profile.rd_staff) == (250, 41)


def test_a_conflict_is_shown_in_the_words_of_the_page(profile):
    Enterprise.objects.filter(pk=profile.pk).update(unit_type="joint", tags=["listed", "special"], rd_name="")
    outcome = saved(
        ProfileForm, profile, unit_type="state", was__unit_type="private", tags=["gazelle"], was__tags=["high_tech"],
        rd_name="新中心", was__rd_name="研发中心",
    )  # fmt: skip
    assert outcome == {
        "unit_type": {"conflict": {"value": ["joint"], "shown": "合资企业"}},
        "tags": {"conflict": {"value": ["listed", "special"], "shown": "已上市、专精特新企业（省级）"}},
        "rd_name": {"conflict": {"value": [], "shown": "（空）"}},
    }


def test_two_windows_that_say_the_same_do_not_quarrel(profile):
    Enterprise.objects.filter(pk=profile.pk).update(staff=300)
    assert saved(ProfileForm, profile, staff="300", was__staff="200") == {"staff": {"value": ["300"]}}


def test_a_page_that_does_not_say_what_it_was_loaded_with_wins(profile):
    Enterprise.objects.filter(pk=profile.pk).update(staff=250)
    assert saved(ProfileForm, profile, staff="300") == {"staff": {"value": ["300"]}}


def test_unticking_the_last_box_is_saved(profile):
    assert saved(ProfileForm, profile, was__tags=["high_tech"]) == {"tags": {"value": []}}
    profile.refresh_from_db()
    assert profile.tags == []


def test_ticked_boxes_are_compared_whatever_their_order(profile):
    Enterprise.objects.filter(pk=profile.pk).update(tags=["listed", "gazelle"])
    outcome = saved(ProfileForm, profile, tags=["high_tech", "listed"], was__tags=["gazelle", "listed"])
    assert outcome == {"tags": {"value": ["high_tech", "listed"]}}


def test_clearing_a_field_is_saved(profile):
    assert saved(ProfileForm, profile, staff="", was__staff="200", legal_person="", was__legal_person="true") == {
        "legal_person": {"value": []},
        "staff": {"value": []},
    }
    profile.refresh_from_db()
    assert (profile.staff, profile.legal_person) == (None, None)


def test_a_choice_among_rows_is_saved_by_its_key(city, profile):
    key = str(city.chain.pk)
    assert saved(ProfileForm, profile, chain=key, was__chain="") == {"chain": {"value": [key]}}
    assert saved(ProfileForm, profile, chain="999999", was__chain=key) == {
        "chain": {"error": "选择一个有效的选项： 该选择不在可用的选项中。"}
    }


def test_only_the_names_that_a_return_opened_are_saved(profile):
    outcome = saved(ProfileForm, profile, staff="300", rd_staff="41", only={"rd_staff", "unknown"})
    assert outcome == {"rd_staff": {"value": ["41"]}}
    assert saved(ProfileForm, profile, staff="300", only=set()) == {}
    profile.refresh_from_db()
    assert (profile.staff, profile.rd_staff) == (200, 41)


def test_what_the_form_does_not_have_is_not_saved(profile):
    assert saved(ProfileForm, profile, organisation="1", code_confirmed="on", confirmed_on="2026-01-01") == {}
    profile.refresh_from_db()
    assert (profile.code_confirmed, profile.confirmed_on) == (False, None)


@pytest.fixture
def plan(city, people):
    case = make.draft(city, people[Role.HANDLER])
    Application.objects.filter(pk=case.pk).update(innovation="一\r\n二")
    return case


def test_line_ends_of_another_kind_are_no_conflict(plan):
    """A form posts them as Windows does, a script as the page has them."""
    outcome = saved(PlanForm, plan, innovation="一\n二\n三", was__innovation="一\n二")
    assert outcome == {"innovation": {"value": ["一\n二\n三"]}}


def test_a_rule_of_the_form_itself_is_told_at_its_field(plan):
    outcome = saved(PlanForm, plan, classified="true", was__classified="", recruits="0")
    assert outcome == {
        "recruits": {"error": "确保该值大于或等于1。"},
        "classified": {"error": "涉密材料不得在网上填报和上传。请与区镇主管部门联系，改走线下办理。"},
    }
    plan.refresh_from_db()
    assert (plan.classified, plan.recruits) == (None, None)


def test_one_tick_is_saved_as_yes_or_no(profile):
    class Confirm(forms.ModelForm):
        class Meta:
            model = Enterprise
            fields = ("code_confirmed",)

    assert saved(Confirm, profile, code_confirmed="on", was__code_confirmed="") == {"code_confirmed": {"value": ["on"]}}
    assert saved(Confirm, profile, was__code_confirmed="on") == {"code_confirmed": {"value": []}}
    profile.refresh_from_db()
    assert profile.code_confirmed is False
