"""How a consultation is raised, and its minutes kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import uploads
from portal.lifecycle import Refused, open_matter
from portal.models import District, Evidence, Organisation, Pack, User
from stations.consultations.lifecycle import MINUTES, consultation
from stations.models import Consultation, ConsultationStatus, Enterprise, Station

Kind = Organisation.Kind

C, Side, OwnerSide = ConsultationStatus, Consultation.Side, Consultation.OwnerSide


@transaction.atomic
def bring_up(
    *,
    topic: str,
    title: str,
    problem: str,
    by: User,
    on: date,
    side: str,
    district: District,
    enterprise: Enterprise | None = None,
    station: Station | None = None,
    told: bool = True,
) -> Consultation:
    """Raise a problem. `district` is where it lies when it is about nobody in particular; `told`: the enterprise it
    is about sees it, as it always sees what it raised itself. Raises Refused."""
    if station is not None:
        if enterprise is not None and station.enterprise_id != enterprise.pk:
            raise Refused(_("这个站不是所选单位的，请重新选。"))
        enterprise = station.enterprise
    if side == Side.UNIT and enterprise is None:
        raise Refused(_("企业提出的会商须写明是哪家企业。"))
    if enterprise is not None:
        district = enterprise.organisation.district
    whose = enterprise.organisation if enterprise and (told or side == Side.UNIT) else office_of(side, district)
    matter = open_matter(
        consultation,
        C.RAISED,
        series="HS",
        title=title,
        organisation=whose,
        district=district,
        by=by,
        on=on,
        filed=True,
    )
    return Consultation.objects.create(
        matter=matter,
        enterprise=enterprise,
        station=station,
        side=side,
        topic=topic,
        title=title,
        problem=problem,
    )


def office_of(side: str, district: District) -> Organisation | None:
    """The office that keeps what an enterprise isn't told."""
    if side == Side.DISTRICT:
        return Organisation.objects.filter(kind=Kind.DISTRICT_OFFICE, district=district).first()
    return bureau_of(district)


def bureau_of(district: District) -> Organisation | None:
    root = Pack.objects.get_for(district).root_id
    return Organisation.objects.filter(kind=Kind.BUREAU, district=root).first()


@transaction.atomic
def keep_minutes(row: Consultation, upload, *, by: User) -> None:
    """Put the minutes on file; whoever sees the consultation can read them. Raises Refused, uploads.BadFile."""
    row = Consultation.objects.select_for_update(of=("self",)).select_related("matter__district").get(pk=row.pk)
    if row.status not in (C.ASSIGNED, C.CONCLUDED, C.CLOSED):
        raise Refused(_("分办以后才能上传会商纪要。"))
    owner = bureau_of(row.matter.district)
    if owner is None:
        raise Refused(_("本市还没有登记市局，不能存放文件。"))
    file = uploads.store(upload, organisation=owner, by=by)
    Evidence.objects.get_or_create(
        matter=row.matter, slot=MINUTES, file=file, removed_at=None, defaults={"added_by": by}
    )
