"""All tables of the app as they stand after 0010_radar, for a new database; one that has them already keeps its own."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import stations.disciplines
from django.conf import settings
from django.db import migrations, models

from portal.tables import WholeTables

VIEW = """
CREATE VIEW stations_cooperation AS
SELECT m.id * 2 AS id, m.matter_id, d.enterprise_id, f.university_id, m.id AS match_id, NULL::bigint AS partner_id,
  m.signed_on AS since, m.agreed_until AS until
FROM stations_match m JOIN stations_demand d ON d.id = m.demand_id JOIN stations_flowstation f ON f.id = m.flow_id
WHERE m.signed_on IS NOT NULL
UNION ALL
SELECT p.id * 2 + 1, s.matter_id, s.enterprise_id, p.listed_id, NULL, p.id, p.since, p.until
FROM stations_partner p JOIN stations_station s ON s.id = p.station_id
WHERE p.listed_id IS NOT NULL
"""


class Migration(migrations.Migration):
    replaces = [
        ("stations", "0001_initial"),
        ("stations", "0002_whole_stations"),
        ("stations", "0003_live_stations"),
        ("stations", "0004_one_rectification"),
        ("stations", "0005_sheet_without_rectification"),
        ("stations", "0006_cooperation"),
        ("stations", "0007_registrations"),
        ("stations", "0008_counted_figures"),
        ("stations", "0009_publicity"),
        ("stations", "0010_radar"),
    ]

    initial = True

    dependencies = [
        ('portal', '0001_squashed_0008_saved_views'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WholeTables([
            migrations.CreateModel(
                name='Cooperation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                ],
                options={
                    'verbose_name': '签约合作',
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='Enterprise',
                fields=[
                    ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='portal.organisation')),
                    ('code_confirmed', models.BooleanField(default=False)),
                    ('unit_type', models.CharField(blank=True, choices=[('state', '国有企业'), ('private', '民营企业'), ('foreign', '外资（含台资）企业'), ('joint', '合资企业'), ('university', '高校'), ('institute', '科研院所'), ('new_rd', '新型研发机构'), ('public', '其他事业单位'), ('park', '园区管委会')], max_length=12, verbose_name='单位性质')),
                    ('legal_person', models.BooleanField(null=True, verbose_name='独立法人')),
                    ('address', models.CharField(blank=True, max_length=160, verbose_name='单位地址')),
                    ('industry', models.CharField(blank=True, max_length=60, verbose_name='国民经济行业')),
                    ('tags', models.JSONField(blank=True, default=list, verbose_name='企业资质')),
                    ('revenue', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='上年度营业收入')),
                    ('rd_spend', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='上年度研发投入')),
                    ('staff', models.PositiveIntegerField(blank=True, null=True, verbose_name='职工人数')),
                    ('rd_staff', models.PositiveIntegerField(blank=True, null=True, verbose_name='研发人员')),
                    ('senior_staff', models.PositiveIntegerField(blank=True, null=True, verbose_name='高级职称人员')),
                    ('doctors', models.PositiveIntegerField(blank=True, null=True, verbose_name='博士人数')),
                    ('rd_name', models.CharField(blank=True, max_length=100, verbose_name='研发机构名称')),
                    ('rd_level', models.CharField(blank=True, choices=[('national', '国家级'), ('provincial', '省级'), ('municipal', '市级'), ('none', '未认定')], max_length=12, verbose_name='研发机构级别')),
                    ('contact', models.CharField(blank=True, max_length=40, verbose_name='联系人')),
                    ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('confirmed_on', models.DateField(null=True)),
                ],
                options={
                    'verbose_name': '设站单位',
                },
            ),
            migrations.CreateModel(
                name='ApplicationType',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='事项名称')),
                    ('title_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('kind', models.CharField(choices=[('national', '国家级博士后科研工作站'), ('branch', '博士后科研工作站分站'), ('regional', '区域性（园区）总站'), ('base_provincial', '省级博士后创新实践基地'), ('base_city', '市级博士后科研工作站（基地）'), ('doctor_station', '博士工作站（省级）'), ('overseas', '海外博士后工作室')], max_length=20, verbose_name='站点类型')),
                    ('route', models.CharField(choices=[('upward', '审核上报'), ('recognise', '认定备案')], max_length=10, verbose_name='办理方式')),
                    ('levels', models.JSONField(blank=True, default=list, verbose_name='上级')),
                    ('levels_en', models.JSONField(blank=True, default=list)),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('note_en', models.CharField(blank=True, max_length=500)),
                    ('recommended_needed', models.PositiveSmallIntegerField(default=1, verbose_name='至少几项推荐条件')),
                    ('minutes', models.PositiveSmallIntegerField(default=40, verbose_name='填写约需（分钟）')),
                    ('since', models.DateField(blank=True, null=True)),
                    ('until', models.DateField(blank=True, null=True)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '申报类型',
                },
            ),
            migrations.CreateModel(
                name='ApplicationWindow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='批次名称')),
                    ('title_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('since', models.DateField(verbose_name='开始受理')),
                    ('until', models.DateField(verbose_name='截止')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='stations.applicationtype')),
                ],
                options={
                    'verbose_name': '申报批次',
                },
            ),
            migrations.CreateModel(
                name='Application',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('route', models.CharField(choices=[('upward', '审核上报'), ('recognise', '认定备案')], max_length=10)),
                    ('signing', models.CharField(choices=[('account', '单位审核人确认'), ('page', '上传盖章页')], default='account', max_length=10, verbose_name='单位确认方式')),
                    ('status', models.CharField(choices=[('draft', '草稿'), ('certifying', '待单位审核'), ('district', '待区镇审核'), ('returned', '退回补正'), ('bureau', '待市局审核'), ('passed', '待市局审批'), ('sent', '已上报待批复'), ('approved', '已批准'), ('refused', '不予推荐'), ('rejected', '上级未批准'), ('withdrawn', '已撤回')], default='draft', max_length=12)),
                    ('supervisor', models.CharField(blank=True, max_length=40, verbose_name='拟任合作导师')),
                    ('supervisor_title', models.CharField(blank=True, max_length=40, verbose_name='导师职称')),
                    ('supervisor_field', models.CharField(blank=True, max_length=80, verbose_name='导师研究方向')),
                    ('recruits', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='两年内拟招收人数')),
                    ('project', models.CharField(blank=True, max_length=120, verbose_name='博士后科研项目')),
                    ('project_budget', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='项目经费')),
                    ('innovation', models.TextField(blank=True, max_length=500, verbose_name='创新点')),
                    ('partner', models.CharField(blank=True, max_length=100, verbose_name='拟合作流动站')),
                    ('salary_promise', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='承诺年薪')),
                    ('manager', models.CharField(blank=True, max_length=40, verbose_name='博士后管理人员')),
                    ('manager_phone', models.CharField(blank=True, max_length=20, verbose_name='管理人员电话')),
                    ('classified', models.BooleanField(null=True, verbose_name='材料是否涉密')),
                    ('truthful', models.BooleanField(default=False, verbose_name='承诺材料真实')),
                    ('reached', models.PositiveSmallIntegerField(default=0)),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.applicationtype')),
                    ('window', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='stations.applicationwindow')),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='stations.enterprise')),
                ],
                options={
                    'verbose_name': '设站申报',
                },
            ),
            migrations.CreateModel(
                name='Clock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='规则')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文名称')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('note_en', models.CharField(blank=True, max_length=500)),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('starts', models.JSONField(verbose_name='从何时起算')),
                    ('setting', models.CharField(blank=True, max_length=40, verbose_name='参数')),
                    ('remedy', models.CharField(max_length=80, verbose_name='怎样重新起算')),
                    ('remedy_en', models.CharField(blank=True, max_length=200)),
                    ('ground', models.CharField(choices=[('failed', '评估不合格，整改后仍不合格'), ('idle', '连续多年未招收'), ('breach', '严重违规'), ('misconduct', '学术不端'), ('bankrupt', '单位破产'), ('restructured', '单位重组'), ('moved', '单位迁出'), ('conditions', '不再具备设站条件'), ('request', '单位申请')], max_length=12, verbose_name='注销原因')),
                    ('barred_years', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='几年内不得再申报')),
                    ('since', models.DateField(verbose_name='执行起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='执行止')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '动态管理规则',
                },
            ),
            migrations.CreateModel(
                name='ClockCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='stations.clock')),
                ],
                options={
                    'verbose_name': '适用条件',
                },
            ),
            migrations.CreateModel(
                name='ClockStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('warn', '提示'), ('rectify', '整改'), ('remove', '摘牌')], max_length=8, verbose_name='步骤')),
                    ('months', models.SmallIntegerField(default=0, verbose_name='满几个月')),
                    ('setting', models.CharField(blank=True, max_length=40, verbose_name='参数')),
                    ('rectify_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='整改月数')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='stations.clock')),
                ],
                options={
                    'verbose_name': '步骤',
                },
            ),
            migrations.CreateModel(
                name='Condition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('group', models.CharField(choices=[('basic', '基本条件'), ('recommended', '推荐条件')], max_length=12, verbose_name='类别')),
                    ('title', models.CharField(max_length=60, verbose_name='条件')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('summary', models.CharField(max_length=200, verbose_name='要点')),
                    ('summary_en', models.CharField(blank=True, max_length=400, verbose_name='英文要点')),
                    ('assumed', models.BooleanField(default=False, verbose_name='参照执行')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('type', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='stations.applicationtype')),
                ],
                options={
                    'verbose_name': '设站条件',
                },
            ),
            migrations.CreateModel(
                name='Answer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('claimed', models.BooleanField(null=True, verbose_name='是否符合')),
                    ('statement', models.TextField(blank=True, max_length=500, verbose_name='说明')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='stations.application')),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.condition')),
                ],
                options={
                    'verbose_name': '条件自述',
                },
            ),
            migrations.CreateModel(
                name='ConditionCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='stations.condition')),
                ],
                options={
                    'verbose_name': '数据提示',
                },
            ),
            migrations.CreateModel(
                name='Consent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('way', models.CharField(choices=[('paper', '书面委托'), ('portal', '在平台上同意')], max_length=6, verbose_name='同意方式')),
                    ('given_on', models.DateField(verbose_name='同意日期')),
                    ('signer', models.CharField(max_length=60, verbose_name='单位签字人')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('ended_on', models.DateField(blank=True, null=True)),
                    ('end_note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='stations.application')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '代填同意书',
                },
            ),
            migrations.CreateModel(
                name='Certificate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('tag', models.CharField(choices=[('high_tech', '高新技术企业'), ('special', '专精特新企业（省级）'), ('little_giant', '国家级专精特新“小巨人”'), ('champion', '制造业单项冠军'), ('gazelle', '瞪羚企业'), ('unicorn', '独角兽培育企业'), ('to_list', '拟上市'), ('listed', '已上市'), ('chain_leader', '链主企业')], max_length=20, verbose_name='企业资质')),
                    ('number', models.CharField(max_length=60, verbose_name='证书编号')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enterprise', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.enterprise')),
                ],
                options={
                    'verbose_name': '资质证书',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='EnterpriseEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('renamed', '更名'), ('moved', '市内迁移'), ('left', '迁出本市'), ('restructured', '重组'), ('bankrupt', '破产'), ('deregistered', '注销')], max_length=12, verbose_name='变更')),
                    ('on', models.DateField(verbose_name='日期')),
                    ('document', models.CharField(max_length=80, verbose_name='依据文件')),
                    ('before', models.CharField(blank=True, max_length=120, verbose_name='变更前')),
                    ('after', models.CharField(blank=True, max_length=120, verbose_name='变更后')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='happenings', to='stations.enterprise')),
                ],
                options={
                    'verbose_name': '单位变更',
                },
            ),
            migrations.CreateModel(
                name='EvaluationScheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='评估办法')),
                    ('title_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('note_en', models.CharField(blank=True, max_length=500)),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('cycle_years', models.PositiveSmallIntegerField(default=1, verbose_name='周期（年）')),
                    ('cap', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='第一等次比例上限（%）')),
                    ('publicity_days', models.PositiveSmallIntegerField(default=5, verbose_name='公示工作日')),
                    ('rectify_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='整改月数')),
                    ('honour', models.SlugField(blank=True, verbose_name='称号代码')),
                    ('honour_title', models.CharField(blank=True, max_length=40, verbose_name='称号')),
                    ('honour_title_en', models.CharField(blank=True, max_length=80)),
                    ('since', models.DateField(verbose_name='执行起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='执行止')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '评估办法',
                },
            ),
            migrations.CreateModel(
                name='Evaluation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='评估名称')),
                    ('name_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('since', models.DateField(verbose_name='评估期起')),
                    ('until', models.DateField(verbose_name='评估期止')),
                    ('cut_off', models.DateField(verbose_name='截止日')),
                    ('report_by', models.DateField(verbose_name='自评截止')),
                    ('status', models.CharField(choices=[('preparing', '准备'), ('reporting', '自评填报'), ('checking', '区镇核查'), ('review', '市级评审'), ('publicity', '公示'), ('published', '已公布'), ('dropped', '已取消')], default='preparing', max_length=12)),
                    ('publicity_since', models.DateField(blank=True, null=True, verbose_name='公示起')),
                    ('publicity_until', models.DateField(blank=True, null=True, verbose_name='公示止')),
                    ('published_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                    ('document', models.CharField(blank=True, max_length=80, verbose_name='结果文号')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='stations.evaluationscheme')),
                ],
                options={
                    'verbose_name': '评估',
                },
            ),
            migrations.CreateModel(
                name='Filling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('target', models.CharField(max_length=80)),
                    ('value', models.TextField(blank=True)),
                    ('at', models.DateTimeField()),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fillings', to='stations.application')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '代填记录',
                },
            ),
            migrations.CreateModel(
                name='IndustryChain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('name', models.CharField(max_length=40, verbose_name='名称')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='英文名称')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '产业链',
                },
            ),
            migrations.CreateModel(
                name='FlowStation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('discipline', models.CharField(max_length=4, verbose_name='一级学科')),
                    ('approved_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='批准年份')),
                    ('head', models.CharField(blank=True, max_length=40, verbose_name='负责人')),
                    ('strengths', models.TextField(blank=True, max_length=1000, verbose_name='研究方向和人才')),
                    ('chains', models.ManyToManyField(blank=True, related_name='+', to='stations.industrychain', verbose_name='服务的产业链')),
                ],
                options={
                    'verbose_name': '流动站',
                },
            ),
            migrations.AddField(
                model_name='enterprise',
                name='chain',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.industrychain', verbose_name='重点产业链'),
            ),
            migrations.CreateModel(
                name='Demand',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('postdoc', '博士后招收'), ('challenge', '揭榜领题'), ('problem', '技术难题'), ('doctor', '博士招聘')], max_length=10, verbose_name='需求类型')),
                    ('title', models.CharField(max_length=100, verbose_name='题目')),
                    ('description', models.TextField(max_length=2000, verbose_name='说明')),
                    ('goals', models.TextField(blank=True, max_length=1000, verbose_name='关键技术指标')),
                    ('disciplines', models.JSONField(default=list, verbose_name='一级学科')),
                    ('people', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='人数')),
                    ('salary', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='年薪')),
                    ('funding', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='科研经费')),
                    ('deadline', models.DateField(verbose_name='截止日期')),
                    ('bottleneck', models.BooleanField(default=False, verbose_name='“卡脖子”项目')),
                    ('contact', models.CharField(max_length=40, verbose_name='联系人')),
                    ('contact_phone', models.CharField(max_length=20, verbose_name='联系电话')),
                    ('scope', models.CharField(choices=[('public', '公开'), ('flow', '仅流动站')], default='public', max_length=8, verbose_name='发布范围')),
                    ('status', models.CharField(choices=[('draft', '草稿'), ('review', '待区镇审核'), ('published', '已发布'), ('talking', '对接中'), ('signed', '已签约'), ('entered', '已进站'), ('down', '已撤下'), ('expired', '到期')], default='draft', max_length=12)),
                    ('published_on', models.DateField(blank=True, null=True)),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demands', to='stations.enterprise')),
                    ('chain', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.industrychain', verbose_name='重点产业链')),
                ],
                options={
                    'verbose_name': '需求',
                },
            ),
            migrations.CreateModel(
                name='Match',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('portal', '平台推荐'), ('campus', '校园招聘'), ('partner', '技术合作单位引荐'), ('alma_mater', '母校资源'), ('envoys', '科技镇长团'), ('alumni', '校友会'), ('agency', '中介机构'), ('challenge', '揭榜领题'), ('other', '其他')], default='portal', max_length=12, verbose_name='渠道')),
                    ('reasons', models.JSONField(blank=True, default=list)),
                    ('status', models.CharField(choices=[('proposed', '推荐'), ('talking', '洽谈'), ('signed', '签约'), ('entered', '进站'), ('ended', '终止')], default='proposed', max_length=12)),
                    ('meetings', models.PositiveSmallIntegerField(default=0)),
                    ('met_on', models.DateField(blank=True, null=True)),
                    ('matched_on', models.DateField(blank=True, null=True)),
                    ('signed_on', models.DateField(blank=True, null=True, verbose_name='签约日期')),
                    ('agreed_until', models.DateField(blank=True, null=True, verbose_name='协议有效期至')),
                    ('entered_on', models.DateField(blank=True, null=True, verbose_name='进站日期')),
                    ('people', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='引进人数')),
                    ('demand', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='stations.demand')),
                    ('flow', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matches', to='stations.flowstation', verbose_name='流动站')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                ],
                options={
                    'verbose_name': '对接',
                },
            ),
            migrations.CreateModel(
                name='Contact',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='日期')),
                    ('way', models.CharField(choices=[('event', '对接活动'), ('meeting', '上门洽谈'), ('online', '线上会议'), ('call', '电话或函件')], max_length=10, verbose_name='方式')),
                    ('both', models.BooleanField(verbose_name='双方都参加')),
                    ('result', models.CharField(max_length=500, verbose_name='结果')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('match', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='stations.match')),
                ],
                options={
                    'verbose_name': '联系记录',
                },
            ),
            migrations.CreateModel(
                name='Objection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='姓名或单位')),
                    ('contact', models.CharField(max_length=100, verbose_name='联系方式')),
                    ('reason', models.TextField(max_length=2000, verbose_name='异议内容和理由')),
                    ('received_on', models.DateField(verbose_name='收到日期')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('origin', models.CharField(blank=True, max_length=32)),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='核查情况和答复')),
                    ('answered_on', models.DateField(blank=True, null=True)),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='portal.matter')),
                    ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '公示异议',
                },
            ),
            migrations.CreateModel(
                name='Partner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('university', models.CharField(max_length=80, verbose_name='高校院所')),
                    ('flow_station', models.CharField(max_length=80, verbose_name='流动站')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                ],
                options={
                    'verbose_name': '合作流动站',
                    'abstract': False,
                },
            ),
            migrations.AddField(
                model_name='match',
                name='partner',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stations.partner'),
            ),
            migrations.CreateModel(
                name='Phrase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('verdict', models.CharField(choices=[('met', '符合'), ('unmet', '不符合'), ('unknown', '待核实')], max_length=8, verbose_name='结论')),
                    ('text', models.CharField(max_length=100, verbose_name='常用意见')),
                    ('text_en', models.CharField(blank=True, max_length=200, verbose_name='英文')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '常用意见',
                },
            ),
            migrations.CreateModel(
                name='PoolBasis',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=40, verbose_name='入库依据')),
                    ('title_en', models.CharField(blank=True, max_length=80, verbose_name='英文')),
                    ('focus', models.BooleanField(default=True, verbose_name='重点对象')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '入库依据',
                },
            ),
            migrations.CreateModel(
                name='PoolBasisCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('basis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='stations.poolbasis')),
                ],
                options={
                    'verbose_name': '数据提示',
                },
            ),
            migrations.CreateModel(
                name='PoolEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('new', '登记'), ('district', '待区镇意见'), ('returned', '退回补正'), ('bureau', '待市局选拔'), ('admitted', '在库待定方案'), ('growing', '培育中'), ('applied', '已申报'), ('established', '已建站出库'), ('left', '已退出储备库'), ('withdrawn', '已撤回')], default='new', max_length=12, verbose_name='状态')),
                    ('source', models.CharField(choices=[('unit', '企业自荐'), ('district', '区镇推荐'), ('bureau', '市级筛选')], max_length=10, verbose_name='来源')),
                    ('intention', models.CharField(blank=True, choices=[('firm', '有明确意向'), ('some', '有意向'), ('none', '暂无')], max_length=6, verbose_name='招收意向')),
                    ('statement', models.TextField(blank=True, max_length=500, verbose_name='情况说明')),
                    ('target_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2020), django.core.validators.MaxValueValidator(2099)], verbose_name='目标年份')),
                    ('tier', models.CharField(blank=True, choices=[('a', 'A 可申报'), ('b', 'B 一年内'), ('c', 'C 苗子')], max_length=1, verbose_name='培育梯队')),
                    ('plan', models.TextField(blank=True, max_length=2000, verbose_name='培育方案')),
                    ('entered_on', models.DateField(blank=True, null=True, verbose_name='入库日期')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='出库日期')),
                    ('left_because', models.CharField(blank=True, choices=[('moved', '迁出本市'), ('closed', '注销、破产或重组'), ('unwilling', '连续两年没有招收意向'), ('unfit', '不再具备培育条件'), ('hosted', '已有工作站'), ('other', '其他')], max_length=10, verbose_name='退出原因')),
                    ('application', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.application', verbose_name='设站申报')),
                    ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='区镇联系人')),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pool_entries', to='stations.enterprise')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.applicationtype', verbose_name='目标')),
                ],
                options={
                    'verbose_name': '储备库',
                },
            ),
            migrations.CreateModel(
                name='Measure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=200, verbose_name='措施')),
                    ('owner', models.CharField(choices=[('unit', '企业'), ('district', '区镇'), ('bureau', '市局')], max_length=10, verbose_name='责任方')),
                    ('due_on', models.DateField(verbose_name='完成时限')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                    ('done_note', models.CharField(blank=True, max_length=200, verbose_name='完成情况')),
                    ('added_on', models.DateField()),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='stations.poolentry')),
                ],
                options={
                    'verbose_name': '培育措施',
                },
            ),
            migrations.CreateModel(
                name='PoolGround',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('basis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', related_query_name='ground', to='stations.poolbasis')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grounds', to='stations.poolentry')),
                ],
            ),
            migrations.AddField(
                model_name='poolentry',
                name='bases',
                field=models.ManyToManyField(related_name='+', related_query_name='entry', through='stations.PoolGround', to='stations.poolbasis', verbose_name='入库依据'),
            ),
            migrations.CreateModel(
                name='RadarSweep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('read_at', models.DateTimeField()),
                    ('pack', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.pack')),
                ],
            ),
            migrations.CreateModel(
                name='Registration',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('asked', '待核对'), ('confirmed', '已确认'), ('refused', '未通过')], default='asked', max_length=10)),
                    ('proof', models.CharField(blank=True, choices=[('letter', '看了盖章的授权函'), ('phone', '打电话向单位核实')], max_length=6, verbose_name='怎样核对的')),
                    ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='stations.enterprise')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                ],
                options={
                    'verbose_name': '经办人注册',
                },
            ),
            migrations.CreateModel(
                name='ResearchOrganisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('name', models.CharField(max_length=100, verbose_name='研发机构名称')),
                    ('level', models.CharField(choices=[('national', '国家级'), ('provincial', '省级'), ('municipal', '市级'), ('none', '未认定')], max_length=12, verbose_name='级别')),
                    ('document', models.CharField(blank=True, max_length=80, verbose_name='批准文号')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enterprise', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.enterprise')),
                ],
                options={
                    'verbose_name': '研发机构',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SchemeDimension',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=40, verbose_name='维度')),
                    ('title_en', models.CharField(blank=True, max_length=80, verbose_name='英文')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='dimensions', to='stations.evaluationscheme')),
                ],
                options={
                    'verbose_name': '评估维度',
                },
            ),
            migrations.CreateModel(
                name='SchemeEntrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entrants', to='stations.evaluationscheme')),
                ],
                options={
                    'verbose_name': '参评条件',
                },
            ),
            migrations.CreateModel(
                name='SchemeGrade',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=20, verbose_name='等次')),
                    ('title_en', models.CharField(blank=True, max_length=40, verbose_name='英文')),
                    ('at_least', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='最低分')),
                    ('failing', models.BooleanField(default=False, verbose_name='须整改')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('scheme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grades', to='stations.evaluationscheme')),
                ],
                options={
                    'verbose_name': '等次',
                },
            ),
            migrations.CreateModel(
                name='SchemeItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='指标')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('points', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='满分')),
                    ('source', models.CharField(choices=[('fact', '平台记录'), ('counted', '平台明细'), ('reported', '单位填报'), ('judged', '评审打分')], max_length=10, verbose_name='数据来源')),
                    ('fact', models.CharField(blank=True, max_length=60, verbose_name='事实')),
                    ('counts', models.JSONField(blank=True, default=dict, verbose_name='数哪些记录')),
                    ('unit', models.CharField(blank=True, max_length=10, verbose_name='单位')),
                    ('unit_en', models.CharField(blank=True, max_length=30)),
                    ('hint', models.CharField(blank=True, max_length=120, verbose_name='怎么填')),
                    ('hint_en', models.CharField(blank=True, max_length=240)),
                    ('bands', models.JSONField(blank=True, default=dict, verbose_name='分档')),
                    ('evidence', models.BooleanField(default=False, verbose_name='须附证明')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('dimension', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='stations.schemedimension')),
                ],
                options={
                    'verbose_name': '评估指标',
                },
            ),
            migrations.CreateModel(
                name='Sheet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('reporting', '待自评'), ('certifying', '待单位审核'), ('checking', '待区镇核查'), ('returned', '退回补正'), ('review', '待市局评审'), ('scored', '已评分待定等'), ('graded', '已定等'), ('exempt', '不参评')], default='reporting', max_length=12)),
                    ('self_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='自评分')),
                    ('checked_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='核查分')),
                    ('final_score', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='最终分')),
                    ('grade_note', models.CharField(blank=True, max_length=200, verbose_name='与建议不同的理由')),
                    ('decision', models.JSONField(blank=True, null=True)),
                    ('evaluation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='stations.evaluation')),
                    ('grade', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.schemegrade')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                ],
                options={
                    'verbose_name': '评估表',
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('record', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='平台记录')),
                    ('counted', models.JSONField(editable=False, null=True)),
                    ('claimed', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='自报')),
                    ('statement', models.TextField(blank=True, max_length=500, verbose_name='说明')),
                    ('checked', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='区镇核定')),
                    ('check_note', models.CharField(blank=True, max_length=200, verbose_name='核定理由')),
                    ('settled', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='市局评定')),
                    ('settle_note', models.CharField(blank=True, max_length=200, verbose_name='评定理由')),
                    ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.schemeitem')),
                    ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='stations.sheet')),
                ],
                options={
                    'verbose_name': '评估表的一行',
                },
            ),
            migrations.CreateModel(
                name='SiteVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('visited_on', models.DateField(verbose_name='考察日期')),
                    ('visitors', models.CharField(max_length=200, verbose_name='考察人员')),
                    ('findings', models.TextField(max_length=1000, verbose_name='考察情况')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='stations.application')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                ],
                options={
                    'verbose_name': '实地考察记录',
                },
            ),
            migrations.CreateModel(
                name='Slot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='材料')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('hint', models.CharField(blank=True, max_length=120, verbose_name='要求')),
                    ('hint_en', models.CharField(blank=True, max_length=240, verbose_name='英文要求')),
                    ('required', models.BooleanField(default=True, verbose_name='必需')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='stations.condition')),
                ],
                options={
                    'verbose_name': '证明材料',
                },
            ),
            migrations.CreateModel(
                name='StandingCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ground', models.CharField(choices=[('failed', '评估不合格，整改后仍不合格'), ('idle', '连续多年未招收'), ('breach', '严重违规'), ('misconduct', '学术不端'), ('bankrupt', '单位破产'), ('restructured', '单位重组'), ('moved', '单位迁出'), ('conditions', '不再具备设站条件'), ('request', '单位申请')], max_length=12, verbose_name='注销原因')),
                    ('assumed', models.BooleanField(default=False)),
                    ('started_on', models.DateField(blank=True, null=True, verbose_name='起算')),
                    ('status', models.CharField(choices=[('new', '研判'), ('warned', '已提示'), ('rectifying', '整改中'), ('again', '待复评'), ('proposed', '拟摘牌'), ('removed', '已摘牌待交回'), ('handed', '已摘牌'), ('lifted', '已恢复'), ('dismissed', '不予处理')], default='new', max_length=12)),
                    ('rectify_since', models.DateField(blank=True, null=True, verbose_name='整改起')),
                    ('rectify_by', models.DateField(blank=True, null=True, verbose_name='整改截止')),
                    ('returned_on', models.DateField(blank=True, null=True, verbose_name='交回日期')),
                    ('barred_until', models.DateField(blank=True, null=True, verbose_name='此前不得再申报')),
                    ('seen', models.JSONField(default=list)),
                    ('clock', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='stations.clock')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('sheet', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standing', to='stations.sheet')),
                ],
                options={
                    'verbose_name': '动态管理',
                },
            ),
            migrations.CreateModel(
                name='Remedy',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=200, verbose_name='措施')),
                    ('due_on', models.DateField(verbose_name='计划完成')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                    ('result', models.CharField(blank=True, max_length=200, verbose_name='结果')),
                    ('added_on', models.DateField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remedies', to='stations.standingcase')),
                ],
                options={
                    'verbose_name': '整改措施',
                },
            ),
            migrations.CreateModel(
                name='Station',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='工作站名称')),
                    ('kind', models.CharField(choices=[('national', '国家级博士后科研工作站'), ('branch', '博士后科研工作站分站'), ('regional', '区域性（园区）总站'), ('base_provincial', '省级博士后创新实践基地'), ('base_city', '市级博士后科研工作站（基地）'), ('doctor_station', '博士工作站（省级）'), ('overseas', '海外博士后工作室')], max_length=20, verbose_name='站点类型')),
                    ('level', models.CharField(choices=[('national', '国家级'), ('provincial', '省级'), ('city', '市级')], max_length=12, verbose_name='级别')),
                    ('approved_on', models.DateField(verbose_name='批准日期')),
                    ('approval_document', models.CharField(max_length=80, verbose_name='批准文号')),
                    ('approver', models.CharField(max_length=80, verbose_name='批准机关')),
                    ('status', models.CharField(choices=[('valid', '有效'), ('paused', '暂停'), ('upgraded', '已升格'), ('cancelled', '已注销')], default='valid', max_length=12)),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='注销或升格日期')),
                    ('end_document', models.CharField(blank=True, max_length=80, verbose_name='注销或升格文号')),
                    ('end_ground', models.CharField(blank=True, choices=[('failed', '评估不合格，整改后仍不合格'), ('idle', '连续多年未招收'), ('breach', '严重违规'), ('misconduct', '学术不端'), ('bankrupt', '单位破产'), ('restructured', '单位重组'), ('moved', '单位迁出'), ('conditions', '不再具备设站条件'), ('request', '单位申请')], max_length=12, verbose_name='注销原因')),
                    ('application', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.application')),
                    ('chain', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', related_query_name='station', to='stations.industrychain')),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stations', to='stations.enterprise')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('upgraded_from', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.station')),
                ],
                options={
                    'verbose_name': '博士后工作站',
                },
            ),
            migrations.AddField(
                model_name='standingcase',
                name='station',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_cases', to='stations.station'),
            ),
            migrations.AddField(
                model_name='sheet',
                name='station',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='stations.station'),
            ),
            migrations.CreateModel(
                name='SalaryPromise',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='承诺年薪')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '承诺年薪',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Recruits',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年份')),
                    ('entered', models.PositiveSmallIntegerField(verbose_name='备案进站人数')),
                    ('last_on', models.DateField(blank=True, null=True, verbose_name='最近一次备案进站')),
                    ('present', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='年末在站人数')),
                    ('pay', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='博士后平均年薪')),
                    ('counted_on', models.DateField(verbose_name='统计截至')),
                    ('source', models.CharField(max_length=80, verbose_name='依据')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('confirmed_on', models.DateField(editable=False, null=True)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='recruits', to='stations.station')),
                ],
                options={
                    'verbose_name': '招收情况',
                },
            ),
            migrations.CreateModel(
                name='RadarRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case_status', models.CharField(blank=True, max_length=12)),
                    ('applies', models.BooleanField(null=True)),
                    ('worst', models.DateField(null=True)),
                    ('best', models.DateField(null=True)),
                    ('lacking', models.JSONField(default=list)),
                    ('compared', models.JSONField(default=dict)),
                    ('step', models.CharField(blank=True, max_length=8)),
                    ('place', models.CharField(max_length=8)),
                    ('day', models.DateField()),
                    ('rank', models.PositiveSmallIntegerField()),
                    ('order', models.PositiveSmallIntegerField()),
                    ('clock', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stations.clock')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.pack')),
                    ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stations.standingcase')),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stations.station')),
                ],
            ),
            migrations.CreateModel(
                name='Plate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '挂牌',
                    'abstract': False,
                },
            ),
            migrations.AddField(
                model_name='partner',
                name='station',
                field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station'),
            ),
            migrations.CreateModel(
                name='OverseasStudio',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('country', models.CharField(max_length=40, verbose_name='国家或地区')),
                    ('city', models.CharField(blank=True, max_length=40, verbose_name='城市')),
                    ('host', models.CharField(max_length=100, verbose_name='合作机构')),
                    ('contact', models.CharField(blank=True, max_length=40, verbose_name='联系人')),
                    ('reach', models.CharField(blank=True, max_length=80, verbose_name='联系方式')),
                    ('postdocs', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='博士后人数')),
                    ('document', models.CharField(blank=True, max_length=80, verbose_name='依据文件')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '海外博士后工作室',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Manager',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('name', models.CharField(max_length=40, verbose_name='管理人员')),
                    ('phone', models.CharField(max_length=20, verbose_name='电话')),
                    ('leader', models.CharField(blank=True, max_length=40, verbose_name='分管领导')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '管理人员',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='MainStation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('document', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('main', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='branchings', to='stations.station', verbose_name='所属总站')),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '所属总站',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Honour',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='称号代码')),
                    ('title', models.CharField(max_length=40, verbose_name='称号')),
                    ('title_en', models.CharField(blank=True, max_length=80)),
                    ('awarded_on', models.DateField(verbose_name='授予日期')),
                    ('document', models.CharField(max_length=80, verbose_name='授予文号')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                    ('end_document', models.CharField(blank=True, max_length=80, verbose_name='终止依据')),
                    ('sheet', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='honour', to='stations.sheet')),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='honours', to='stations.station')),
                ],
                options={
                    'verbose_name': '称号',
                },
            ),
            migrations.AddField(
                model_name='demand',
                name='station',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.station', verbose_name='设站的站点'),
            ),
            migrations.CreateModel(
                name='Consultation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('side', models.CharField(choices=[('unit', '企业'), ('district', '区镇'), ('bureau', '市局')], max_length=10, verbose_name='谁提出')),
                    ('topic', models.CharField(choices=[('recruiting', '博士后招收'), ('partner', '合作导师和流动站'), ('funding', '经费和补贴'), ('living', '住房、子女和落户'), ('project', '科研项目和转化'), ('running', '工作站管理'), ('policy', '政策和流程'), ('other', '其他')], max_length=12, verbose_name='问题类别')),
                    ('title', models.CharField(max_length=100, verbose_name='难点堵点')),
                    ('problem', models.TextField(max_length=2000, verbose_name='具体情况')),
                    ('status', models.CharField(choices=[('raised', '待分办'), ('assigned', '待会商'), ('concluded', '落实中'), ('closed', '已销号'), ('dropped', '不予会商'), ('withdrawn', '已撤回')], default='raised', max_length=12)),
                    ('owner_side', models.CharField(blank=True, choices=[('bureau', '市局'), ('district', '区镇')], max_length=10)),
                    ('meets_on', models.DateField(blank=True, null=True, verbose_name='会商日期')),
                    ('held_on', models.DateField(blank=True, null=True, verbose_name='实际会商日期')),
                    ('conclusion', models.TextField(blank=True, max_length=2000, verbose_name='会商结论')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='落实期限')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='牵头单位')),
                    ('participants', models.ManyToManyField(blank=True, related_name='+', to='portal.organisation', verbose_name='参加部门')),
                    ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='stations.enterprise', verbose_name='关于哪家单位')),
                    ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='stations.station', verbose_name='关于哪个站')),
                ],
                options={
                    'verbose_name': '会商',
                },
            ),
            migrations.CreateModel(
                name='StationDiscipline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('code', models.CharField(choices=stations.disciplines.choices, max_length=4, verbose_name='一级学科')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '一级学科',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='StationName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=120, verbose_name='曾用名')),
                    ('name_en', models.CharField(blank=True, max_length=240)),
                    ('until', models.DateField(verbose_name='更名日期')),
                    ('document', models.CharField(max_length=80, verbose_name='文号')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_names', to='stations.station')),
                ],
                options={
                    'verbose_name': '曾用名',
                },
            ),
            migrations.CreateModel(
                name='Supervisor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('name', models.CharField(max_length=40, verbose_name='姓名')),
                    ('title', models.CharField(max_length=40, verbose_name='职称')),
                    ('field', models.CharField(max_length=80, verbose_name='研究方向')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='电话')),
                    ('full_time', models.BooleanField(default=True, verbose_name='全职')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='stations.station')),
                ],
                options={
                    'verbose_name': '合作导师',
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='University',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='高校院所')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='英文名称')),
                    ('province', models.CharField(max_length=20, verbose_name='所在省市')),
                    ('double_first', models.BooleanField(default=False, verbose_name='“双一流”')),
                    ('key', models.BooleanField(default=False, verbose_name='重点高校')),
                    ('office', models.CharField(blank=True, max_length=80, verbose_name='博管办')),
                    ('phone', models.CharField(blank=True, max_length=30, verbose_name='博管办电话')),
                    ('demo', models.BooleanField(default=False, verbose_name='演示数据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '高校院所',
                },
            ),
            migrations.AddField(
                model_name='partner',
                name='listed',
                field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='agreements', to='stations.university'),
            ),
            migrations.CreateModel(
                name='Pairing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reasons', models.JSONField(blank=True, default=list)),
                    ('kept', models.BooleanField(default=False)),
                    ('changed_at', models.DateTimeField(auto_now=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.enterprise')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('university', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.university', verbose_name='高校院所')),
                ],
                options={
                    'verbose_name': '精准对接配对',
                },
            ),
            migrations.AddField(
                model_name='flowstation',
                name='university',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flows', to='stations.university'),
            ),
            migrations.CreateModel(
                name='UniversityName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='协议里的名称')),
                    ('on', models.DateField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('university', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_names', to='stations.university')),
                ],
                options={
                    'verbose_name': '高校院所的其他名称',
                },
            ),
            migrations.AddConstraint(
                model_name='applicationtype',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='application_type_once'),
            ),
            migrations.AddConstraint(
                model_name='applicationtype',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('levels', []), ('route', 'recognise')), models.Q(('route', 'upward'), models.Q(('levels', []), _negated=True)), _connector='OR'), name='application_type_levels', violation_error_message='审核上报须列出上级；认定备案没有上级。'),
            ),
            migrations.AddConstraint(
                model_name='applicationwindow',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='window_once', violation_error_message='这个代码已有批次使用。'),
            ),
            migrations.AddConstraint(
                model_name='applicationwindow',
                constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='window_period', violation_error_message='截止日期不能早于开始日期。'),
            ),
            migrations.AddConstraint(
                model_name='applicationwindow',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('type', '='), (models.Func('since', 'until', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='window_one_a_day', violation_error_message='同一类申报的两个批次不能重叠，请核对日期。'),
            ),
            migrations.AddConstraint(
                model_name='clock',
                constraint=models.UniqueConstraint(fields=('pack', 'code', 'since'), name='clock_once'),
            ),
            migrations.AddConstraint(
                model_name='clock',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='clock_period', violation_error_message='执行止须晚于执行起。'),
            ),
            migrations.AddConstraint(
                model_name='clockcriterion',
                constraint=models.UniqueConstraint(fields=('clock', 'fact', 'lookup'), name='clock_criterion_once'),
            ),
            migrations.AddConstraint(
                model_name='clockstep',
                constraint=models.UniqueConstraint(fields=('clock', 'kind'), name='clock_step_once'),
            ),
            migrations.AddConstraint(
                model_name='clockstep',
                constraint=models.CheckConstraint(condition=models.Q(('months__gte', 0), models.Q(('setting', ''), _negated=True), _connector='OR'), name='clock_step_months', violation_error_message='月数不能为负；只有写明 setting 时可以从它减去。'),
            ),
            migrations.AddConstraint(
                model_name='clockstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rectify'), ('rectify_months__gt', 0)), models.Q(models.Q(('kind', 'rectify'), _negated=True), ('rectify_months', None)), _connector='OR'), name='clock_step_rectify', violation_error_message='整改须写明 rectify_months，其他步骤不写。'),
            ),
            migrations.AddConstraint(
                model_name='condition',
                constraint=models.UniqueConstraint(fields=('type', 'code'), name='condition_once'),
            ),
            migrations.AddConstraint(
                model_name='answer',
                constraint=models.UniqueConstraint(fields=('application', 'condition'), name='answer_once'),
            ),
            migrations.AddConstraint(
                model_name='conditioncriterion',
                constraint=models.UniqueConstraint(fields=('condition', 'fact', 'lookup'), name='condition_criterion_once'),
            ),
            migrations.AddConstraint(
                model_name='consent',
                constraint=models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('application',), name='one_consent_in_force', violation_error_message='这件申报已有一份有效的代填同意。'),
            ),
            migrations.AddConstraint(
                model_name='consent',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('signer', ''), _negated=True), models.Q(models.Q(('way', 'paper'), _negated=True), ('file__isnull', False), _connector='OR')), name='consent_paper', violation_error_message='书面委托须写明签字人并上传文件。'),
            ),
            migrations.AddConstraint(
                model_name='consent',
                constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), models.Q(('ended_by__isnull', False), ('ended_on__gte', models.F('given_on'))), _connector='OR'), name='consent_period', violation_error_message='终止日期不能早于同意日期。'),
            ),
            migrations.AddConstraint(
                model_name='certificate',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='certificate_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='certificate',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('enterprise', '='), ('tag', '=')], name='certificate_once', violation_error_message='这项资质在这段时间已有证书。续期的新证书请从旧证书期满后起。'),
            ),
            migrations.AddConstraint(
                model_name='application',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['approved', 'refused', 'rejected', 'withdrawn']), _negated=True), fields=('enterprise', 'type'), name='one_open_application', violation_error_message='贵单位已有一件同类申报在办，请先办完或撤回那一件。'),
            ),
            migrations.AddConstraint(
                model_name='application',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'certifying', 'returned', 'withdrawn']), models.Q(('classified', False), ('project_budget__isnull', False), ('recruits__gte', 1), ('salary_promise__isnull', False), ('truthful', True)), _connector='OR'), name='application_submitted_complete', violation_error_message='申报内容还不完整，不能提交。'),
            ),
            migrations.AddConstraint(
                model_name='application',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('project_budget', None), ('project_budget__gte', 0), _connector='OR'), models.Q(('salary_promise', None), ('salary_promise__gte', 0), _connector='OR')), name='application_money', violation_error_message='金额不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='enterpriseevent',
                constraint=models.UniqueConstraint(fields=('enterprise', 'kind', 'on'), name='enterprise_event_once', violation_error_message='这一天已经登记过同样的变更。'),
            ),
            migrations.AddConstraint(
                model_name='evaluationscheme',
                constraint=models.UniqueConstraint(fields=('pack', 'code', 'since'), name='scheme_once'),
            ),
            migrations.AddConstraint(
                model_name='evaluationscheme',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='scheme_period', violation_error_message='执行止须晚于执行起。'),
            ),
            migrations.AddConstraint(
                model_name='evaluationscheme',
                constraint=models.CheckConstraint(condition=models.Q(('cap', None), models.Q(('cap__gt', 0), ('cap__lte', 100)), _connector='OR'), name='scheme_cap', violation_error_message='第一等次比例上限应为 1 到 100。'),
            ),
            migrations.AddConstraint(
                model_name='evaluationscheme',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('honour', ''), ('honour_title', '')), models.Q(models.Q(('honour', ''), _negated=True), models.Q(('honour_title', ''), _negated=True)), _connector='OR'), name='scheme_honour', violation_error_message='称号的代码和名称要么都写，要么都不写。'),
            ),
            migrations.AddConstraint(
                model_name='evaluation',
                constraint=models.CheckConstraint(condition=models.Q(('cut_off__gte', models.F('since')), ('until__gt', models.F('since'))), name='evaluation_period', violation_error_message='评估期止须晚于起，截止日不早于评估期起。'),
            ),
            migrations.AddConstraint(
                model_name='evaluation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['publicity', 'published']), _negated=True), models.Q(('publicity_since__isnull', False), ('publicity_until__gte', models.F('publicity_since'))), _connector='OR'), name='evaluation_publicity', violation_error_message='公示须有起止日期。'),
            ),
            migrations.AddConstraint(
                model_name='evaluation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_on__gt', models.F('publicity_until')), ('status', 'published'), models.Q(('document', ''), _negated=True)), models.Q(models.Q(('status', 'published'), _negated=True), ('document', ''), ('published_on', None)), _connector='OR'), name='evaluation_published', violation_error_message='公布须在公示期满之后，并有结果文件。'),
            ),
            migrations.AddConstraint(
                model_name='filling',
                constraint=models.UniqueConstraint(fields=('application', 'target', 'by'), name='filling_once'),
            ),
            migrations.AddConstraint(
                model_name='industrychain',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='chain_once', violation_error_message='这个代码已有产业链使用。'),
            ),
            migrations.AddConstraint(
                model_name='industrychain',
                constraint=models.UniqueConstraint(fields=('pack', 'name'), name='chain_name_once', violation_error_message='已有同名的产业链。'),
            ),
            migrations.AddIndex(
                model_name='enterprise',
                index=django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='enterprise_tags'),
            ),
            migrations.AddConstraint(
                model_name='enterprise',
                constraint=models.CheckConstraint(condition=models.Q(('rd_staff', None), ('staff', None), ('rd_staff__lte', models.F('staff')), _connector='OR'), name='enterprise_rd_staff', violation_error_message='研发人员不能多于职工人数。'),
            ),
            migrations.AddConstraint(
                model_name='enterprise',
                constraint=models.CheckConstraint(condition=models.Q(('senior_staff', None), ('staff', None), ('senior_staff__lte', models.F('staff')), _connector='OR'), name='enterprise_senior_staff', violation_error_message='高级职称人员不能多于职工人数。'),
            ),
            migrations.AddConstraint(
                model_name='enterprise',
                constraint=models.CheckConstraint(condition=models.Q(('doctors', None), ('staff', None), ('doctors__lte', models.F('staff')), _connector='OR'), name='enterprise_doctors', violation_error_message='博士人数不能多于职工人数。'),
            ),
            migrations.AddConstraint(
                model_name='enterprise',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('revenue', None), ('revenue__gte', 0), _connector='OR'), models.Q(('rd_spend', None), ('rd_spend__gte', 0), _connector='OR')), name='enterprise_money', violation_error_message='金额不能为负数。'),
            ),
            migrations.AddIndex(
                model_name='objection',
                index=models.Index(fields=['origin', 'recorded_at'], name='objection_origin'),
            ),
            migrations.AddConstraint(
                model_name='objection',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_by', None), ('answered_on', None)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_by__isnull', False), ('answered_on__gte', models.F('received_on'))), _connector='OR'), name='objection_answered_whole', violation_error_message='答复须写明内容，日期不早于收到日期。'),
            ),
            migrations.AddIndex(
                model_name='match',
                index=models.Index(fields=['matched_on'], name='match_matched'),
            ),
            migrations.AddConstraint(
                model_name='match',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'ended'), _negated=True), fields=('demand', 'flow'), name='match_once', violation_error_message='这条需求和这个流动站已在对接。'),
            ),
            migrations.AddConstraint(
                model_name='match',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('matched_on', None), models.Q(('matched_on__gte', models.F('met_on')), ('met_on__isnull', False)), _connector='OR'), models.Q(('entered_on', None), models.Q(('entered_on__gte', models.F('signed_on')), ('signed_on__isnull', False)), _connector='OR')), name='match_order', violation_error_message='对接、签约、进站的日期应依次不早于前一步。'),
            ),
            migrations.AddConstraint(
                model_name='match',
                constraint=models.CheckConstraint(condition=models.Q(('agreed_until', None), models.Q(('agreed_until__gt', models.F('signed_on')), ('signed_on__isnull', False)), _connector='OR'), name='match_agreement', violation_error_message='协议的最后一天不能早于签约日期。'),
            ),
            migrations.AddConstraint(
                model_name='match',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status', 'signed'), _negated=True), ('signed_on__isnull', False), _connector='OR'), models.Q(models.Q(('status', 'entered'), _negated=True), models.Q(('entered_on__isnull', False), ('people__gte', 1), ('people__isnull', False)), _connector='OR')), name='match_result', violation_error_message='签约须有日期；进站须有日期和人数。'),
            ),
            migrations.AddConstraint(
                model_name='phrase',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='phrase_once'),
            ),
            migrations.AddConstraint(
                model_name='poolbasis',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='pool_basis_once'),
            ),
            migrations.AddConstraint(
                model_name='poolbasiscriterion',
                constraint=models.UniqueConstraint(fields=('basis', 'fact', 'lookup'), name='pool_criterion_once'),
            ),
            migrations.AddIndex(
                model_name='measure',
                index=models.Index(condition=models.Q(('done_on', None)), fields=['due_on'], name='measure_open'),
            ),
            migrations.AddConstraint(
                model_name='measure',
                constraint=models.UniqueConstraint(fields=('entry', 'text'), name='measure_once', violation_error_message='方案里已有同样的措施。'),
            ),
            migrations.AddConstraint(
                model_name='measure',
                constraint=models.CheckConstraint(condition=models.Q(('done_on__isnull', False), ('done_note', ''), _connector='OR'), name='measure_note', violation_error_message='填写了完成情况，请同时填写完成日期。'),
            ),
            migrations.AddConstraint(
                model_name='poolground',
                constraint=models.UniqueConstraint(fields=('entry', 'basis'), name='pool_ground_once'),
            ),
            migrations.AddIndex(
                model_name='poolentry',
                index=models.Index(fields=['status', 'tier'], name='pool_entry_tier'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['established', 'left', 'withdrawn']), _negated=True), fields=('enterprise',), name='one_open_pool_entry', violation_error_message='这家单位已经在储备库，或正在选拔，不能重复入库。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('entered_on', None), ('status__in', ['new', 'district', 'returned', 'bureau', 'withdrawn']), ('tier', '')), ('status', 'left'), models.Q(('entered_on__isnull', False), ('status__in', ['admitted', 'growing', 'applied', 'established']), models.Q(('tier', ''), _negated=True)), _connector='OR'), name='pool_entry_entered', violation_error_message='在库单位须有入库日期和培育梯队，未入库的没有。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', False), ('status__in', ['established', 'left', 'withdrawn'])), models.Q(models.Q(('status__in', ['established', 'left', 'withdrawn']), _negated=True), ('ended_on', None)), _connector='OR'), name='pool_entry_ended', violation_error_message='出库单位须有出库日期，在库的没有。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), ('entered_on', None), ('ended_on__gte', models.F('entered_on')), _connector='OR'), name='pool_entry_period', violation_error_message='出库日期不能早于入库日期。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'left'), models.Q(('left_because', ''), _negated=True)), models.Q(models.Q(('status', 'left'), _negated=True), ('left_because', '')), _connector='OR'), name='pool_entry_left', violation_error_message='退出储备库须有退出原因。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('intention', ''), _negated=True), ('source', 'bureau'), _connector='OR'), name='pool_entry_intention', violation_error_message='请选一项招收意向。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'applied'), _negated=True), ('application__isnull', False), _connector='OR'), name='pool_entry_applied', violation_error_message='“已申报”须有对应的设站申报。'),
            ),
            migrations.AddConstraint(
                model_name='poolentry',
                constraint=models.CheckConstraint(condition=models.Q(('target_year__gte', 2020), ('target_year__lte', 2099)), name='pool_entry_year', violation_error_message='目标年份应在 2020 至 2099 之间。'),
            ),
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'confirmed')), fields=('enterprise',), name='one_confirmed_registration', violation_error_message='这家单位已有经办人，请由其邀请同事。'),
            ),
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.UniqueConstraint(condition=models.Q(('status', 'asked')), fields=('applicant',), name='one_open_registration', violation_error_message='您已提交申请，正等主管部门核对。'),
            ),
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'confirmed'), models.Q(('proof', ''), _negated=True)), models.Q(models.Q(('status', 'confirmed'), _negated=True), ('proof', '')), _connector='OR'), name='registration_proof', violation_error_message='确认时须写明怎样核对的。'),
            ),
            migrations.AddConstraint(
                model_name='researchorganisation',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='researchorganisation_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='researchorganisation',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('enterprise', '='), ('name', '='), ('level', '=')], name='research_once', violation_error_message='这个研发机构在这段时间已经登记。'),
            ),
            migrations.AddConstraint(
                model_name='schemedimension',
                constraint=models.UniqueConstraint(fields=('scheme', 'code'), name='dimension_once'),
            ),
            migrations.AddConstraint(
                model_name='schemeentrant',
                constraint=models.UniqueConstraint(fields=('scheme', 'fact', 'lookup'), name='entrant_once'),
            ),
            migrations.AddConstraint(
                model_name='schemegrade',
                constraint=models.UniqueConstraint(fields=('scheme', 'code'), name='grade_once'),
            ),
            migrations.AddConstraint(
                model_name='schemeitem',
                constraint=models.UniqueConstraint(fields=('dimension', 'code'), name='item_once'),
            ),
            migrations.AddConstraint(
                model_name='schemeitem',
                constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0), ('points__lte', 100)), name='item_points', violation_error_message='满分应大于 0，不超过 100。'),
            ),
            migrations.AddConstraint(
                model_name='schemeitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'fact'), models.Q(('fact', ''), _negated=True)), models.Q(models.Q(('source', 'fact'), _negated=True), ('fact', '')), _connector='OR'), name='item_fact', violation_error_message='来源为 fact 的指标须写明是哪个事实；其他来源不写。'),
            ),
            migrations.AddConstraint(
                model_name='schemeitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'counted'), models.Q(('counts', {}), _negated=True)), models.Q(models.Q(('source', 'counted'), _negated=True), ('counts', {})), _connector='OR'), name='item_counts', violation_error_message='来源为 counted 的指标须写明数哪些记录（counts）；其他来源不写。'),
            ),
            migrations.AddConstraint(
                model_name='line',
                constraint=models.UniqueConstraint(fields=('sheet', 'item'), name='sheet_line_once'),
            ),
            migrations.AddConstraint(
                model_name='line',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed', None), ('claimed__gte', 0), _connector='OR'), models.Q(('checked', None), ('checked__gte', 0), _connector='OR'), models.Q(('settled', None), ('settled__gte', 0), _connector='OR')), name='line_figures', violation_error_message='数值不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='line',
                constraint=models.CheckConstraint(condition=models.Q(('checked', None), models.Q(('check_note', ''), _negated=True), _connector='OR'), name='line_correction_says_why', violation_error_message='改动数值要写明理由。'),
            ),
            migrations.AddConstraint(
                model_name='line',
                constraint=models.CheckConstraint(condition=models.Q(('record', None), ('claimed', None), models.Q(('statement', ''), _negated=True), _connector='OR'), name='line_claim_says_why', violation_error_message='与平台明细不同，要写明理由。'),
            ),
            migrations.AddConstraint(
                model_name='sitevisit',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('visitors', ''), _negated=True), models.Q(('findings', ''), _negated=True)), name='visit_says_what', violation_error_message='请写明考察人员和考察情况。'),
            ),
            migrations.AddConstraint(
                model_name='slot',
                constraint=models.UniqueConstraint(fields=('condition', 'code'), name='slot_once'),
            ),
            migrations.AddConstraint(
                model_name='remedy',
                constraint=models.CheckConstraint(condition=models.Q(('done_on', None), models.Q(('done_on__gte', models.F('added_on')), models.Q(('result', ''), _negated=True)), _connector='OR'), name='remedy_done', violation_error_message='完成日期不早于登记，并写明结果。'),
            ),
            migrations.AddIndex(
                model_name='station',
                index=models.Index(fields=['approved_on'], name='station_approved'),
            ),
            migrations.AddConstraint(
                model_name='station',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status__in', ['cancelled', 'upgraded']), _negated=True), ('ended_on', None)), models.Q(('ended_on__gte', models.F('approved_on')), ('status__in', ['cancelled', 'upgraded'])), _connector='OR'), name='station_end', violation_error_message='注销或升格的站须有日期，且不早于批准日期。'),
            ),
            migrations.AddConstraint(
                model_name='station',
                constraint=models.UniqueConstraint(condition=models.Q(models.Q(('status__in', ['cancelled', 'upgraded']), _negated=True), models.Q(('kind__in', ['branch', 'overseas']), _negated=True)), fields=('enterprise', 'kind'), name='one_valid_station_of_a_kind', violation_error_message='这家单位已有一个有效的同类站。'),
            ),
            migrations.AddConstraint(
                model_name='standingcase',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('handed', 'lifted', 'dismissed')), _negated=True), fields=('station', 'clock'), name='standing_one_open', violation_error_message='这个站按这条规则已有一件在办。'),
            ),
            migrations.AddConstraint(
                model_name='standingcase',
                constraint=models.CheckConstraint(condition=models.Q(('clock__isnull', False), ('sheet__isnull', False), _connector='OR'), name='standing_because', violation_error_message='须写明是哪条规则或哪次评估。'),
            ),
            migrations.AddConstraint(
                model_name='standingcase',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('status__in', ['rectifying', 'again']), _negated=True), models.Q(('rectify_by', None), ('rectify_by__gte', models.F('rectify_since')), _connector='OR')), models.Q(('rectify_by__gte', models.F('rectify_since')), ('status__in', ['rectifying', 'again'])), _connector='OR'), name='standing_rectify', violation_error_message='整改须有起止日期，截止不早于起。'),
            ),
            migrations.AddConstraint(
                model_name='standingcase',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'handed'), _negated=True), ('returned_on__isnull', False), _connector='OR'), name='standing_handed', violation_error_message='请填写交回日期。'),
            ),
            migrations.AddConstraint(
                model_name='sheet',
                constraint=models.UniqueConstraint(fields=('evaluation', 'station'), name='sheet_once', violation_error_message='一个站在一轮评估里只有一张评估表。'),
            ),
            migrations.AddConstraint(
                model_name='sheet',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'scored'), _negated=True), ('final_score__isnull', False), _connector='OR'), name='sheet_scored', violation_error_message='还没有最终分，不能定等。'),
            ),
            migrations.AddConstraint(
                model_name='sheet',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'graded'), _negated=True), models.Q(('decision__isnull', False), ('final_score__isnull', False), ('grade__isnull', False)), _connector='OR'), name='sheet_decided', violation_error_message='公布的结果须有最终分、等次和依据。'),
            ),
            migrations.AddConstraint(
                model_name='salarypromise',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='salarypromise_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='salarypromise',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='salary_positive', violation_error_message='承诺年薪应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='salarypromise',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '=')], name='salary_once', violation_error_message='这段时间已经登记了承诺年薪。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.UniqueConstraint(fields=('station', 'year'), name='recruits_once_a_year', violation_error_message='这一年的招收情况已经登记，请改原来那一行。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1985)), name='recruits_year', violation_error_message='年份早于博士后制度建立，请核对。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(('counted_on__year', models.F('year'))), name='recruits_counted', violation_error_message='统计截至日应在这一年之内。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(('counted_on__lte', models.F('recorded_on'))), name='recruits_not_ahead', violation_error_message='统计截至日还没有到，只能登记已经发生的。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(('last_on', None), models.Q(('entered__gt', 0), ('last_on__lte', models.F('counted_on')), ('last_on__year', models.F('year'))), _connector='OR'), name='recruits_last', violation_error_message='最近一次备案进站应在这一年、统计截至日以前，且人数大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(('pay', None), ('pay__gt', 0), _connector='OR'), name='recruits_pay', violation_error_message='平均年薪应大于 0；不知道的不填。'),
            ),
            migrations.AddConstraint(
                model_name='recruits',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by', None), ('confirmed_on', None)), models.Q(('confirmed_by__isnull', False), ('confirmed_on__gte', models.F('recorded_on'))), _connector='OR'), name='recruits_confirmed', violation_error_message='核实须有人和日期，且不早于登记。'),
            ),
            migrations.AddIndex(
                model_name='radarrow',
                index=models.Index(fields=['pack', 'day', 'rank', 'station', 'order'], name='radar_row_order'),
            ),
            migrations.AddConstraint(
                model_name='radarrow',
                constraint=models.UniqueConstraint(fields=('station', 'clock'), name='radar_row_once'),
            ),
            migrations.AddConstraint(
                model_name='plate',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='plate_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='plate',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '=')], name='plate_once', violation_error_message='这段时间已经登记了挂牌。'),
            ),
            migrations.AddConstraint(
                model_name='overseasstudio',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='overseasstudio_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='overseasstudio',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '='), ('country', '='), ('host', '=')], name='studio_once', violation_error_message='这个工作室在这段时间已经登记；情况变了请给原来的一行填最后一天，再登记新的。'),
            ),
            migrations.AddConstraint(
                model_name='manager',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='manager_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='manager',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '=')], name='manager_once', violation_error_message='这段时间已经登记了管理人员。'),
            ),
            migrations.AddConstraint(
                model_name='mainstation',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='mainstation_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='mainstation',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '=')], name='main_station_once', violation_error_message='这段时间分站已属于另一个总站，两个总站不能重叠。请先给原来的那一行填止日。'),
            ),
            migrations.AddConstraint(
                model_name='honour',
                constraint=models.CheckConstraint(condition=models.Q(('ended_on', None), ('ended_on__gte', models.F('awarded_on')), _connector='OR'), name='honour_period', violation_error_message='终止日期不早于授予日期。'),
            ),
            migrations.AddConstraint(
                model_name='honour',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('station', '='), ('code', '='), (models.Func('awarded_on', 'ended_on', function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='honour_one_at_a_time', violation_error_message='这个站已有同样的称号，尚未终止。'),
            ),
            migrations.AddIndex(
                model_name='demand',
                index=models.Index(fields=['status', 'deadline'], name='demand_list'),
            ),
            migrations.AddConstraint(
                model_name='demand',
                constraint=models.CheckConstraint(condition=models.Q(('disciplines', []), _negated=True), name='demand_disciplines', violation_error_message='请至少选一个一级学科。'),
            ),
            migrations.AddConstraint(
                model_name='demand',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['postdoc', 'doctor']), _negated=True), models.Q(('people__gte', 1), ('people__isnull', False)), _connector='OR'), name='demand_people', violation_error_message='招人的需求请填人数，至少 1 人。'),
            ),
            migrations.AddConstraint(
                model_name='demand',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('salary', None), ('salary__gte', 0), _connector='OR'), models.Q(('funding', None), ('funding__gte', 0), _connector='OR')), name='demand_money', violation_error_message='金额不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='demand',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['published', 'talking', 'signed', 'entered', 'expired']), _negated=True), ('published_on__isnull', False), _connector='OR'), name='demand_published', violation_error_message='发布过的需求须有发布日期。'),
            ),
            migrations.AddIndex(
                model_name='consultation',
                index=models.Index(fields=['status', 'due_on'], name='consultation_open'),
            ),
            migrations.AddConstraint(
                model_name='consultation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['assigned', 'concluded', 'closed']), _negated=True), models.Q(('meets_on__isnull', False), ('owner__isnull', False), models.Q(('owner_side', ''), _negated=True)), _connector='OR'), name='consultation_assigned', violation_error_message='已分办的会商须有牵头单位和会商日期。'),
            ),
            migrations.AddConstraint(
                model_name='consultation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['concluded', 'closed']), _negated=True), models.Q(('due_on__isnull', False), ('held_on__isnull', False), models.Q(('conclusion', ''), _negated=True)), _connector='OR'), name='consultation_concluded', violation_error_message='有结论的会商须写明结论、会商日期和落实期限。'),
            ),
            migrations.AddConstraint(
                model_name='consultation',
                constraint=models.CheckConstraint(condition=models.Q(('held_on', None), ('due_on', None), ('due_on__gte', models.F('held_on')), _connector='OR'), name='consultation_days', violation_error_message='落实期限不能早于会商日期。'),
            ),
            migrations.AddConstraint(
                model_name='consultation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('side', 'unit'), _negated=True), ('enterprise__isnull', False), _connector='OR'), name='consultation_whose', violation_error_message='企业提出的会商须写明是哪家企业。'),
            ),
            migrations.AddConstraint(
                model_name='stationdiscipline',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='stationdiscipline_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='stationdiscipline',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '='), ('code', '=')], name='discipline_once', violation_error_message='这个学科在这段时间已经登记。'),
            ),
            migrations.AddConstraint(
                model_name='stationname',
                constraint=models.UniqueConstraint(fields=('station', 'until'), name='station_renamed_once_a_day', violation_error_message='这一天已经登记过更名。'),
            ),
            migrations.AddConstraint(
                model_name='supervisor',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='supervisor_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='supervisor',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '='), ('name', '='), ('phone', '=')], name='supervisor_once', violation_error_message='这位导师在这段时间已经登记。请改原来那一行，或给新的一行另一个起日。'),
            ),
            migrations.AddConstraint(
                model_name='university',
                constraint=models.UniqueConstraint(fields=('pack', 'name'), name='university_once', violation_error_message='名单里已有这所高校院所，请直接打开它修改。'),
            ),
            migrations.AddConstraint(
                model_name='partner',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='partner_period', violation_error_message='止日不能早于起日。'),
            ),
            migrations.AddConstraint(
                model_name='partner',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('station', '='), ('university', '='), ('flow_station', '=')], name='partner_once', violation_error_message='与这个流动站的协议在这段时间已经登记；续签请从前一份期满后起。'),
            ),
            migrations.AddConstraint(
                model_name='pairing',
                constraint=models.UniqueConstraint(fields=('pack', 'enterprise'), name='pairing_once', violation_error_message='这家单位已有一所配对的高校。'),
            ),
            migrations.AddConstraint(
                model_name='flowstation',
                constraint=models.UniqueConstraint(fields=('university', 'discipline'), name='flow_station_once', violation_error_message='这所高校院所已有这个学科的流动站。'),
            ),
            migrations.AddConstraint(
                model_name='flowstation',
                constraint=models.CheckConstraint(condition=models.Q(('discipline__regex', '^\\d{4}$')), name='flow_station_discipline', violation_error_message='一级学科代码是 4 位数字。'),
            ),
            migrations.AddConstraint(
                model_name='universityname',
                constraint=models.UniqueConstraint(fields=('pack', 'name'), name='university_name_once', violation_error_message='这个名称已经关联到一所高校院所。'),
            ),
        ]),
        migrations.RunSQL(VIEW, "DROP VIEW stations_cooperation"),
    ]
