"""What an enterprise says of itself, what its certificates say, and whether it is barred."""

from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from stations.models import Certificate, Enterprise, StandingCase

enterprise = Vocabulary("enterprise", Enterprise, district="organisation__district")
enterprise.column("legal_person", _("独立法人"))
enterprise.column("revenue", _("上年度营业收入"), unit="yuan")
enterprise.column("rd_spend", _("上年度研发投入"), unit="yuan")
enterprise.column("staff", _("职工人数"), unit=_("人"))
enterprise.column("rd_staff", _("研发人员"), unit=_("人"))
enterprise.column("senior_staff", _("高级职称人员"), unit=_("人"))
enterprise.column("doctors", _("博士人数"), unit=_("人"))


@enterprise.fact(_("研发机构级别"), Enterprise._meta.get_field("rd_level"), choices=dict(Enterprise.Level.choices))
def rd_level(on):
    return Case(When(rd_level="", then=None), default=F("rd_level"))


def tag_fact(tag):
    """Whether the enterprise carries a tag. A certificate says so for its own time; once the last is over, it is
    unknown until there is the next, or the enterprise takes the tag away. Without one the enterprise's word counts, and
    is unknown as long as it has ticked none at all and not confirmed so."""

    def at(on):
        if on is None:  # what is asked without a day can't depend on one
            return Value(None, BooleanField(null=True))
        known = Certificate.objects.filter(enterprise=OuterRef("pk"), tag=tag.value, since__lte=on)
        return Case(
            When(Exists(known.filter(Q(until=None) | Q(until__gt=on))), then=True),
            When(Q(tags__contains=[tag.value]) & Exists(known), then=None),
            When(tags__contains=[tag.value], then=True),
            When(confirmed_on=None, then=None),
            default=False,
            output_field=BooleanField(null=True),
        )

    at.__name__ = f"is_{tag.value}"
    enterprise.fact(tag.label, BooleanField(null=True))(at)


for _tag in Enterprise.Tag:
    tag_fact(_tag)


@enterprise.fact(_("摘牌后尚不得再申报"), BooleanField(null=True))
def is_barred(on):
    """Known of everybody: who never lost a plate is not barred."""
    if on is None:
        return Value(None, BooleanField(null=True))
    return Exists(
        StandingCase.objects.filter(station__enterprise=OuterRef("pk"), station__ended_on__lte=on, barred_until__gt=on)
    )
