"""Invented requests in every stage of their life, and the account of a postdoc who asks."""

from portal.demo import Story
from portal.models import Organisation, Role
from postdocs.services import actions, lifecycle
from postdocs.services.models import Service, ServiceRequest
from postdocs.stays.demo import appointments
from postdocs.stays.models import Stay, StayStatus
from postdocs.visits.models import Visit

TEXTS = (  # kind of service, what is asked, steps taken, working days ago, rating
    ("family", "孩子明年九月上小学，想知道怎样协调到单位附近的学校。", ("accept", "pass"), 9, 0),
    ("housing", "现在租的房子年底到期，想申请人才公寓。", ("accept", "answer", "rate"), 30, 5),
    ("career", "项目申报书第三部分不会写，希望有人看一下。", ("accept", "answer", "rate"), 24, 2),
    ("card", "想办人才卡，需要哪些材料？", (), 1, 0),
    ("other", "爱人做会计，想在本地找工作。", (), 6, 0),
    ("health", "体检预约打不通电话。", ("accept", "answer"), 12, 0),
)
STEPS = {
    "answer": {"outcome": "done", "answer": "演示：已联系到位，请按约定时间来办理。"},
    "rate": {"comment": "演示评价"},
}


def tell(story: Story) -> None:
    services = list(Service.objects.filter(pack=story.pack).order_by("order", "pk"))
    stays = hosts(story)
    if not services or not stays:
        return
    link(story, stays[0])
    handlers = {a.organisation_id: a.user for a in appointments(story)}
    for number, (group, text, taken, days, score) in enumerate(TEXTS):
        stay = stays[number % len(stays)]
        service = next((s for s in services if s.group == group), services[-1])
        own = stay.person.user
        by = own or handlers[stay.matter.organisation_id]
        if not actions.askable(service, actions.side_of(stay, by) or ""):
            continue
        tier = service.tiers[0]["code"] if service.tiers else ""
        row = actions.ask(service, stay, content=text, tier=tier, by=by, on=story.back(days))
        walk(story, row, taken, days, score, by)
    need(story, services)


def walk(story: Story, row: ServiceRequest, taken, days: int, score: int, by) -> None:
    """The steps that a request has taken, a working day or two apart."""
    officer = story.officers[row.matter.district.code]
    office = Organisation.objects.filter(pack=story.pack, kind=Organisation.Kind.BUREAU).first()
    for action in taken:
        days = max(days - 2, 0)
        details: dict[str, object] = dict(STEPS.get(action, {}))
        details = {"owner": office.pk, "owner_name": office.name} if action == "pass" else details
        details = {**details, "score": str(score)} if action == "rate" else details
        who = by if action == "rate" else officer
        row = lifecycle.request.move(row, action, by=who, on=story.back(days), details=details)
        if action == "rate":
            row = actions.look_into(row, on=story.back(days))


def need(story: Story, services: list[Service]) -> None:
    """Something that was asked for on a visit."""
    rows = Visit.objects.filter(stay__isnull=False, district__up__ancestor=story.pack.root)
    visit = rows.order_by("-visited_on", "pk").first()
    if visit:
        actions.note_need(
            visit, services[-1], content="想参加流动站的组会，路上来回要半天。", owner=None, due_on=None, by=visit.by,
            on=visit.visited_on,
        )  # fmt: skip


def hosts(story: Story) -> list[Stay]:
    """A few people in station, of enterprises that have an account, the newest first."""
    handlers = {a.organisation_id for a in appointments(story)}
    rows = Stay.objects.filter(status=StayStatus.HERE, matter__organisation__in=handlers)
    rows = rows.select_related("matter__district", "matter__organisation", "person__user")
    return list(rows.order_by("-entered_on", "pk")[:3])


def link(story: Story, stay: Stay) -> None:
    """The postdoc's account is the first of them, unless it is somebody's already."""
    user = story.people.get(Role.POSTDOC)
    if user and stay.person.user_id is None and not type(stay.person).objects.filter(user=user).exists():
        stay.person.user = user
        stay.person.save(update_fields=["user"])
        user.name = stay.person.name
        user.save(update_fields=["name"])
