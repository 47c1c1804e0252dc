"""People, the organisations they act for, and the appointments that give them rights."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What an appointment lets a person do. See docs/glossary.md for the Chinese terms."""

    HANDLER = "handler", _("单位经办人")
    CERTIFIER = "certifier", _("单位审核人")
    POSTDOC = "postdoc", _("博士后")
    DISTRICT = "district", _("区镇经办")
    BUREAU_HANDLER = "bureau_handler", _("市局经办")
    BUREAU_REVIEWER = "bureau_reviewer", pgettext_lazy("角色", "市局审核")
    BUREAU_APPROVER = "bureau_approver", _("市局审批")
    FINANCE_MAKER = "finance_maker", _("财务经办")
    FINANCE_CHECKER = "finance_checker", _("财务复核")
    REPORTER = "reporter", _("部门填报")
    AUDITOR = "auditor", _("审计")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")


UNIT = frozenset({Role.HANDLER, Role.CERTIFIER})  # appointed for an organisation
BUREAU = frozenset({Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER})
CASEWORK = UNIT | BUREAU | {Role.DISTRICT, Role.AUDITOR}  # see the cases of their organisation or districts
FIGURES = BUREAU | {Role.DISTRICT, Role.REPORTER, Role.AUDITOR}  # see the indicators of their districts
MONEY = BUREAU | {Role.FINANCE_MAKER, Role.FINANCE_CHECKER, Role.AUDITOR}  # read what becomes of a city's money
EVERYBODY = frozenset(Role)
STANDS_IN = {Role.BUREAU_REVIEWER: frozenset({Role.BUREAU_HANDLER})}  # whose work waits for these as well
LENT = BUREAU | {Role.DISTRICT}  # what a deputy may do for somebody who is away: see portal/absences.py
OFFICIALS = EVERYBODY - UNIT - {Role.POSTDOC}


class Organisation(models.Model):
    """Whoever can hold people and matters. `code` is the unified social credit code of an enterprise, else our own.

    `pack` names the pack that brought the row; enterprises register themselves and have none.
    """

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("市人社局")
        DISTRICT_OFFICE = "district_office", _("区镇主管部门")
        DEPARTMENT = "department", _("市级部门")
        FINANCE = "finance", _("财政部门")
        ENTERPRISE = "enterprise", _("企业（设站单位）")
        UNIVERSITY = "university", _("高校院所")
        PARK = "park", _("园区")

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=160, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    district = models.ForeignKey("portal.District", models.PROTECT, related_name="+", verbose_name=_("所属区镇"))
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    pack = models.ForeignKey("portal.Pack", models.PROTECT, null=True, blank=True, related_name="+")
    loaded = models.JSONField(null=True, editable=False)
    edited_at = models.DateTimeField(null=True, editable=False)
    demo = models.BooleanField(_("演示数据"), default=False)

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        indexes = [models.Index(fields=["demo"], condition=Q(demo=True), name="organisation_demo")]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


@dataclass(frozen=True)
class Scope:
    """What a person's appointments of today reach: ids of rows, by role.

    `organisations` and `districts` (with all that lies below them) are those of roles that see cases; an empty
    set reaches nobody. `figures` are the districts whose indicators the person may see. All of these count what
    others lent who are away today; `own` and `lent` tell one from the other. `seats` are the departments for which a
    reporter speaks: what is a department's is theirs, not what lies in the same city.
    """

    roles: frozenset[Role]
    organisations: frozenset[int]
    districts: frozenset[int]
    figures: frozenset[int]
    by_role: dict[Role, tuple[frozenset[int], frozenset[int]]]  # role -> (organisations, districts)
    own: dict[Role, frozenset[int]]  # role -> organisations and districts
    lent: dict[int, dict[Role, frozenset[int]]]  # the same of each person one stands in for
    seats: frozenset[int] = frozenset()


