"""All tables of the app as they stand after 0009_matched, for a new database; one that has them already keeps its own."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import stations.disciplines
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.tables import WholeTables

DOCTORAL = """
CREATE VIEW postdocs_doctoral AS
SELECT 's' || s.id AS id, s.person_id, m.organisation_id, m.district_id, s.entered_on AS since, s.ended_on AS until,
       s.withdrawn_on, 'postdoc' AS engagement, s.channel, NULL::date AS first_insured_on, s.id AS stay_id,
       NULL::bigint AS doctor_id
FROM postdocs_stay s JOIN portal_matter m ON m.id = s.matter_id WHERE s.entered_on IS NOT NULL
UNION ALL
SELECT 'd' || d.id, d.person_id, d.organisation_id, d.district_id, d.since, d.until, NULL::date, d.engagement, d.channel,
       d.first_insured_on, NULL::bigint, d.id
FROM postdocs_doctor d WHERE d.confirmed_on IS NOT NULL
"""
MATCHED = """
CREATE FUNCTION postdocs_match_agrees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM postdocs_stay y JOIN stations_match m ON m.id = y.match_id
               JOIN stations_demand d ON d.id = m.demand_id JOIN stations_station s ON s.id = y.station_id
               WHERE CASE TG_TABLE_NAME WHEN 'postdocs_stay' THEN y.id = NEW.id WHEN 'stations_match' THEN m.id = NEW.id
                     ELSE d.id = NEW.id END
               AND (d.enterprise_id <> s.enterprise_id OR d.station_id NOT IN (s.id, coalesce(s.upgraded_from_id, s.id)))) THEN
        RAISE EXCEPTION 'a stay and the match that led to it are of the same enterprise and station'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stay_match_agrees';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stay_match_agrees AFTER INSERT OR UPDATE OF match_id, station_id ON postdocs_stay
    FOR EACH ROW WHEN (NEW.match_id IS NOT NULL) EXECUTE FUNCTION postdocs_match_agrees();
CREATE CONSTRAINT TRIGGER stay_match_agrees AFTER UPDATE OF demand_id ON stations_match
    FOR EACH ROW WHEN (OLD.demand_id <> NEW.demand_id) EXECUTE FUNCTION postdocs_match_agrees();
CREATE CONSTRAINT TRIGGER stay_match_agrees AFTER UPDATE OF enterprise_id, station_id ON stations_demand
    FOR EACH ROW WHEN ((OLD.enterprise_id, OLD.station_id) IS DISTINCT FROM (NEW.enterprise_id, NEW.station_id))
    EXECUTE FUNCTION postdocs_match_agrees();
