"""Writes of demands and matches beside the moves. Each is one transaction, its actor is `by`."""

from datetime import date

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import jobs
from portal.lifecycle import Refused, open_matter
from portal.models import Matter, Pack, User
from stations.demands import lifecycle, matching
from stations.models import Contact, Demand, DemandStatus, FlowStation, Match, MatchStatus, Pairing

D, M = DemandStatus, MatchStatus


@transaction.atomic
def draft(row: Demand, *, by: User, on: date) -> Demand:
    """A new demand of `row.enterprise` as it was filled in, still its own; `row` is unsaved."""
    organisation = row.enterprise.organisation
    row.matter = open_matter(
        lifecycle.demand,
        D.DRAFT,
        series="XQ",
        title=row.title,
        organisation=organisation,
        district=organisation.district,
        by=by,
        on=on,
    )
    row.save()
    return row


@transaction.atomic
def rewrite(row: Demand, *, by: User) -> Demand:
    """Save an edited draft. Raises Refused when it was handed in meanwhile."""
    fresh = Demand.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if fresh.status != D.DRAFT:
        raise Refused(_("这条需求已提交，不能再修改。请刷新查看。"))
    row.status = fresh.status
    row.save()
    matter = Matter.objects.select_for_update().get(pk=row.matter_id)
    matter.title, matter.version = row.title, matter.version + 1
    matter.save(update_fields=["title", "version", "changed_at"])
    return row


@transaction.atomic
def propose(demand: Demand, flow: FlowStation, *, channel: str, by: User, on: date) -> Match:
    """Bring a demand on the list together with a flow station. Raises Refused when it isn't open, or they are already."""
    demand = Demand.objects.select_for_update(of=("self",)).select_related("enterprise__organisation").get(pk=demand.pk)
    if demand.status not in (D.PUBLISHED, D.TALKING, D.SIGNED):
        raise Refused(
            _("需求现在是“%(status)s”，不能推荐流动站。请刷新查看。") % {"status": demand.get_status_display()}
        )
    if Match.objects.filter(demand=demand, flow=flow).exclude(status=M.ENDED).exists():
        raise Refused(_("这条需求和这个流动站已在对接。"))
    titles = {}
    for language in ("zh-hans", "en"):
        with override(language):
            titles[language] = _("对接：%(demand)s × %(flow)s") % {"demand": demand.title[:60], "flow": flow}
    organisation = demand.enterprise.organisation
    matter = open_matter(
        lifecycle.match,
        M.PROPOSED,
        series="DJ",
        title=titles["zh-hans"][:160],
        title_en=titles["en"][:240],
        organisation=organisation,
        district=organisation.district,
        by=by,
        on=on,
        filed=True,
    )
    flow = FlowStation.objects.prefetch_related("chains").get(pk=flow.pk)
    return Match.objects.create(
        matter=matter,
        demand=demand,
        flow=flow,
        channel=channel,
        reasons=matching.reasons_for(demand, flow).kept(),
    )


@transaction.atomic
def note_contact(match: Match, row: Contact, *, by: User, on: date) -> Contact:
    """Put a contact on record; the first one begins the talks. `row` is unsaved.

    From the contacts follows the day from which the match counts: the first time that both sides met, and after it a
    follow-up, which may be the signing. Raises Refused on a day to come, or when the match is over.
    """
    match = Match.objects.select_for_update(of=("self",)).get(pk=match.pk)
    if match.status in (M.ENTERED, M.ENDED):
        raise Refused(_("这个对接已经结束，不能再记联系。"))
    if row.on > on:
        raise Refused(_("日期 %(day)s 在今天之后，请核对。") % {"day": row.on})
    row.match, row.by = match, by
    row.save()
    if match.status == M.PROPOSED:
        match = lifecycle.match.move(match, "talk", by=by, on=on)
    contacts = list(match.contacts.order_by("on", "pk"))
    first = next((n for n, contact in enumerate(contacts) if contact.both), None)
    match.meetings = sum(contact.both for contact in contacts)
    if first is not None:
        match.met_on = contacts[first].on
        after = [contact.on for contact in contacts[first + 1 :]]
        after += [match.signed_on] if match.signed_on and match.signed_on >= match.met_on else []
        match.matched_on = min(after, default=None)
    match.save(update_fields=["meetings", "met_on", "matched_on"])
    Matter.objects.filter(pk=match.matter_id).update(changed_at=now())
    jobs.ask("recompute")
    return row


def expire(*, on: date) -> int:
    """Take what is past its deadline off the list, each for itself; proposals that nobody took up end with it."""
    done = 0
    for pk in Demand.objects.filter(status=D.PUBLISHED, deadline__lt=on).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            for row in Match.objects.filter(demand=pk, status=M.PROPOSED).order_by("pk"):
                lifecycle.match.move(row, "lapse", by=None, on=on, note=_("需求到期"))
            demand = Demand.objects.get(pk=pk)
            if demand.status == D.PUBLISHED:
                lifecycle.demand.move(demand, "expire", by=None, on=on)
                done += 1
    return done


# --- the pairing -------------------------------------------------------------------------------


@transaction.atomic
def pair(pack: Pack, *, enterprises: int, universities: int, by: User, on: date) -> int:
    """Propose the lines of the pairing anew; what the bureau keeps stays. Returns how many lines there are."""
    Pack.objects.select_for_update().get(pk=pack.pk)
    kept = list(Pairing.objects.filter(pack=pack, kept=True).values_list("enterprise", flat=True))
    Pairing.objects.filter(pack=pack, kept=False).delete()
    wanted = matching.key_enterprises(pack, enterprises, on)
    free = [enterprise for enterprise in wanted if enterprise.pk not in kept][: max(enterprises - len(kept), 0)]
    Pairing.objects.bulk_create(
        Pairing(
            pack=pack,
            enterprise=found.enterprise,
            university=found.university,
            reasons=found.reasons.kept(),
            by=by,
        )
        for found in matching.pairs(pack, free, universities)
    )
    return Pairing.objects.filter(pack=pack).count()


@transaction.atomic
def settle_pair(row: Pairing, *, university, kept: bool, by: User) -> Pairing:
    """Keep a line, give it another university, or leave it open to the next proposal."""
    row = Pairing.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=row.pk)
    if university != row.university:
        flows = [flow for flow in matching.flows_of(row.pack_id) if flow.university_id == university.pk]
        wanted = Demand.objects.filter(enterprise=row.enterprise).exclude(status__in=[D.DRAFT, D.DOWN])
        row.reasons = matching.best(list(wanted), row.enterprise, flows).kept()
    row.university, row.kept, row.by = university, kept, by
    row.save()
    return row