class User(AbstractBaseUser):
    """One account per person, whatever they act for; rights come from appointments alone."""

    username = models.CharField(
        _("账号"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("这个账号已有人使用，请换一个，或用它登录。")},
    )
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("启用"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        constraints = [
            models.UniqueConstraint(
                fields=["phone"],
                condition=~Q(phone=""),
                name="user_phone_once",
                violation_error_message=_("这个手机号已经注册过，请直接登录，或用“忘记密码”找回。"),
            )
        ]

    def __str__(self):
        return self.name

    @cached_property
    def scope(self) -> Scope:
        """Rights are always those of today, read once per request: a role taken away is gone on the next click."""
        today = localdate()
        away = self.stands_in.filter(since__lte=today, until__gt=today).values("user")
        rows = (
            Appointment.objects.in_force(today)
            .filter(Q(user=self) | Q(user__in=away, user__is_active=True, role__in=LENT))
            .annotate(node=F("district__down__node"))
            .values_list("user", "role", "organisation", "node")
        )
        by_role: dict[Role, tuple[set[int], set[int]]] = {}
        by_person: dict[int, dict[Role, set[int]]] = {}
        seats: set[int] = set()
        for person, role, organisation, district in rows:
            organisations, districts = by_role.setdefault(Role(role), (set(), set()))
            places = by_person.setdefault(person, {}).setdefault(Role(role), set())
            if role in UNIT:  # an official's organisation is only where they sit
                organisations.add(organisation)
                places.add(organisation)
            else:
                districts.add(district)
                places.add(district)
                seats |= {organisation} - {None} if role == Role.REPORTER else set()

        def reach(roles, place):
            return frozenset().union(*(places[place] for role, places in by_role.items() if role in roles))

        return Scope(
            roles=frozenset(by_role),
            organisations=reach(CASEWORK, 0),
            districts=reach(CASEWORK, 1),
            figures=reach(FIGURES, 1),
            by_role={role: (frozenset(o), frozenset(d)) for role, (o, d) in by_role.items()},
            own={role: frozenset(places) for role, places in by_person.pop(self.pk, {}).items()},
            lent={
                person: {role: frozenset(places) for role, places in roles.items()}
                for person, roles in by_person.items()
            },
            seats=frozenset(seats),
        )

    def has_role(self, *roles) -> bool:
        return bool(self.scope.roles & set(roles))

    def roles_for(self, *, organisation_id: int | None, district_id: int | None) -> set[Role]:
        """The roles this person holds today towards something of that organisation in that district."""
        return {
            role
            for role, (organisations, districts) in self.scope.by_role.items()
            if organisation_id in organisations or district_id in districts
        }


class AppointmentQuerySet(models.QuerySet):
    def in_force(self, on):
        return self.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


class Appointment(models.Model):
    """A role somebody holds, from `since` to before `until`.

    For an organisation where the role is a unit's; else for a district with all below it, and then `organisation`
    only says in which office or department the person sits.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="appointments")
    district = models.ForeignKey("portal.District", models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                name="appointment_scope",
                condition=Q(role__in=sorted(UNIT), organisation__isnull=False, district=None)
                | (~Q(role__in=sorted(UNIT)) & Q(district__isnull=False)),
                violation_error_message=_("单位角色须指定单位；其他角色须指定区镇。"),
            ),
            models.CheckConstraint(
                name="appointment_period",
                condition=Q(until=None) | Q(until__gt=F("since")),
                violation_error_message=_("任职止期须晚于起期。"),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "district"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="appointment_once",
                violation_error_message=_("这个人已有同样的任职。"),
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()}"


class Invitation(models.Model):
    """Somebody is asked to take a role: a colleague for an organisation, an official for a district.

    Only a hash of the link is kept; it works once, until `expires_at`.
    """

    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="invitations")
    district = models.ForeignKey("portal.District", models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=60)
    phone = models.CharField(_("手机"), max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # None: from the command line
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("邀请")
        constraints = [
            models.CheckConstraint(
                name="invitation_scope",
                condition=Q(role__in=sorted(UNIT), organisation__isnull=False, district=None)
                | (~Q(role__in=sorted(UNIT)) & Q(district__isnull=False)),
                violation_error_message=_("单位角色须指定单位；其他角色须指定区镇。"),
            )
        ]

    def __str__(self):
        return f"{self.name} {self.get_role_display()}"

    @property
    def place(self):
        """For whom or where the role is held."""
        return self.district or self.organisation
