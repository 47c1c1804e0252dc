"""What an application of any city's types is filled with, for whoever walks it: without scripts, or in a browser."""

import yaml

from portal import packs
from portal.models import District, Role
from portal.models.people import UNIT
from stations.models import ApplicationType, Enterprise
from tests import make

TYPES = [
    (city, told["code"])
    for city in ("kunshan", "jianghai", "chongqing", "qingdao")
    for told in yaml.safe_load((packs.HOME / city / "applications.yaml").read_text(encoding="utf-8"))
]
PLAN = {
    "supervisor": "何清",
    "supervisor_title": "正高级工程师",
    "supervisor_field": "控制",
    "recruits": "2",
    "project": "高速主轴热误差补偿",
    "project_budget": "420",
    "innovation": "用在线测温数据修正。",
    "partner": "某大学",
    "salary_promise": "30",
    "manager": "周一鸣",
    "manager_phone": "13800004711",
    "classified": "false",
}


def load(city: str, code: str) -> ApplicationType:
    """The type, with the whole pack of its city."""
    pack = packs.load(packs.HOME / city)
    return ApplicationType.objects.select_related("pack__root").get(pack=pack, code=code)


def everybody(kind: ApplicationType) -> tuple[Enterprise, dict]:
    """An enterprise of the city that lacks nothing, and one person per role."""
    root = kind.pack.root
    north = District.objects.filter(parent=root).order_by("path_order").first()
    assert north
    unit = make.enterprise(north)
    who = {role: make.user(role, organisation=unit.organisation, district=root) for role in (*UNIT, *Role)}
    return unit, who | {Role.DISTRICT: make.user(Role.DISTRICT, district=north)}
