"""Commands of the ground: translations in order, a demonstration that is the same every time, the first official."""

import json
import re
from datetime import date
from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import transaction
from django.utils.module_loading import autodiscover_modules

from portal import demo, packs
from portal.demo import MARK
from portal.models import Amendment, Appointment, Event, Invitation, Matter, Notice, Organisation, Pack, Role, User
from portal.packs import reading
from stations.models import Application, Enterprise, Station, StationStatus
from targets.models import Target
from tests.portal import small_pack

ON = date(2026, 11, 20)


def called(*words, **options):
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


# --- translations ------------------------------------------------------------------------------

CATALOGUE = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "你好"
msgstr "Hello"

msgid "再见"
msgstr "Bye"
"""


@pytest.fixture
def tree(tmp_path, settings):
    """A project of one module and one template, both translated."""
    settings.ROOT = tmp_path
    for app in ("portal", "stations", "postdocs", "subsidies", "targets"):
        (tmp_path / app / "migrations").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "portal" / "a.py").write_text('from x import gettext as _\n\nprint(_("你好"), _("plain"))\n')
    (tmp_path / "portal" / "migrations" / "b.py").write_text('print(_("不看"))\n')
    (tmp_path / "templates" / "a.html").write_text("{% translate '再见' %}\n")
    home = tmp_path / "locale" / "en" / "LC_MESSAGES"
    home.mkdir(parents=True)
    (home / "django.po").write_text(CATALOGUE)
    return tmp_path


def test_a_translation_in_order_says_nothing(tree):
    assert called("messages", check=True) == ""


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("portal/a.py", 'print(_("你好"), _("新的"))\n', "  新增：新的"),
        ("portal/a.py", "print()\n", "  多余：你好"),
        ("templates/a.html", "{% translate '再见' %}{% blocktranslate %}共 {{ n }} 项{% endblocktranslate %}", "  新增：共 %(n)s 项"),
        ("locale/en/LC_MESSAGES/django.po", CATALOGUE.replace('"Bye"', '""'), "  没有英文：再见"),
        (
            "portal/a.py",
            'print(_("你好"), ngettext("%(n)s 天", "%(n)s 天", 2), pgettext("人", "行"), npgettext("人", "个", "个们", 2))\n',
            "  新增：行\n  新增：%(n)s 天\n  新增：个",
        ),
    ],
    ids=["a new text", "a text that is gone", "a new text in a template", "no English", "plurals and contexts"],
)  # fmt: skip
def test_a_translation_out_of_order_is_listed(path, text, told, tree):
    (tree / path).write_text(text)
    with pytest.raises(CommandError) as refused:
        called("messages", check=True)
    head = "英文翻译不完整（先运行 manage.py messages --update）：\n"
    assert str(refused.value) == head + told


def test_an_update_keeps_what_is_known_and_counts_what_is_missing(tree):
    (tree / "portal" / "a.py").write_text('print(_("你好"), _("新的"))\n')
    assert called("messages", update=True) == "3 条，其中 1 条还没有英文\n"
    with pytest.raises(CommandError, match="没有英文：新的$"):
        called("messages", check=True)
    catalogue = tree / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue.write_text(catalogue.read_text().replace('msgid "新的"\nmsgstr ""', 'msgid "新的"\nmsgstr "New"'))
    called("messages", check=True, compile=True)
    assert b"New" in catalogue.with_suffix(".mo").read_bytes()


def test_an_update_of_an_unchanged_source_changes_no_byte(tree):
    catalogue = tree / "locale" / "en" / "LC_MESSAGES" / "django.po"
    called("messages", update=True)
    first = catalogue.read_bytes()
    called("messages", update=True)
    assert catalogue.read_bytes() == first
    assert first.splitlines()[:3] == [b'msgid ""', b'msgstr ""', b'"Language: en\\n"']


def test_a_text_that_gets_a_plural_is_translated_anew(tree):
    (tree / "portal" / "a.py").write_text('print(ngettext("你好", "你好", 2))\n')
    assert called("messages", update=True) == "2 条，其中 1 条还没有英文\n"


def test_a_project_without_a_catalogue_begins_with_one(tree):
    catalogue = tree / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalogue.unlink()
    assert called("messages", update=True) == "2 条，其中 2 条还没有英文\n"


def test_a_module_that_cannot_be_read_is_named(tree):
    (tree / "portal" / "a.py").write_text('print(_("你好"\n')
    with pytest.raises(CommandError, match=r"portal/a\.py："):
        called("messages", check=True)


# --- the demonstration -------------------------------------------------------------------------

PLOT = {
    "area": "0512",
    "districts": {"small-a": {"before": 3, "now": 3, "target": 9}, "small-b": {"before": 1, "now": 1, "target": 2}},
    "cancelled": ["small-a"],
    "upgraded": ["small-a"],
    "type": "national",
    "indicator": "ST",
    "sent_back": [{"target": "profile:rd_spend", "code": "R15", "note": "请按合计填写。"}],
    "under_way": [
        {"at": status, "district": "small-a", "days": days, "own": status == "draft"}
        for days, status in enumerate(("returned", "district", "bureau", "passed", "sent", "certifying", "draft"), 1)
    ],
}
OWN = PLOT | {"districts": {}, "under_way": PLOT["under_way"][-1:]}  # one draft, and nothing else
NAMES = {
    "surnames": " ".join("沈陆顾周朱吴严唐何程林叶温魏赵钱徐孙韩罗"),
    "given": "维清 晓岚 立群 敏 以衡 知远 念安 思贤",
    "places": "小城 小江 小河",
    "stems": "澄湖 臻越 朗序 博泽 纬诚 启澜 澄光 云栖 同昇 衡序",
    "trades": {"robotics": "机器人 精密传动", "": "新材料 医疗器械"},
}


@pytest.fixture
def stage(tmp_path, monkeypatch, settings, db):
    """Small cities with a plot each; `load(code)` loads one. Without a plot it has officials and nothing else."""
    home = tmp_path / "fixtures"
    (home / "demo").mkdir(parents=True)
    monkeypatch.setattr(reading, "HOME", home)
    monkeypatch.setattr(demo, "HOME", home)
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.VAR = tmp_path
    (home / "demo" / "names.yaml").write_text(yaml.safe_dump(NAMES, allow_unicode=True))
    autodiscover_modules("demo")

    def load(code="small", prefix="SM", plot=PLOT):
        files = {n: t.replace("small", code).replace("SM", prefix) for n, t in small_pack.FILES.items()}
        plot = yaml.safe_dump(plot, allow_unicode=True).replace("small", code)
        (home / "demo" / f"{code}.yaml").write_text(plot)
        return packs.load(small_pack.write(home / code, **files))

    return load


def told(model, *, without=()):
    """Every row of a model without what only the database or the clock decides."""
    named = [
        f.attname
        for f in model._meta.concrete_fields
        if not (f.primary_key or f.is_relation or f.get_internal_type() == "DateTimeField" or f.name in without)
    ]
    rows = model.objects.order_by("pk").values_list(*named)
    return [re.sub(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", "*", str(row)) for row in rows]


def story():
    """All that was told, by kind."""
    kinds = (
        User,
        Organisation,
        Enterprise,
        Appointment,
        Matter,
        Application,
        Event,
        Notice,
        Station,
        Target,
        Amendment,
    )
    return {kind.__name__: told(kind, without=("password",)) for kind in kinds}


def test_the_same_seed_tells_the_same_story(stage):
    def tell(seed):
        with transaction.atomic():
            assert demo.tell(pack, on=ON, seed=seed) is True
            found = story()
            transaction.set_rollback(True)
        return found

    pack = stage()
    first = tell(1)
    assert tell(1) == first
    assert tell(2)["Organisation"] != first["Organisation"]


def test_a_story_keeps_to_its_plot_and_marks_every_name(stage):
    pack = stage()
    demo.tell(pack, on=ON, seed=1)
    assert User.objects.exclude(name__contains=MARK).count() == 0
    invented = Organisation.objects.filter(kind=Organisation.Kind.ENTERPRISE)
    assert set(invented.values_list("demo", flat=True)) == {True}
    assert invented.exclude(name__contains=MARK).count() == 0
    assert Station.objects.exclude(name__contains=MARK).count() == 0
    valid = Station.objects.filter(status=StationStatus.VALID)
    assert [valid.filter(matter__district__code=code).count() for code in ("small-a", "small-b")] == [3, 1]
    open_cases = Application.objects.filter(matter__closed_on=None)
    assert sorted(open_cases.values_list("status", flat=True)) == sorted(step["at"] for step in PLOT["under_way"])
    assert Target.objects.get(district__code="small-a").value == 9
    assert packs.load(reading.HOME / "small").changed == 0


def test_a_story_is_told_once_and_then_only_its_accounts(stage):
    stage()
    first = json.loads(called("demo", "--json", on=ON))
    before = story()
    again = json.loads(called("demo", "--json", on=ON))
    assert (first["told"], again["told"], again["accounts"] == first["accounts"]) == (True, False, True)
    assert story() == before
    account = next(a for a in first["accounts"] if a["username"] == "sm-bureau-approver")
    assert list(account) == ["username", "password", "name", "role", "scope", "listed"]
    assert User.objects.get(username="sm-bureau-approver").check_password(account["password"])
    assert (account["role"], account["scope"]) == ("市局审批", "小城")


def test_the_accounts_are_printed_one_per_role(stage):
    stage(plot=OWN)
    lines = called("demo", on=ON).splitlines()
    assert lines[0] == "演示账号（人员、单位、号码均为虚构）"
    listed = [line.split()[0] for line in lines[1:-1]]
    assert listed == [f"sm-{role.value.replace('_', '-')}" for role in Role if role not in (Role.HANDLER, Role.CERTIFIER, Role.DISTRICT)] + [
        *("sm-district", "sm-handler", "sm-certifier", "sm-newcomer")
    ]  # fmt: skip
    assert lines[-1] == "  另有 1 个区镇账号，见 demo --json"


def test_a_city_without_a_plot_has_its_officials_once(stage):
    stage(plot={})
    assert [json.loads(called("demo", "--json", on=ON))["told"] for _time in range(2)] == [True, False]


def test_passwords_are_kept_for_their_owner_alone(stage, tmp_path, monkeypatch):
    pack = stage(plot={})
    called("demo", on=ON)
    kept = tmp_path / "demo-passwords-small.json"
    passwords = json.loads(kept.read_text())
    assert (kept.stat().st_mode & 0o777, len(set(passwords.values()))) == (0o600, len(passwords))
    monkeypatch.setenv("DEMO_PASSWORD", "one-for-all-of-them")
    assert set(demo.set_passwords(pack).values()) == {"one-for-all-of-them"}
    assert User.objects.get(username="sm-auditor").check_password("one-for-all-of-them")


def test_stories_of_two_cities_are_told_side_by_side(stage):
    for code, prefix in (("small", "SM"), ("other", "OT")):
        stage(code, prefix, OWN)
        assert json.loads(called("demo", "--json", on=ON, city=code))["told"] is True
    assert sorted(Pack.objects.values_list("code", flat=True)) == ["other", "small"]
    assert Application.objects.count() == 2


def test_a_city_that_was_not_loaded_is_asked_for(db):
    with pytest.raises(CommandError, match="^没有装入 任何城市 的规则包：请先运行 loadpack kunshan。$"):
        called("demo")
    with pytest.raises(CommandError, match="^没有装入 qingdao 的规则包：请先运行 loadpack qingdao。$"):
        called("demo", city="qingdao")


# --- the first official ------------------------------------------------------------------------


def test_the_first_official_is_invited_by_a_link(city, client):
    words = {"role": "system_admin", "district": "testcity", "name": "安娜", "phone": "13500135000"}
    answer = json.loads(called("invite", **words, site="https://portal.example/", json=True))
    link = answer["link"].removeprefix("https://portal.example")
    assert answer["days"] == 7
    secret = "eine-lange-Nacht-7"
    assert client.post(link, {"email": "", "password1": secret, "password2": secret}).status_code == 302
    row = Appointment.objects.get(user__username="13500135000")
    assert (row.role, row.district) == (Role.SYSTEM_ADMIN, city.root)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"district": "nowhere"}, "^没有代码为 nowhere 的区镇：请先运行 loadpack，或核对代码。$"),
        ({"name": ""}, "此字段不能为空"),
        ({"phone": "1" * 21}, "不超过 20 字符"),
    ],
    ids=["no such district", "no name", "a number too long"],
)
def test_an_invitation_that_cannot_be_is_refused(changed, told, city):
    words = {"role": "system_admin", "district": "testcity", "name": "安娜", "phone": "13500135000"} | changed
    with pytest.raises(CommandError, match=told):
        called("invite", **words)
    assert Invitation.objects.count() == 0


# --- what was mistyped -------------------------------------------------------------------------

INVITED = ("--district", "testcity", "--name", "安娜", "--phone", "13500135000")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("demo", "--on", "昨天"), "argument --on: 昨天 不是一个日期；请写成 2026-11-20 这样"),
        (("indicators", "--on", "2026-13-01"), "argument --on: 2026-13-01 不是一个日期；请写成 2026-11-20 这样"),
        (("demo", "--seed", "one"), "argument --seed: invalid int value: 'one'"),
        (
            ("invite", "--role", "boss", *INVITED),
            "argument --role: invalid choice: 'boss' (choose from 'audit_admin', ",
        ),
        (("invite", "--role", "auditor"), "the following arguments are required: --district, --name, --phone"),
        (("invite", "--role", "handler", *INVITED), "argument --role: invalid choice: 'handler'"),
        (("loadpack",), "the following arguments are required: city"),
        (("dumppack",), "the following arguments are required: city"),
        (("targets", "--on", "2026-11-20"), "unrecognized arguments: --on 2026-11-20"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_mistyped_argument_is_named_with_what_would_do(words, told, city):
    with pytest.raises(CommandError) as refused:
        called(*words)
    assert str(refused.value).removeprefix("Error: ").startswith(told)
    assert "Role." not in str(refused.value)  # a code as one types it


def test_every_command_that_an_operator_asks_answers_in_json():
    """A command added tomorrow takes part."""
    ours = sorted(name for name, app in get_commands().items() if app in ("portal", "stations", "targets"))
    assert ours == ["demo", "dumppack", "font", "indicators", "invite", "loadpack", "messages", "recompute", "targets"]
    parsers = {name: load_command_class(get_commands()[name], name).create_parser("", name) for name in ours}
    assert [name for name, parser in parsers.items() if "--json" not in parser.format_help()] == [
        "font",
        "messages",
        "recompute",  # says a sentence, and by its end whether all is well
    ]
