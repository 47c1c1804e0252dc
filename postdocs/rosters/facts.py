"""What can be said of doctors, of research talents, and of doctors and postdocs together."""

from dataclasses import replace

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from portal.facts import Coming, Entry, Vocabulary
from portal.laid_down import laid_down
from portal.models import Pack
from postdocs.insurance.models import InsuredMonth
from postdocs.insurance.rows import earlier, in_city, month_of, of_person, paid
from postdocs.rosters.models import Degree, Doctor, Doctoral, Engagement, Post, Rank, Relation, Talent
from postdocs.stays.facts import ENTERING, SIGNED
from postdocs.stays.models import Channel, Stay

NEWLY = "A20"  # the setting: for how many months before an introduction there is no insurance on record

# --- doctors, alone and with postdocs ----------------------------------------------------------


def describe_doctor(row: Doctor) -> Entry:
    return Entry(str(row), row.get_absolute_url(), str(row.organisation), str(row.get_engagement_display()))


def describe_both(row: Doctoral) -> Entry:
    of = row.stay or row.doctor
    return Entry(str(row.person), of.get_absolute_url(), str(row.organisation), str(row.get_engagement_display()))


doctor = Vocabulary(
    "doctor", Doctor, district="district", describe=describe_doctor, select=("person", "organisation", "district")
)
doctor.column("since", _("到岗日期"))
doctor.column("until", _("离岗日期"))
doctor.column("first_insured_on", _("本市首次参保"))
doctor.column("degree_on", _("博士学位证书日期"), path="person__degree_on")
doctor.column("discipline", _("博士一级学科"), path="person__discipline")
doctor.column("confirmed_on", _("核对日期"))

AS_A_POSTDOC = {
    "engagement": Value(Engagement.POSTDOC),
    "channel": F("channel"),
    "person": Cast("person_id", CharField()),
}
doctoral = Vocabulary(
    "doctoral",
    Doctoral,
    district="district",
    describe=describe_both,
    select=("person", "organisation", "district", "stay__matter", "doctor"),
    coming=[
        replace(ENTERING, facts=AS_A_POSTDOC),
        replace(SIGNED, facts={**SIGNED.facts, "engagement": Value(Engagement.POSTDOC)}),
        Coming(
            lambda: Doctor.objects.filter(confirmed_on=None),
            {name: F(name) for name in ("engagement", "channel")} | {"person": AS_A_POSTDOC["person"]},
            district="district",
            describe=describe_doctor,
            select=("person", "organisation", "district"),
        ),
    ],
    due={"until": "planned_until"},
)
doctoral.column("planned_until", _("预计出站"), path="stay__planned_until")
doctoral.column("since", _("进站或到岗日期"))
doctoral.column("until", _("出站或离岗日期"))
doctoral.column("withdrawn_on", _("退站日期"))


def person(on):
    """Who it is: the same as a doctor and as a postdoc."""
    return Cast("person_id", CharField())


for _vocabulary in (doctor, doctoral):
    _vocabulary.column("engagement", _("全职、双聘或博士后"), choices=dict(Engagement.choices))
    _vocabulary.column("channel", _("引才渠道"), choices=dict(Channel.choices))
    _vocabulary.fact(_("人员"), CharField())(person)


@doctoral.fact(_("引进日期"), DateField(null=True))
def introduced_on(on):
    """The first time that the person comes to the city as either, unless insurance in the city is on record for the
    months before; NULL for a later time, and for who was here already."""
    return introduced(laid_down(NEWLY, OuterRef("district")), laid_down(NEWLY, OuterRef(OuterRef("district"))))


def introduced(number, number_outside):
    """The same with how many months count, as the row itself and a subquery in it read that."""
    root = Subquery(Pack.objects.filter(root__down__node=OuterRef(OuterRef("district"))).values("root")[:1])
    before = Doctoral.objects.filter(person=OuterRef("person"), since__lt=OuterRef("since"))
    opens = earlier(OuterRef("since"), number_outside)
    months = in_city(of_person(OuterRef(OuterRef("person"))), OuterRef(OuterRef("district")))
    months = months.filter(paid(None), month__lt=month_of(OuterRef("since")), month__gte=opens)
    told = earlier(F("since"), number)
    return Case(
        When(Exists(before.filter(district__up__ancestor=root)), then=None),
        When(Q(first_insured_on__lt=month_of(F("since")), first_insured_on__gte=told), then=None),
        When(Exists(months), then=None),
        default=F("since"),
        output_field=DateField(null=True),
    )


# --- research talents --------------------------------------------------------------------------


def describe_talent(row: Talent) -> Entry:
    return Entry(row.name, row.get_absolute_url(), str(row.organisation), str(row.get_post_display()))


talent = Vocabulary(
    "talent",
    Talent,
    district="district",
    describe=describe_talent,
    select=("organisation", "district"),
    coming=[
        Coming(
            lambda: Talent.objects.filter(confirmed_on=None).exclude(contract_since=None),
            given=frozenset({"standard"}),
            district="district",
            describe=describe_talent,
            select=("organisation", "district"),
        )
    ],
)
talent.column("since", _("入职日期"))
talent.column("until", _("离职日期"))
talent.column("degree", _("学位"), choices=dict(Degree.choices))
talent.column("rank", _("职称等级"), choices=dict(Rank.choices))
talent.column("post", _("岗位"), choices=dict(Post.choices))
talent.column("relation", _("与工作站的关系"), choices=dict(Relation.choices))


@talent.fact(_("人员"), CharField())
def number(on):
    """Who it is, by the index of the number."""
    return F("number_index")


@talent.fact(_("本人是博士后"), BooleanField())
def is_postdoc(on):
    """Told so, or in station on the first day of work: counted as a postdoc, not once more here."""
    stays = Stay.objects.filter(
        Q(ended_on=None) | Q(ended_on__gt=OuterRef("since")),
        entered_on__lte=OuterRef("since"),
        person__papers__number_index=OuterRef("number_index"),
        person__papers__settled=True,
    )
    return Case(When(Q(relation=Relation.POSTDOC) | Exists(stays), then=True), default=False)


@talent.fact(_("符合的口径"), TextField(null=True))
def standard(on):
    """The strictest of the definitions that it meets, in the order of their letters: `roster` (confirmed, with a
    contract), `strict` (with degree or title, in research, insured at the unit). NULL: none of them."""
    insured = InsuredMonth.objects.filter(
        paid(None), insured__number_index=OuterRef("number_index"), insured__organisation=OuterRef("organisation")
    )
    learned = Q(degree__in=[Degree.DOCTOR, Degree.MASTER]) | Q(rank=Rank.SENIOR)
    return Case(
        When(Q(confirmed_on=None) | Q(contract_since=None), then=None),
        When(learned & Q(post=Post.RESEARCH) & Exists(insured), then=Value("strict")),
        default=Value("roster"),
        output_field=TextField(null=True),
    )
