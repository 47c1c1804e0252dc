"""The pages of doctors and of research talents (see postdocs/told_views.py)."""

from django.utils.translation import gettext_lazy as _

from postdocs.rosters.filters import DoctorFilter, TalentFilter
from postdocs.rosters.forms import DoctorForm, TalentForm
from postdocs.rosters.models import Doctor, Talent
from postdocs.told_views import CONFIRMED, DISTRICT, UNIT, Column, Sort, Words
from stations.disciplines import name_of

DOCTORS = Sort(
    "doctor",
    Doctor,
    DoctorForm,
    DoctorFilter,
    Words(
        title=_("博士"),
        meta=_("在单位工作、不在站的博士；区镇核对后计入。博士后不用再登记。"),
        add=_("登记博士"),
        new_meta=_("核对以前只有本单位和区镇看得到。一次登记一位；多位请用 Excel 导入。"),
        unit=_("人"),
        empty=_("还没有登记博士。"),
    ),
    (
        Column(_("姓名"), str),
        UNIT,
        DISTRICT,
        Column(_("全职或双聘"), lambda row: str(row.get_engagement_display())),
        Column(_("博士毕业单位"), lambda row: row.person.degree_school, None),
        Column(_("博士一级学科"), lambda row: name_of(row.person.discipline) if row.person.discipline else "", None),
        Column(_("博士学位证书日期"), lambda row: row.person.degree_on, "num not-on-phone"),
        Column(_("引才渠道"), lambda row: str(row.get_channel_display()), "not-on-phone"),
        Column(_("本市首次参保"), lambda row: row.first_insured_on, "num not-on-phone"),
        Column(_("到岗日期"), lambda row: row.since, "num"),
        Column(_("离岗日期"), lambda row: row.until, "num not-on-phone"),
        CONFIRMED,
    ),
    join=("person",),
    kind="doctors",
)
TALENTS = Sort(
    "talent",
    Talent,
    TalentForm,
    TalentFilter,
    Words(
        title=_("研究人才"),
        meta=_("工作站花名册上的人；有合同、经区镇核对的计入，一人只计一次。"),
        add=_("登记研究人才"),
        new_meta=_("一次登记一位；多位请用 Excel 导入。"),
        unit=_("人"),
        empty=_("还没有登记研究人才。"),
    ),
    (
        Column(_("姓名"), str),
        UNIT,
        DISTRICT,
        Column(_("工作站编号"), lambda row: row.station.matter.number, None),
        Column(_("学位"), lambda row: str(row.get_degree_display())),
        Column(_("职称等级"), lambda row: str(row.get_rank_display()), "not-on-phone"),
        Column(_("职称"), lambda row: row.title, None),
        Column(_("岗位"), lambda row: str(row.get_post_display()), "not-on-phone"),
        Column(_("与工作站的关系"), lambda row: str(row.get_relation_display()), "not-on-phone"),
        Column(_("合同起"), lambda row: row.contract_since, "num not-on-phone"),
        Column(_("合同止"), lambda row: row.contract_until, None),
        Column(_("入职日期"), lambda row: row.since, "num"),
        Column(_("离职日期"), lambda row: row.until, None),
        CONFIRMED,
    ),
    join=("station__matter",),
    kind="talents",
)