"""
MATCHED_BACK = """
DROP TRIGGER stay_match_agrees ON stations_demand;
DROP TRIGGER stay_match_agrees ON stations_match;
DROP TRIGGER stay_match_agrees ON postdocs_stay;
DROP FUNCTION postdocs_match_agrees();
"""


class Migration(migrations.Migration):
    replaces = [
        ("postdocs", "0001_initial"),
        ("postdocs", "0002_outcomes"),
        ("postdocs", "0003_services"),
        ("postdocs", "0004_destinations"),
        ("postdocs", "0005_persons"),
        ("postdocs", "0006_roster"),
        ("postdocs", "0007_inside"),
        ("postdocs", "0008_particulars"),
        ("postdocs", "0009_matched"),
    ]

    initial = True

    dependencies = [
        ('portal', '0001_squashed_0008_saved_views'),
        ('stations', '0001_squashed_0010_radar'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WholeTables([
            migrations.CreateModel(
                name='Doctoral',
                fields=[
                    ('id', models.CharField(max_length=24, primary_key=True, serialize=False)),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('withdrawn_on', models.DateField(null=True)),
                    ('engagement', models.CharField(choices=[('full', '全职'), ('dual', '双聘'), ('postdoc', '博士后')], max_length=8)),
                    ('channel', models.CharField(blank=True, max_length=12)),
                    ('first_insured_on', models.DateField(null=True)),
                ],
                options={
                    'verbose_name': '博士和博士后',
                    'db_table': 'postdocs_doctoral',
                    'managed': False,
                },
            ),
            migrations.CreateModel(
                name='Insured',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number_index', models.CharField(max_length=64)),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
                ],
                options={
                    'verbose_name': '参保人员',
                },
            ),
            migrations.CreateModel(
                name='InsuredMonth',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('month', models.DateField(verbose_name='月份')),
                    ('paid', models.BooleanField(verbose_name='当月已缴')),
                    ('back_paid_on', models.DateField(blank=True, null=True, verbose_name='补缴日期')),
                    ('source', models.CharField(max_length=80, verbose_name='依据')),
                    ('confirmed_on', models.DateField(verbose_name='核对日期')),
                    ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('insured', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='months', to='postdocs.insured')),
                ],
                options={
                    'verbose_name': '参保月份',
                },
            ),
            migrations.CreateModel(
                name='MilestoneRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('kind', models.CharField(choices=[('proposal', '开题'), ('midterm', '中期考核'), ('annual', '年度考核'), ('assessment', '出站考核')], max_length=12, verbose_name='节点')),
                    ('opens', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='进站后几个月起')),
                    ('due', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='进站后几个月内')),
                    ('again', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='未通过后几个月内重新进行')),
                    ('panel', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='专家至少几人')),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '在站节点',
                },
            ),
            migrations.CreateModel(
                name='Opportunity',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=30, verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='名称')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('hint', models.CharField(blank=True, max_length=160, verbose_name='资助')),
                    ('hint_en', models.CharField(blank=True, max_length=240)),
                    ('asks', models.CharField(blank=True, max_length=160, verbose_name='另须符合')),
                    ('asks_en', models.CharField(blank=True, max_length=240)),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '可申报项目',
                },
            ),
            migrations.CreateModel(
                name='OpportunityCriterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='criteria', to='postdocs.opportunity')),
                ],
                options={
                    'verbose_name': '申报条件',
                },
            ),
            migrations.CreateModel(
                name='Outcome',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('paper', '论文'), ('patent', '专利'), ('book', '专著'), ('project', '项目'), ('grant', '基金（资助）'), ('award', '奖励（荣誉）'), ('standard', '标准'), ('transfer', '成果转化'), ('software', '软件著作权'), ('product', '新产品（新工艺）')], max_length=10, verbose_name='类型')),
                    ('title', models.CharField(max_length=200, verbose_name='名称')),
                    ('done_on', models.DateField(verbose_name='成果日期')),
                    ('first_unit', models.BooleanField(blank=True, null=True, verbose_name='本单位为第一完成单位')),
                    ('details', models.JSONField(blank=True, default=dict)),
                    ('key', models.CharField(blank=True, max_length=400)),
                    ('alike', models.CharField(blank=True, max_length=200)),
                    ('status', models.CharField(choices=[('draft', '本人草稿'), ('unit', '待单位确认'), ('district', '待区镇核验'), ('verified', '已核验'), ('void', '作废')], default='unit', max_length=10)),
                    ('by_postdoc', models.BooleanField(default=False)),
                    ('recorded_on', models.DateField()),
                    ('granted_on', models.DateField(blank=True, null=True, verbose_name='授权日期')),
                    ('grant_number', models.CharField(blank=True, max_length=60, verbose_name='授权号')),
                    ('verified_on', models.DateField(blank=True, null=True)),
                    ('voided_on', models.DateField(blank=True, null=True)),
                    ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.enterprise')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='stations.station')),
                    ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '成果',
                },
            ),
            migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('initials', models.CharField(blank=True, editable=False, max_length=60)),
                    ('sex', models.CharField(blank=True, choices=[('male', '男'), ('female', '女')], max_length=6, verbose_name='性别')),
                    ('born_on', models.DateField(blank=True, null=True, verbose_name='出生日期')),
                    ('nationality', models.CharField(blank=True, default='中国', max_length=40, verbose_name='国籍（地区）')),
                    ('mobile', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮箱')),
                    ('degree_school', models.CharField(blank=True, max_length=80, verbose_name='博士毕业单位')),
                    ('degree_country', models.CharField(blank=True, default='中国', max_length=40, verbose_name='获博士学位国别（地区）')),
                    ('discipline', models.CharField(blank=True, choices=stations.disciplines.choices, max_length=4, verbose_name='博士一级学科')),
                    ('thesis', models.CharField(blank=True, max_length=200, verbose_name='博士论文题目')),
                    ('abstract', models.TextField(blank=True, max_length=1000, verbose_name='博士论文摘要')),
                    ('defended_on', models.DateField(blank=True, null=True, verbose_name='答辩通过日期')),
                    ('has_certificate', models.BooleanField(blank=True, null=True, verbose_name='已取得博士学位证书')),
                    ('degree_on', models.DateField(blank=True, null=True, verbose_name='证书签发日期')),
                    ('accredited_on', models.DateField(blank=True, null=True, verbose_name='国（境）外学位认证日期')),
                    ('title', models.CharField(blank=True, max_length=40, verbose_name='专业技术职称')),
                    ('settled_on', models.DateField(editable=False, null=True)),
                    ('version', models.PositiveIntegerField(default=0, editable=False)),
                    ('merged_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                    ('user', models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='person', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '人员',
                },
            ),
            migrations.CreateModel(
                name='Particulars',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('content', models.BinaryField()),
                    ('told_at', models.DateTimeField(auto_now=True)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='particulars', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '选填情况',
                },
            ),
            migrations.CreateModel(
                name='OwnInvitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('invitation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.invitation')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '博士后的邀请',
                },
            ),
            migrations.CreateModel(
                name='NotTheSame',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('note', models.CharField(max_length=300, verbose_name='理由')),
                    ('on', models.DateField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                    ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '不是同一人',
                },
            ),
            migrations.CreateModel(
                name='Merge',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chosen', models.JSONField()),
                    ('before', models.JSONField()),
                    ('moved', models.JSONField()),
                    ('after', models.JSONField()),
                    ('note', models.CharField(max_length=300, verbose_name='理由')),
                    ('on', models.DateField()),
                    ('undone_on', models.DateField(null=True)),
                    ('undone_note', models.CharField(blank=True, max_length=300, verbose_name='撤销理由')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('gone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                    ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '人员合并',
                },
            ),
            migrations.CreateModel(
                name='IdentityPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('id_card', '居民身份证'), ('residence', '港澳台居民居住证'), ('hk_macau', '港澳居民来往内地通行证'), ('taiwan', '台湾居民来往大陆通行证'), ('passport', '护照'), ('foreigner', '外国人永久居留身份证')], max_length=12, verbose_name='证件类型')),
                    ('number', models.BinaryField()),
                    ('number_index', models.CharField(max_length=64)),
                    ('settled', models.BooleanField(default=False)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '证件',
                },
            ),
            migrations.CreateModel(
                name='Doctor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('confirmed_on', models.DateField(editable=False, null=True, verbose_name='核对日期')),
                    ('engagement', models.CharField(choices=[('full', '全职'), ('dual', '双聘')], default='full', max_length=8, verbose_name='全职或双聘')),
                    ('channel', models.CharField(blank=True, choices=[('campus', '校园招聘'), ('partner', '技术合作单位引荐'), ('alma_mater', '博士后母校资源'), ('tech_team', '科技镇长团'), ('alumni', '校友会'), ('agency', '中介机构'), ('challenge', '揭榜领题'), ('matching', '校企对接'), ('self', '自荐'), ('other', '其他')], max_length=12, verbose_name='引才渠道')),
                    ('first_insured_on', models.DateField(blank=True, null=True, verbose_name='本市首次参保')),
                    ('since', models.DateField(verbose_name='到岗日期')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='离岗日期')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='单位')),
                    ('person', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='doctor_rows', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '博士',
                },
            ),
            migrations.CreateModel(
                name='Disclosure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('shown', '查看号码'), ('searched', '按号码查找')], max_length=8, verbose_name='事项')),
                    ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
                    ('on', models.DateField()),
                    ('purpose', models.CharField(choices=[('filing', '办理全国系统备案'), ('compare', '与证件原件核对'), ('payment', '资助兑现核验'), ('insurance', '社保或个税核验'), ('duplicate', '核对是否同一人'), ('inquiry', '信访、举报核查'), ('other', '其他')], max_length=10, verbose_name='目的')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁')),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter', verbose_name='事项编号')),
                    ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.identitypaper', verbose_name='证件')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person', verbose_name='本人')),
                ],
                options={
                    'verbose_name': '号码查看记录',
                },
            ),
            migrations.CreateModel(
                name='CareerRow',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('study', '学习'), ('work', '工作'), ('break', '说明空档')], max_length=6, verbose_name='类别')),
                    ('since', models.DateField(verbose_name='起（年月）')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止（年月）')),
                    ('place', models.CharField(max_length=100, verbose_name='学校、单位或说明')),
                    ('level', models.CharField(blank=True, choices=[('bachelor', '本科'), ('master', '硕士'), ('doctor', '博士'), ('other', '其他')], max_length=8, verbose_name='学历')),
                    ('discipline', models.CharField(blank=True, choices=stations.disciplines.choices, max_length=4, verbose_name='一级学科')),
                    ('post', models.CharField(blank=True, max_length=60, verbose_name='职务')),
                    ('standing', models.CharField(blank=True, choices=[('staff', '在职员工'), ('visitor', '访问学者'), ('postdoc', '博士后')], max_length=8, verbose_name='身份')),
                    ('country', models.CharField(blank=True, default='中国', max_length=40, verbose_name='国别（地区）')),
                    ('beside', models.BooleanField(default=False, verbose_name='在职攻读或兼任')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='career', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '学习工作经历',
                },
            ),
            migrations.CreateModel(
                name='Programme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=30, verbose_name='代码')),
                    ('name', models.CharField(max_length=60, verbose_name='名称')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('level', models.CharField(choices=[('national', '国家级'), ('provincial', '省级'), ('municipal', '市级'), ('district', '区县级')], max_length=10, verbose_name='级别')),
                    ('kind', models.CharField(choices=[('plan', '人才计划'), ('fund', '基金'), ('roadshow', '项目路演'), ('contest', '创新创业大赛')], max_length=10, verbose_name='类别')),
                    ('ranks', models.JSONField(blank=True, default=list, verbose_name='等次')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '遴选项目',
                },
            ),
            migrations.CreateModel(
                name='Ruling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chosen', models.JSONField()),
                    ('note', models.CharField(max_length=300, verbose_name='理由')),
                    ('on', models.DateField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.event')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '不一致的处理',
                },
            ),
            migrations.CreateModel(
                name='Service',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=30, verbose_name='代码')),
                    ('title', models.CharField(max_length=40, verbose_name='服务')),
                    ('title_en', models.CharField(blank=True, max_length=80, verbose_name='英文')),
                    ('group', models.CharField(choices=[('housing', '住房安居'), ('money', '生活补贴'), ('finance', '金融贷款'), ('family', '子女入学和配偶就业'), ('health', '医疗和疗休养'), ('security', '社保和落户'), ('career', '职称和项目'), ('travel', '交通和出行'), ('card', '人才卡'), ('care', '联系和关怀'), ('other', '其他')], max_length=10, verbose_name='类别')),
                    ('brings', models.CharField(max_length=200, verbose_name='能得到什么')),
                    ('brings_en', models.CharField(blank=True, max_length=300)),
                    ('askers', models.JSONField(default=list, verbose_name='谁可以提')),
                    ('criteria', models.JSONField(blank=True, default=list, verbose_name='条件')),
                    ('conditions', models.CharField(blank=True, max_length=200, verbose_name='由经办判断的条件')),
                    ('conditions_en', models.CharField(blank=True, max_length=300)),
                    ('papers', models.JSONField(blank=True, default=list, verbose_name='要带的材料')),
                    ('papers_en', models.JSONField(blank=True, default=list)),
                    ('department', models.CharField(max_length=40, verbose_name='主管部门')),
                    ('department_en', models.CharField(blank=True, max_length=80)),
                    ('days', models.PositiveSmallIntegerField(verbose_name='承诺工作日')),
                    ('assumed', models.BooleanField(default=False, verbose_name='时限为征求意见')),
                    ('tiers', models.JSONField(blank=True, default=list, verbose_name='档次')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='登记的部门')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '服务',
                },
            ),
            migrations.CreateModel(
                name='Sign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('ground', models.CharField(choices=[('01', '进站半年未取得国家承认的博士学位证书'), ('02', '以虚假材料进站'), ('03', '中期或出站考核不合格'), ('04', '严重违反学术道德'), ('05', '受刑事处罚'), ('06', '旷工等违反劳动纪律'), ('07', '患病难以完成研究'), ('08', '出国逾期不归超过三十天'), ('09', '期满无正当理由不办出站'), ('10', '在站超过六年'), ('11', '个人申请'), ('12', '设站单位原因'), ('99', '其他')], max_length=2, verbose_name='退站原因')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '退站提示',
                },
            ),
            migrations.CreateModel(
                name='Stay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('draft', '拟进站'), ('district', '待区镇核对'), ('filing', '待全国备案'), ('here', '在站'), ('exiting', '办理出站'), ('checking', '待区镇核对出站'), ('issuing', '待登记出站'), ('left', '已出站待登记去向'), ('settled', '已出站'), ('wishing', '本人申请退站'), ('withdrawing', '待退站'), ('withdrawn', '已退站'), ('dropped', '未进站')], default='draft', max_length=12)),
                    ('recruit_type', models.CharField(blank=True, choices=[('joint', '工作站联合招收'), ('alone', '工作站单独招收'), ('flow', '流动站招收'), ('exchange', '国际交流计划'), ('innovation', '创新人才支持计划'), ('other', '其他')], max_length=12, verbose_name='招收类型')),
                    ('identity', models.CharField(blank=True, choices=[('graduate', '非定向就业博士毕业生'), ('assigned', '定向委培博士毕业生'), ('employed', '在职人员'), ('military', '现役军人'), ('free', '无人事（劳动）关系人员'), ('discharged', '转业（复员）军人'), ('hmt', '港澳台人员'), ('foreign', '外籍人员')], max_length=12, verbose_name='当前身份')),
                    ('discipline', models.CharField(blank=True, choices=stations.disciplines.choices, max_length=4, verbose_name='招收一级学科')),
                    ('supervisor_name', models.CharField(blank=True, max_length=60, verbose_name='企业导师')),
                    ('flow_supervisor', models.CharField(blank=True, max_length=60, verbose_name='流动站导师')),
                    ('topic', models.CharField(blank=True, max_length=160, verbose_name='研究题目')),
                    ('contract_since', models.DateField(blank=True, null=True, verbose_name='合同起')),
                    ('planned_until', models.DateField(blank=True, null=True, verbose_name='合同止（预计出站）')),
                    ('salary', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='年薪')),
                    ('channel', models.CharField(blank=True, choices=[('campus', '校园招聘'), ('partner', '技术合作单位引荐'), ('alma_mater', '博士后母校资源'), ('tech_team', '科技镇长团'), ('alumni', '校友会'), ('agency', '中介机构'), ('challenge', '揭榜领题'), ('matching', '校企对接'), ('self', '自荐'), ('other', '其他')], max_length=12, verbose_name='引才渠道')),
                    ('entered_on', models.DateField(blank=True, null=True, verbose_name='进站日期')),
                    ('committee_number', models.CharField(blank=True, max_length=40, verbose_name='博管会编号')),
                    ('reported_on', models.DateField(blank=True, null=True, verbose_name='报到日期')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='出站或退站日期')),
                    ('certificate_number', models.CharField(blank=True, max_length=40, verbose_name='博士后证书编号')),
                    ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='退站日期')),
                    ('withdrawal_ground', models.CharField(blank=True, choices=[('01', '进站半年未取得国家承认的博士学位证书'), ('02', '以虚假材料进站'), ('03', '中期或出站考核不合格'), ('04', '严重违反学术道德'), ('05', '受刑事处罚'), ('06', '旷工等违反劳动纪律'), ('07', '患病难以完成研究'), ('08', '出国逾期不归超过三十天'), ('09', '期满无正当理由不办出站'), ('10', '在站超过六年'), ('11', '个人申请'), ('12', '设站单位原因'), ('99', '其他')], max_length=2, verbose_name='退站原因')),
                    ('withdrawal_side', models.CharField(blank=True, choices=[('unit', '设站单位'), ('person', '博士后本人')], max_length=6, verbose_name='谁提出退站')),
                    ('second_station', models.CharField(blank=True, max_length=80, verbose_name='转入的设站单位')),
                    ('flow_station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.flowstation', verbose_name='合作流动站')),
                    ('match', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.match', verbose_name='对接')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='postdocs.person')),
                    ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stays', to='stations.station')),
                    ('supervisor', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='stations.supervisor')),
                ],
                options={
                    'verbose_name': '在站经历',
                },
            ),
            migrations.CreateModel(
                name='Selection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('confirmed_on', models.DateField(editable=False, null=True, verbose_name='核对日期')),
                    ('project', models.CharField(blank=True, max_length=120, verbose_name='项目名称')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('listed_on', models.DateField(verbose_name='名单日期')),
                    ('document', models.CharField(max_length=80, verbose_name='文号或名单')),
                    ('number', models.CharField(blank=True, max_length=40, verbose_name='资助或获奖编号')),
                    ('rank', models.CharField(blank=True, max_length=20, verbose_name='等次')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='资助金额')),
                    ('revoked_on', models.DateField(blank=True, null=True, verbose_name='取消日期')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='单位')),
                    ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='selections', to='postdocs.programme', verbose_name='遴选项目')),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='selections', to='stations.station')),
                    ('stay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='selections', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '入选',
                },
            ),
            migrations.CreateModel(
                name='Owner',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('rank', models.PositiveSmallIntegerField(default=1, verbose_name='排名')),
                    ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='owners', to='postdocs.outcome')),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned', to='postdocs.stay', verbose_name='博士后')),
                ],
                options={
                    'verbose_name': '完成人',
                },
            ),
            migrations.CreateModel(
                name='Milestone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('proposal', '开题'), ('midterm', '中期考核'), ('annual', '年度考核'), ('assessment', '出站考核')], max_length=12, verbose_name='节点')),
                    ('held_on', models.DateField(verbose_name='日期')),
                    ('grade', models.CharField(choices=[('excellent', '优秀'), ('good', '良好'), ('passed', '合格'), ('failed', '不合格')], max_length=10, verbose_name='结果')),
                    ('title', models.CharField(blank=True, max_length=160, verbose_name='题目')),
                    ('panel', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='专家人数')),
                    ('chaired', models.BooleanField(blank=True, null=True, verbose_name='由合作导师任组长')),
                    ('opinion', models.CharField(blank=True, max_length=300, verbose_name='意见')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('checked_on', models.DateField(editable=False, null=True)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('checked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '在站节点记录',
                },
            ),
            migrations.CreateModel(
                name='Grant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('programme', models.CharField(choices=[('general', '中国博士后科学基金面上资助'), ('special', '中国博士后科学基金特别资助'), ('national', '国家资助博士后研究人员计划'), ('nsfc', '国家自然科学基金'), ('province', '省级项目或资助'), ('city', '市级项目或资助'), ('other', '其他')], max_length=10, verbose_name='项目类别')),
                    ('title', models.CharField(max_length=160, verbose_name='项目名称')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='申报年份')),
                    ('result', models.CharField(choices=[('applied', '已申报'), ('won', '获资助'), ('lost', '未获资助')], default='applied', max_length=8, verbose_name='结果')),
                    ('result_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='资助金额')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='结题日期')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '基金和项目',
                },
            ),
            migrations.CreateModel(
                name='FollowUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('months', models.PositiveSmallIntegerField(verbose_name='出站后几个月')),
                    ('checked_on', models.DateField(verbose_name='核实日期')),
                    ('in_city', models.BooleanField(blank=True, null=True, verbose_name='仍在本市')),
                    ('where', models.CharField(blank=True, max_length=100, verbose_name='现在哪里')),
                    ('source', models.CharField(choices=[('insurance', '社会保险'), ('visit', '走访'), ('phone', '电话'), ('other', '其他')], max_length=10, verbose_name='核实方式')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '后续跟踪',
                },
            ),
            migrations.CreateModel(
                name='Extension',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('draft', '草拟'), ('asked', '待区镇办理'), ('filed', '已备案'), ('refused', '未同意'), ('dropped', '已撤回')], default='draft', max_length=10)),
                    ('reason', models.CharField(max_length=500, verbose_name='理由')),
                    ('filed_on', models.DateField(editable=False, null=True)),
                    ('planned_until', models.DateField(verbose_name='延长到')),
                    ('planned_before', models.DateField(editable=False, null=True)),
                    ('supervisor_agreed_on', models.DateField(blank=True, null=True, verbose_name='合作导师同意日期')),
                    ('unit_agreed_on', models.DateField(blank=True, null=True, verbose_name='设站单位同意日期')),
                    ('flow_agreed_on', models.DateField(blank=True, null=True, verbose_name='流动站同意日期')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '延期',
                },
            ),
            migrations.CreateModel(
                name='Difference',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('here', '全国有，这里没有'), ('there', '这里有，全国没有'), ('exit', '全国已出站，这里没办完')], max_length=10, verbose_name='差异')),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('committee_number', models.CharField(blank=True, max_length=40, verbose_name='博管会编号')),
                    ('number_index', models.CharField(blank=True, editable=False, max_length=64)),
                    ('entered_on', models.DateField(blank=True, null=True, verbose_name='进站日期')),
                    ('ended_on', models.DateField(blank=True, null=True, verbose_name='出站日期')),
                    ('unit', models.CharField(blank=True, max_length=100, verbose_name='设站单位')),
                    ('flow', models.CharField(blank=True, max_length=100, verbose_name='流动站')),
                    ('state', models.CharField(blank=True, max_length=40, verbose_name='全国系统的状态')),
                    ('told_on', models.DateField(verbose_name='列入日期')),
                    ('settled_on', models.DateField(blank=True, null=True)),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='处理说明')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district', verbose_name='区镇')),
                    ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '备案差异',
                },
            ),
            migrations.CreateModel(
                name='Destination',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(choices=[('host', '留设站单位'), ('city_firm', '本市其他企业'), ('city_academy', '本市高校院所'), ('city_office', '本市机关事业'), ('startup', '本市自主创业'), ('away_firm', '市外企业'), ('away_univ', '市外高校'), ('away_academy', '市外院所'), ('away_office', '市外机关事业'), ('second', '进入二站'), ('back', '回原单位'), ('abroad', '出国（境）'), ('other', '其他')], max_length=12, verbose_name='去向类型')),
                    ('unit', models.CharField(blank=True, max_length=100, verbose_name='接收单位')),
                    ('unit_code', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                    ('region', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('^\\d{6}$', '区划代码是 6 位数字，如 320583。')], verbose_name='所在地区划代码')),
                    ('in_city', models.BooleanField(editable=False, null=True, verbose_name='在本市')),
                    ('position', models.CharField(blank=True, max_length=60, verbose_name='岗位')),
                    ('contract_since', models.DateField(blank=True, null=True, verbose_name='合同起')),
                    ('contract_years', models.DecimalField(blank=True, decimal_places=2, max_digits=4, null=True, verbose_name='合同年限')),
                    ('full_time', models.BooleanField(blank=True, null=True, verbose_name='全职')),
                    ('company', models.CharField(blank=True, max_length=100, verbose_name='创办企业')),
                    ('company_code', models.CharField(blank=True, max_length=18, verbose_name='创办企业的信用代码')),
                    ('share', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='本人股权比例')),
                    ('registered_on', models.DateField(blank=True, null=True, verbose_name='企业登记日期')),
                    ('told_on', models.DateField(editable=False, verbose_name='登记日期')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('stay', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='destination', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '去向',
                },
            ),
            migrations.CreateModel(
                name='Change',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('draft', '草拟'), ('asked', '待区镇办理'), ('filed', '已备案'), ('refused', '未同意'), ('dropped', '已撤回')], default='draft', max_length=10)),
                    ('reason', models.CharField(max_length=500, verbose_name='理由')),
                    ('filed_on', models.DateField(editable=False, null=True)),
                    ('kind', models.CharField(choices=[('supervisor', '变更企业导师'), ('topic', '变更研究题目'), ('flow', '变更合作流动站'), ('contract', '变更合同'), ('unit', '变更设站单位名称')], max_length=10, verbose_name='变更什么')),
                    ('agreed_on', models.DateField(blank=True, null=True, verbose_name='有关各方同意日期')),
                    ('supervisor_name', models.CharField(blank=True, max_length=60, verbose_name='企业导师')),
                    ('topic', models.CharField(blank=True, max_length=160, verbose_name='研究题目')),
                    ('flow_supervisor', models.CharField(blank=True, max_length=60, verbose_name='流动站导师')),
                    ('contract_since', models.DateField(blank=True, null=True, verbose_name='合同起')),
                    ('salary', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='年薪')),
                    ('unit_name', models.CharField(blank=True, max_length=80, verbose_name='设站单位名称')),
                    ('before', models.JSONField(default=dict, editable=False)),
                    ('flow_station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.flowstation', verbose_name='合作流动站')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '变更',
                },
            ),
            migrations.CreateModel(
                name='Abroad',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('country', models.CharField(max_length=40, verbose_name='国家（地区）')),
                    ('purpose', models.CharField(max_length=160, verbose_name='事由')),
                    ('since', models.DateField(verbose_name='出境日期')),
                    ('back_by', models.DateField(verbose_name='约定返回日期')),
                    ('returned_on', models.DateField(blank=True, null=True, verbose_name='实际返回日期')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('stay', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='abroad', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '出国出境',
                },
            ),
            migrations.CreateModel(
                name='Talent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField(auto_now=True)),
                    ('confirmed_on', models.DateField(editable=False, null=True, verbose_name='核对日期')),
                    ('number_index', models.CharField(editable=False, max_length=64)),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('degree', models.CharField(choices=[('doctor', '博士'), ('master', '硕士'), ('bachelor', '学士'), ('other', '其他')], max_length=10, verbose_name='学位')),
                    ('rank', models.CharField(choices=[('senior', '高级'), ('middle', '中级'), ('junior', '初级'), ('none', '没有职称')], default='none', max_length=8, verbose_name='职称等级')),
                    ('title', models.CharField(blank=True, max_length=40, verbose_name='职称')),
                    ('post', models.CharField(choices=[('research', '研发'), ('engineering', '工程'), ('management', '技术管理'), ('other', '其他')], max_length=12, verbose_name='岗位')),
                    ('relation', models.CharField(choices=[('team', '博士后团队成员'), ('project', '博士后项目引进'), ('staff', '工作站研发人员'), ('postdoc', '博士后')], max_length=8, verbose_name='与工作站的关系')),
                    ('contract_since', models.DateField(blank=True, null=True, verbose_name='合同起')),
                    ('contract_until', models.DateField(blank=True, null=True, verbose_name='合同止')),
                    ('since', models.DateField(verbose_name='入职日期')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='离职日期')),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='单位')),
                    ('station', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='talents', to='stations.station')),
                ],
                options={
                    'verbose_name': '研究人才',
                },
            ),
            migrations.CreateModel(
                name='Visit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('visited_on', models.DateField(verbose_name='走访日期')),
                    ('visitors', models.CharField(max_length=100, verbose_name='走访人')),
                    ('promised', models.CharField(blank=True, max_length=500, verbose_name='答应做的事')),
                    ('note', models.TextField(blank=True, max_length=2000, verbose_name='走访情况')),
                    ('recorded_on', models.DateField(editable=False)),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.poolentry', verbose_name='储备库企业')),
                    ('file', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('station', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.station', verbose_name='工作站')),
                    ('stay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='postdocs.stay', verbose_name='博士后')),
                ],
                options={
                    'verbose_name': '走访',
                },
            ),
            migrations.CreateModel(
                name='ServiceRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('side', models.CharField(choices=[('postdoc', '博士后本人'), ('unit', '设站单位代提'), ('office', '走访时登记')], max_length=8, verbose_name='谁提出')),
                    ('tier', models.CharField(blank=True, max_length=20, verbose_name='档次')),
                    ('content', models.TextField(max_length=1000, verbose_name='诉求内容')),
                    ('status', models.CharField(choices=[('submitted', '已提交'), ('accepted', '已受理'), ('underway', '办理中'), ('answered', '已答复'), ('rated', '已评价'), ('following', '差评待回访'), ('withdrawn', '已撤回')], default='submitted', max_length=12)),
                    ('level', models.CharField(choices=[('district', '区镇'), ('bureau', '市局')], default='district', max_length=8)),
                    ('accepted_on', models.DateField(blank=True, null=True, verbose_name='受理日期')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='承诺答复日期')),
                    ('answered_on', models.DateField(blank=True, null=True, verbose_name='答复日期')),
                    ('outcome', models.CharField(blank=True, choices=[('done', '已办成'), ('explained', '不符合或办不了，已说明')], max_length=10, verbose_name='结果')),
                    ('answer', models.TextField(blank=True, max_length=2000, verbose_name='答复')),
                    ('score', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='评分')),
                    ('comment', models.CharField(blank=True, max_length=500, verbose_name='评价')),
                    ('low', models.BooleanField(default=False, verbose_name='有过差评')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='承办部门')),
                    ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='postdocs.service', verbose_name='服务')),
                    ('stay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='postdocs.stay', verbose_name='博士后')),
                    ('visit', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needs', to='postdocs.visit')),
                ],
                options={
                    'verbose_name': '服务诉求',
                },
            ),
            migrations.CreateModel(
                name='EntryPaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=30, verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='材料')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('hint', models.CharField(blank=True, max_length=160, verbose_name='说明')),
                    ('hint_en', models.CharField(blank=True, max_length=240)),
                    ('stage', models.CharField(choices=[('entry', '进站'), ('exit', '出站'), ('withdrawal', '退站')], default='entry', max_length=10, verbose_name='哪个环节')),
                    ('whom', models.CharField(choices=[('all', '所有人'), ('joint', '联合招收'), ('abroad', '国（境）外学位')], default='all', max_length=8, verbose_name='谁要交')),
                    ('identities', models.JSONField(blank=True, default=list, verbose_name='哪些身份')),
                    ('required', models.BooleanField(default=True, verbose_name='必交')),
                    ('months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='可在进站后几个月内补交')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '进站材料',
                    'constraints': [models.UniqueConstraint(fields=('pack', 'code'), name='entry_paper_once'), models.CheckConstraint(condition=models.Q(('months', None), ('stage', 'entry'), _connector='OR'), name='entry_paper_follows', violation_error_message='只有进站材料可以在进站后补交。')],
                },
            ),
            migrations.AddIndex(
                model_name='insured',
                index=models.Index(fields=['number_index'], name='insured_number'),
            ),
            migrations.AddConstraint(
                model_name='insured',
                constraint=models.UniqueConstraint(fields=('organisation', 'number_index'), name='insured_once', violation_error_message='这个证件号码在这家单位已有一行。'),
            ),
            migrations.AddIndex(
                model_name='insuredmonth',
                index=models.Index(fields=['month'], name='insured_month'),
            ),
            migrations.AddConstraint(
                model_name='insuredmonth',
                constraint=models.UniqueConstraint(fields=('insured', 'month'), name='insured_month_once', violation_error_message='这个人这个月已有一行。'),
            ),
            migrations.AddConstraint(
                model_name='insuredmonth',
                constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='insured_month_first', violation_error_message='月份记作当月第一天。'),
            ),
            migrations.AddConstraint(
                model_name='insuredmonth',
                constraint=models.CheckConstraint(condition=models.Q(('back_paid_on', None), models.Q(('back_paid_on__gt', models.F('month')), ('paid', False)), _connector='OR'), name='insured_back_paid', violation_error_message='补缴日期只写在当月没缴的行上，且晚于当月。'),
            ),
            migrations.AddConstraint(
                model_name='milestonerule',
                constraint=models.UniqueConstraint(fields=('pack', 'kind'), name='milestone_rule_once'),
            ),
            migrations.AddConstraint(
                model_name='milestonerule',
                constraint=models.CheckConstraint(condition=models.Q(('opens', None), ('due', None), ('due__gte', models.F('opens')), _connector='OR'), name='milestone_rule_period', violation_error_message='截止不能早于开始。'),
            ),
            migrations.AddConstraint(
                model_name='opportunity',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='opportunity_once'),
            ),
            migrations.AddConstraint(
                model_name='opportunitycriterion',
                constraint=models.UniqueConstraint(fields=('opportunity', 'fact', 'lookup'), name='opportunity_criterion_once'),
            ),
            migrations.AddIndex(
                model_name='outcome',
                index=models.Index(condition=models.Q(('key', ''), _negated=True), fields=['pack', 'key'], name='outcome_key'),
            ),
            migrations.AddIndex(
                model_name='outcome',
                index=models.Index(fields=['pack', 'alike'], name='outcome_alike'),
            ),
            migrations.AddIndex(
                model_name='outcome',
                index=models.Index(fields=['done_on'], name='outcome_done'),
            ),
            migrations.AddIndex(
                model_name='outcome',
                index=models.Index(fields=['station', 'kind'], name='outcome_station'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.UniqueConstraint(condition=models.Q(('voided_on', None), models.Q(('key', ''), _negated=True)), fields=('enterprise', 'key'), name='outcome_once_a_unit', violation_error_message='本单位已登记过这项成果。多人共有的，在原记录里添加共有人。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.UniqueConstraint(condition=models.Q(('verified_on__isnull', False), ('voided_on', None), models.Q(('key', ''), _negated=True)), fields=('pack', 'key'), name='outcome_counted_once', violation_error_message='同一项成果已核验计数，一项只计一次。请并入原记录；看不到原记录的，请市局办理。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['paper', 'patent', 'book', 'project', 'grant', 'award', 'standard', 'transfer', 'software', 'product'])), name='outcome_kind', violation_error_message='没有这种成果类型。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='outcome_title', violation_error_message='请填写成果名称。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(('done_on__lte', models.F('recorded_on'))), name='outcome_not_ahead', violation_error_message='成果日期还没有到，请核对。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('verified_by', None), ('verified_on', None), models.Q(('status', 'verified'), _negated=True)), models.Q(('verified_by__isnull', False), ('verified_on__gte', models.F('done_on'))), _connector='OR'), name='outcome_verified', violation_error_message='已核验的成果须有核验人和日期，且不早于成果日期。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'void'), ('voided_on__isnull', False)), models.Q(models.Q(('status', 'void'), _negated=True), ('voided_on', None)), _connector='OR'), name='outcome_void', violation_error_message='作废的成果须有作废日期，未作废的不能有。'),
            ),
            migrations.AddConstraint(
                model_name='outcome',
                constraint=models.CheckConstraint(condition=models.Q(('granted_on', None), models.Q(('granted_on__gte', models.F('done_on')), ('kind', 'patent')), _connector='OR'), name='outcome_granted', violation_error_message='只有专利有授权日期，且不早于申请日期。'),
            ),
            migrations.AddIndex(
                model_name='person',
                index=models.Index(fields=['name'], name='person_name'),
            ),
            migrations.AddIndex(
                model_name='person',
                index=models.Index(fields=['initials'], name='person_az'),
            ),
            migrations.AddConstraint(
                model_name='person',
                constraint=models.CheckConstraint(condition=models.Q(('born_on', None), ('born_on__gte', '1930-01-01'), _connector='OR'), name='person_born', violation_error_message='出生日期早于 1930 年，请核对。'),
            ),
            migrations.AddConstraint(
                model_name='person',
                constraint=models.CheckConstraint(condition=models.Q(('degree_on', None), ('has_certificate', True), _connector='OR'), name='person_certificate', violation_error_message='填了证书签发日期，“已取得博士学位证书”应选“是”。'),
            ),
            migrations.AddConstraint(
                model_name='person',
                constraint=models.CheckConstraint(condition=models.Q(('degree_on', None), ('defended_on', None), ('degree_on__gte', models.F('defended_on')), _connector='OR'), name='person_degree_order', violation_error_message='证书签发日期早于答辩通过日期，请核对证书。'),
            ),
            migrations.AddConstraint(
                model_name='notthesame',
                constraint=models.UniqueConstraint(fields=('first', 'second'), name='apart_once'),
            ),
            migrations.AddConstraint(
                model_name='notthesame',
                constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='apart_in_order'),
            ),
            migrations.AddConstraint(
                model_name='merge',
                constraint=models.UniqueConstraint(condition=models.Q(('undone_on', None)), fields=('gone',), name='merged_once'),
            ),
            migrations.AddConstraint(
                model_name='merge',
                constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('gone')), _negated=True), name='merge_of_two'),
            ),
            migrations.AddConstraint(
                model_name='merge',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_by', None), ('undone_on', None)), models.Q(('undone_by__isnull', False), ('undone_on__gte', models.F('on'))), _connector='OR'), name='merge_undone'),
            ),
            migrations.AddIndex(
                model_name='identitypaper',
                index=models.Index(fields=['number_index'], name='paper_number'),
            ),
            migrations.AddConstraint(
                model_name='identitypaper',
                constraint=models.UniqueConstraint(condition=models.Q(('settled', True)), fields=('number_index',), name='paper_of_one_person', violation_error_message='这个证件号码已属另一份人员记录，请市局核对。'),
            ),
            migrations.AddConstraint(
                model_name='identitypaper',
                constraint=models.UniqueConstraint(fields=('person', 'kind'), name='paper_once_a_kind', violation_error_message='这个人已登记过这种证件，请改原来那一份。'),
            ),
            migrations.AddIndex(
                model_name='doctor',
                index=models.Index(fields=['organisation', 'since'], name='doctor_unit'),
            ),
            migrations.AddConstraint(
                model_name='doctor',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='doctor_period', violation_error_message='离岗日期须晚于到岗日期。'),
            ),
            migrations.AddConstraint(
                model_name='doctor',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('person', '='), ('organisation', '=')], name='doctor_once', violation_error_message='这位博士在这段时间已登记在本单位。请改原来那一行，或核对起止日期。'),
            ),
            migrations.AddIndex(
                model_name='disclosure',
                index=models.Index(fields=['by', 'on'], name='disclosure_day'),
            ),
            migrations.AddIndex(
                model_name='disclosure',
                index=models.Index(fields=['person', '-at'], name='disclosure_person'),
            ),
            migrations.AddIndex(
                model_name='disclosure',
                index=models.Index(fields=['district', '-at'], name='disclosure_audit'),
            ),
            migrations.AddConstraint(
                model_name='disclosure',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'shown'), _negated=True), models.Q(('matter__isnull', False), ('paper__isnull', False), ('person__isnull', False)), _connector='OR'), name='disclosure_of_something', violation_error_message='查看号码须记下本人、证件和事项。'),
            ),
            migrations.AddConstraint(
                model_name='disclosure',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'other'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='disclosure_explained', violation_error_message='目的选“其他”的，请写明做什么用。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.CheckConstraint(condition=models.Q(('since__day', 1), models.Q(('until', None), ('until__day', 1), _connector='OR')), name='career_months', violation_error_message='起止都填年月。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='career_order', violation_error_message='止不能早于起。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'study'), models.Q(('level', ''), _negated=True)), models.Q(models.Q(('kind', 'study'), _negated=True), ('level', '')), _connector='OR'), name='career_level', violation_error_message='学习经历须选学历，其他经历不填学历。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'work'), models.Q(('standing', ''), _negated=True)), models.Q(models.Q(('kind', 'work'), _negated=True), ('standing', '')), _connector='OR'), name='career_standing', violation_error_message='工作经历须选身份，其他经历不填身份。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.UniqueConstraint(condition=models.Q(('beside', False), ('until', None)), fields=('person',), name='career_one_lasts', violation_error_message='只有还在继续的那一段可以不填止；前一段请先填上止的年月。'),
            ),
            migrations.AddConstraint(
                model_name='careerrow',
                constraint=models.UniqueConstraint(fields=('person', 'kind', 'since', 'place'), name='career_once', violation_error_message='这一段已经登记，请改原来那一条。'),
            ),
            migrations.AddConstraint(
                model_name='programme',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='programme_once'),
            ),
            migrations.AddConstraint(
                model_name='service',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='service_once'),
            ),
            migrations.AddConstraint(
                model_name='service',
                constraint=models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='service_days', violation_error_message='承诺工作日应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='sign',
                constraint=models.UniqueConstraint(fields=('pack', 'ground', 'fact'), name='sign_once'),
            ),
            migrations.AddIndex(
                model_name='stay',
                index=models.Index(fields=['entered_on'], name='stay_entered'),
            ),
            migrations.AddIndex(
                model_name='stay',
                index=models.Index(fields=['station', 'status'], name='stay_station'),
            ),
            migrations.AddIndex(
                model_name='stay',
                index=models.Index(condition=models.Q(('ended_on', None)), fields=['planned_until'], name='stay_due'),
            ),
            migrations.AddIndex(
                model_name='stay',
                index=models.Index(condition=models.Q(('match__isnull', False)), fields=['match'], name='stay_match'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('entered_on__isnull', False)), expressions=[('person', '='), (models.Func(models.F('entered_on'), models.F('ended_on'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='stays_of_a_person_apart', violation_error_message='这个人在这段时间已有另一段在站经历，两段不能重叠。请核对进站、出站日期。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'district', 'filing'])), fields=('person',), name='one_entry_under_way', violation_error_message='这个人已有一件进站在办。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.UniqueConstraint(condition=models.Q(('committee_number', ''), _negated=True), fields=('committee_number',), name='committee_number_once', violation_error_message='这个博管会编号已登记给另一段在站经历，请核对。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('entered_on', None), ('status__in', ['draft', 'district', 'filing', 'dropped'])), models.Q(models.Q(('status__in', ['draft', 'district', 'filing', 'dropped']), _negated=True), ('entered_on__isnull', False)), _connector='OR'), name='stay_entered_or_not', violation_error_message='已进站的须有进站日期，未进站的不能有。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_on__gt', models.F('entered_on')), ('status__in', ['left', 'settled', 'withdrawn'])), models.Q(models.Q(('status__in', ['left', 'settled', 'withdrawn']), _negated=True), ('ended_on', None)), _connector='OR'), name='stay_ended_or_not', violation_error_message='出站或退站日期须晚于进站日期，未出站的不能有。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), ('withdrawn_on', models.F('ended_on')), models.Q(('withdrawal_ground', ''), _negated=True)), models.Q(models.Q(('status', 'withdrawn'), _negated=True), ('withdrawn_on', None)), _connector='OR'), name='stay_withdrawn', violation_error_message='退站须有日期和原因。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.CheckConstraint(condition=models.Q(('contract_since', None), ('planned_until', None), ('planned_until__gt', models.F('contract_since')), _connector='OR'), name='stay_contract', violation_error_message='合同止须晚于合同起。'),
            ),
            migrations.AddConstraint(
                model_name='stay',
                constraint=models.CheckConstraint(condition=models.Q(('salary', None), ('salary__gt', 0), _connector='OR'), name='stay_salary', violation_error_message='年薪应大于 0；还不知道就空着。'),
            ),
            migrations.AddIndex(
                model_name='selection',
                index=models.Index(fields=['listed_on'], name='selection_listed'),
            ),
            migrations.AddConstraint(
                model_name='selection',
                constraint=models.CheckConstraint(condition=models.Q(('stay__isnull', False), models.Q(('project', ''), _negated=True), _connector='OR'), name='selection_of', violation_error_message='请写明入选的博士后，或项目名称。'),
            ),
            migrations.AddConstraint(
                model_name='selection',
                constraint=models.CheckConstraint(condition=models.Q(('revoked_on', None), ('revoked_on__gt', models.F('listed_on')), _connector='OR'), name='selection_revoked', violation_error_message='取消日期须晚于名单日期。'),
            ),
            migrations.AddConstraint(
                model_name='selection',
                constraint=models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gt', 0), _connector='OR'), name='selection_amount', violation_error_message='资助金额应大于 0；没有就空着。'),
            ),
            migrations.AddConstraint(
                model_name='selection',
                constraint=models.CheckConstraint(condition=models.Q(('year__gte', 1985), ('year__lte', 2100)), name='selection_year', violation_error_message='年度应在 1985 到 2100 之间。'),
            ),
            migrations.AddConstraint(
                model_name='selection',
                constraint=models.UniqueConstraint(fields=('programme', 'year', 'stay', 'project', 'station'), name='selection_once', nulls_distinct=False, violation_error_message='这个人或项目这一年度已登记过同一遴选。'),
            ),
            migrations.AddConstraint(
                model_name='owner',
                constraint=models.UniqueConstraint(fields=('outcome', 'stay'), name='owner_once', violation_error_message='这个人已经是完成人。'),
            ),
            migrations.AddConstraint(
                model_name='owner',
                constraint=models.CheckConstraint(condition=models.Q(('rank__gte', 1)), name='owner_rank', violation_error_message='排名从 1 开始。'),
            ),
            migrations.AddConstraint(
                model_name='milestone',
                constraint=models.UniqueConstraint(fields=('stay', 'kind', 'held_on'), name='milestone_once_a_day', violation_error_message='这一天的这个节点已经登记，请改原来那一条。'),
            ),
            migrations.AddConstraint(
                model_name='milestone',
                constraint=models.UniqueConstraint(condition=models.Q(models.Q(('grade', 'failed'), _negated=True), models.Q(('kind', 'annual'), _negated=True)), fields=('stay', 'kind'), name='milestone_passed_once', violation_error_message='这个节点已经通过，不必再登记。'),
            ),
            migrations.AddConstraint(
                model_name='milestone',
                constraint=models.CheckConstraint(condition=models.Q(('held_on__lte', models.F('recorded_on'))), name='milestone_not_ahead', violation_error_message='日期还没有到，只能登记已经举行的。'),
            ),
            migrations.AddConstraint(
                model_name='milestone',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_by', None), ('checked_on', None)), models.Q(('checked_by__isnull', False), ('checked_on__gte', models.F('recorded_on'))), _connector='OR'), name='milestone_checked', violation_error_message='核对须有人和日期，且不早于登记。'),
            ),
            migrations.AddConstraint(
                model_name='grant',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('result', 'applied'), ('result_on', None)), models.Q(models.Q(('result', 'applied'), _negated=True), ('result_on__isnull', False)), _connector='OR'), name='grant_result', violation_error_message='有了结果须填公布日期，还没有结果的不填。'),
            ),
            migrations.AddConstraint(
                model_name='grant',
                constraint=models.CheckConstraint(condition=models.Q(('amount', None), models.Q(('amount__gt', 0), ('result', 'won')), _connector='OR'), name='grant_amount', violation_error_message='只有获资助的才填金额，金额应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='grant',
                constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), models.Q(('closed_on__gte', models.F('result_on')), ('result', 'won')), _connector='OR'), name='grant_closed', violation_error_message='只有获资助的才有结题日期，且不早于公布日期。'),
            ),
            migrations.AddConstraint(
                model_name='followup',
                constraint=models.UniqueConstraint(fields=('stay', 'months'), name='follow_up_once', violation_error_message='这一次跟踪已经登记，请刷新页面查看。'),
            ),
            migrations.AddConstraint(
                model_name='followup',
                constraint=models.CheckConstraint(condition=models.Q(('checked_on__lte', models.F('recorded_on'))), name='follow_up_not_ahead', violation_error_message='核实日期还没有到。'),
            ),
            migrations.AddConstraint(
                model_name='extension',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('filed_on__isnull', False), ('status', 'filed')), models.Q(models.Q(('status', 'filed'), _negated=True), ('filed_on', None)), _connector='OR'), name='extension_filed', violation_error_message='已备案的延期须有备案日期。'),
            ),
            migrations.AddConstraint(
                model_name='extension',
                constraint=models.CheckConstraint(condition=models.Q(('planned_before', None), ('planned_until__gt', models.F('planned_before')), _connector='OR'), name='extension_longer', violation_error_message='延期须晚于原来约定的日期。'),
            ),
            migrations.AddConstraint(
                model_name='extension',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'asked'])), fields=('stay',), name='one_extension_under_way', violation_error_message='这个人已有一件延期在办，请先办完或撤回。'),
            ),
            migrations.AddIndex(
                model_name='difference',
                index=models.Index(condition=models.Q(('settled_on', None)), fields=['district'], name='difference_open'),
            ),
            migrations.AddIndex(
                model_name='difference',
                index=models.Index(condition=models.Q(('number_index', ''), _negated=True), fields=['number_index'], name='difference_number'),
            ),
            migrations.AddConstraint(
                model_name='difference',
                constraint=models.UniqueConstraint(condition=models.Q(('settled_on', None), ('stay__isnull', False)), fields=('kind', 'stay'), name='difference_open_once', violation_error_message='这条差异已在清单里。'),
            ),
            migrations.AddConstraint(
                model_name='difference',
                constraint=models.UniqueConstraint(condition=models.Q(('stay', None)), fields=('district', 'committee_number', 'number_index', 'entered_on'), name='difference_of_nobody_once', violation_error_message='这条差异已在清单里。'),
            ),
            migrations.AddConstraint(
                model_name='difference',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'here'), ('stay', None)), models.Q(models.Q(('kind', 'here'), _negated=True), ('stay__isnull', False)), _connector='OR'), name='difference_whose', violation_error_message='这里没有的没有在站经历，其余的都有。'),
            ),
            migrations.AddConstraint(
                model_name='difference',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_by', None), ('settled_on', None)), models.Q(('settled_by__isnull', False), ('settled_on__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='difference_settled', violation_error_message='处理差异要写明说明。'),
            ),
            migrations.AddConstraint(
                model_name='destination',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('in_city', True), ('type__in', ('host', 'city_firm', 'city_academy', 'city_office', 'startup'))), models.Q(('in_city', False), ('type__in', ('away_firm', 'away_univ', 'away_academy', 'away_office', 'abroad'))), models.Q(('type__in', ['host', 'city_firm', 'city_academy', 'city_office', 'startup', 'away_firm', 'away_univ', 'away_academy', 'away_office', 'abroad']), _negated=True), _connector='OR'), name='destination_place', violation_error_message='去向类型与所在地不一致：类型写“本市”的在本市，写“市外”或出国（境）的不在。'),
            ),
            migrations.AddConstraint(
                model_name='destination',
                constraint=models.CheckConstraint(condition=models.Q(('type__in', ('host', 'startup', 'abroad', 'other')), models.Q(('unit', ''), _negated=True), _connector='OR'), name='destination_unit', violation_error_message='请填接收单位。'),
            ),
            migrations.AddConstraint(
                model_name='destination',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('type', 'startup'), models.Q(('company', ''), _negated=True)), models.Q(models.Q(('type', 'startup'), _negated=True), ('company', ''), ('company_code', ''), ('registered_on', None), ('share', None)), _connector='OR'), name='destination_startup', violation_error_message='自主创业要填创办企业；其他去向不填创业情况。'),
            ),
            migrations.AddConstraint(
                model_name='destination',
                constraint=models.CheckConstraint(condition=models.Q(('share', None), models.Q(('share__gt', 0), ('share__lte', 100)), _connector='OR'), name='destination_share', violation_error_message='股权比例在 0 到 100 之间，不能是 0。'),
            ),
            migrations.AddConstraint(
                model_name='destination',
                constraint=models.CheckConstraint(condition=models.Q(('contract_years', None), ('contract_years__gt', 0), _connector='OR'), name='destination_years', violation_error_message='合同年限应大于 0；无固定期限的填 99。'),
            ),
            migrations.AddConstraint(
                model_name='change',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('filed_on__isnull', False), ('status', 'filed')), models.Q(models.Q(('status', 'filed'), _negated=True), ('filed_on', None)), _connector='OR'), name='change_filed', violation_error_message='已备案的变更须有备案日期。'),
            ),
            migrations.AddConstraint(
                model_name='change',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'supervisor'), models.Q(('supervisor_name', ''), _negated=True)), models.Q(('kind', 'topic'), models.Q(('topic', ''), _negated=True)), models.Q(('flow_station__isnull', False), ('kind', 'flow'), models.Q(('flow_supervisor', ''), _negated=True)), models.Q(('kind', 'contract'), models.Q(('contract_since__isnull', False), ('salary__gt', 0), _connector='OR')), models.Q(('kind', 'unit'), models.Q(('unit_name', ''), _negated=True)), _connector='OR'), name='change_says_what', violation_error_message='请写明变更成什么。'),
            ),
            migrations.AddConstraint(
                model_name='change',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['draft', 'asked'])), fields=('stay', 'kind'), name='one_change_of_a_kind_under_way', violation_error_message='这一项已有一件变更在办，请先办完或撤回。'),
            ),
            migrations.AddConstraint(
                model_name='abroad',
                constraint=models.UniqueConstraint(fields=('stay', 'since'), name='abroad_once', violation_error_message='这一天出境的已经登记，请改原来那一条。'),
            ),
            migrations.AddConstraint(
                model_name='abroad',
                constraint=models.UniqueConstraint(condition=models.Q(('returned_on', None)), fields=('stay',), name='abroad_one_at_a_time', violation_error_message='上一次出国出境还没有登记返回日期，请先登记。'),
            ),
            migrations.AddConstraint(
                model_name='abroad',
                constraint=models.CheckConstraint(condition=models.Q(('back_by__gte', models.F('since')), models.Q(('returned_on', None), ('returned_on__gte', models.F('since')), _connector='OR')), name='abroad_period', violation_error_message='返回日期不能早于出境日期。'),
            ),
            migrations.AddIndex(
                model_name='talent',
                index=models.Index(fields=['station', 'since'], name='talent_station'),
            ),
            migrations.AddIndex(
                model_name='talent',
                index=models.Index(fields=['number_index'], name='talent_number'),
            ),
            migrations.AddConstraint(
                model_name='talent',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='talent_period', violation_error_message='离职日期须晚于入职日期。'),
            ),
            migrations.AddConstraint(
                model_name='talent',
                constraint=models.CheckConstraint(condition=models.Q(('contract_until', None), models.Q(('contract_since__isnull', False), ('contract_until__gt', models.F('contract_since'))), _connector='OR'), name='talent_contract', violation_error_message='合同止须晚于合同起。'),
            ),
            migrations.AddConstraint(
                model_name='talent',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&'), ('organisation', '='), ('number_index', '=')], name='talent_once', violation_error_message='这个证件号码在这段时间已在本单位的花名册上。请改原来那一行，或核对起止日期。'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['stay', '-visited_on'], name='visit_stay'),
            ),
            migrations.AddIndex(
                model_name='visit',
                index=models.Index(fields=['district', '-visited_on'], name='visit_district'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('entry', None), ('station', None), ('stay__isnull', False)), models.Q(('entry', None), ('station__isnull', False), ('stay', None)), models.Q(('entry__isnull', False), ('station', None), ('stay', None)), _connector='OR'), name='visit_of_one', violation_error_message='一次走访只记一个对象：博士后、工作站或储备库企业。'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.CheckConstraint(condition=models.Q(('visited_on__lte', models.F('recorded_on'))), name='visit_not_ahead', violation_error_message='走访日期还没有到，只能登记已经走访的。'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.UniqueConstraint(fields=('stay', 'visited_on'), name='visit_once_stay', violation_error_message='这一天的走访已经登记过，请打开原来那一条。'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.UniqueConstraint(fields=('station', 'visited_on'), name='visit_once_station', violation_error_message='这一天的走访已经登记过，请打开原来那一条。'),
            ),
            migrations.AddConstraint(
                model_name='visit',
                constraint=models.UniqueConstraint(fields=('entry', 'visited_on'), name='visit_once_entry', violation_error_message='这一天的走访已经登记过，请打开原来那一条。'),
            ),
            migrations.AddIndex(
                model_name='servicerequest',
                index=models.Index(fields=['status', 'level', 'due_on'], name='request_open'),
            ),
            migrations.AddIndex(
                model_name='servicerequest',
                index=models.Index(fields=['service', 'status'], name='request_service'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(('side', 'office'), ('stay__isnull', False), _connector='OR'), name='request_for_somebody', violation_error_message='请写明是为哪位博士后提的。'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('side', 'office'), ('visit__isnull', False)), models.Q(models.Q(('side', 'office'), _negated=True), ('visit', None)), _connector='OR'), name='request_found_on_visit', violation_error_message='走访时登记的诉求须写明哪次走访，其他的没有。'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['submitted', 'withdrawn']), models.Q(('accepted_on__isnull', False), ('due_on__isnull', False)), _connector='OR'), name='request_accepted', violation_error_message='受理以后须有受理日期和承诺答复日期。'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['answered', 'rated', 'following']), _negated=True), models.Q(('answered_on__gte', models.F('accepted_on')), models.Q(('answer', ''), _negated=True), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='request_answered', violation_error_message='答复须有日期、结果和内容，且不早于受理。'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(('score', None), models.Q(('score__gte', 1), ('score__lte', 5)), _connector='OR'), name='request_score', violation_error_message='评分为 1 到 5 分。'),
            ),
            migrations.AddConstraint(
                model_name='servicerequest',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['rated', 'following']), _negated=True), ('score__isnull', False), _connector='OR'), name='request_rated', violation_error_message='已评价的须有评分。'),
            ),
        ]),
        migrations.RunSQL(DOCTORAL, "DROP VIEW postdocs_doctoral"),
        migrations.RunSQL(MATCHED, MATCHED_BACK),
    ]
