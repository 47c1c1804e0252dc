"""All tables of the app as they stand after 0006_boards_and_drafts, for a new database; one that has them already keeps its own."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from portal.tables import WholeTables

RETURNS = """
CREATE FUNCTION targets_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was reported or frozen is never changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'targets_append_only';
END $$;
CREATE TRIGGER targets_append_only BEFORE UPDATE OR DELETE ON targets_frozen
    FOR EACH ROW EXECUTE FUNCTION targets_append_only();
CREATE TRIGGER targets_append_only BEFORE UPDATE OR DELETE ON targets_reading
    FOR EACH ROW EXECUTE FUNCTION targets_append_only();
CREATE TRIGGER targets_append_only BEFORE UPDATE ON targets_knownfigure
    FOR EACH ROW EXECUTE FUNCTION targets_append_only();
"""
RETURNS_BACK = """
DROP TRIGGER targets_append_only ON targets_knownfigure;
DROP TRIGGER targets_append_only ON targets_reading;
DROP TRIGGER targets_append_only ON targets_frozen;
DROP FUNCTION targets_append_only();
"""


class Migration(migrations.Migration):
    replaces = [
        ("targets", "0001_initial"),
        ("targets", "0002_over"),
        ("targets", "0003_returns"),
        ("targets", "0004_duties"),
        ("targets", "0005_reports"),
        ("targets", "0006_boards_and_drafts"),
    ]

    initial = True

    dependencies = [
        ('portal', '0001_squashed_0008_saved_views'),
        ('postdocs', '0001_squashed_0009_matched'),
        ('stations', '0001_squashed_0010_radar'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        WholeTables([
            migrations.CreateModel(
                name='ActivityKind',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=30, verbose_name='代码')),
                    ('name', models.CharField(max_length=30, verbose_name='活动类别')),
                    ('name_en', models.CharField(blank=True, max_length=60, verbose_name='英文')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '活动类别',
                },
            ),
            migrations.CreateModel(
                name='Duty',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(max_length=20, verbose_name='代码')),
                    ('no', models.CharField(max_length=8, verbose_name='序号')),
                    ('group', models.CharField(max_length=40, verbose_name='分类')),
                    ('group_en', models.CharField(blank=True, max_length=80)),
                    ('title', models.CharField(max_length=60, verbose_name='任务')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('summary', models.CharField(max_length=200, verbose_name='做什么')),
                    ('summary_en', models.CharField(blank=True, max_length=300)),
                    ('due', models.CharField(blank=True, max_length=30, verbose_name='完成时限（文件写法）')),
                    ('due_en', models.CharField(blank=True, max_length=60)),
                    ('recurrence', models.CharField(choices=[('once', '一次'), ('month', '每月'), ('quarter', '每季度'), ('half', '每半年'), ('year', '每年'), ('second_half', '每年下半年'), ('other_second_half', '每两年下半年'), ('ongoing', '长期推进')], max_length=20, verbose_name='频次')),
                    ('month', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='月份')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('everywhere', models.BooleanField(default=False, verbose_name='各区镇都参加')),
                    ('others', models.CharField(blank=True, max_length=60, verbose_name='其他责任单位')),
                    ('others_en', models.CharField(blank=True, max_length=120)),
                    ('goal', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='量化目标')),
                    ('goal_unit', models.CharField(blank=True, max_length=12, verbose_name='单位')),
                    ('goal_unit_en', models.CharField(blank=True, max_length=30)),
                    ('assumed', models.BooleanField(default=False, verbose_name='次数为暂定')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('activity', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.activitykind', verbose_name='活动类别')),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='牵头单位')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '任务',
                },
            ),
            migrations.CreateModel(
                name='DutyUnit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('joint', models.BooleanField(default=False)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('duty', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='targets.duty')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '责任单位',
                },
            ),
            migrations.CreateModel(
                name='Indicator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.CharField(max_length=20, verbose_name='代码')),
                    ('name', models.CharField(max_length=80, verbose_name='指标')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='英文名称')),
                    ('unit', models.CharField(max_length=12, verbose_name='单位')),
                    ('unit_en', models.CharField(blank=True, max_length=20, verbose_name='英文单位')),
                    ('kind', models.CharField(choices=[('level', '存量'), ('cumulative', '计划期累计'), ('flow', '年度增量'), ('coverage', '覆盖数'), ('rate', '比率'), ('value', '年度数值')], max_length=10, verbose_name='类型')),
                    ('group', models.CharField(blank=True, max_length=20, verbose_name='分类')),
                    ('group_en', models.CharField(blank=True, max_length=40)),
                    ('headline', models.BooleanField(default=False, verbose_name='主要目标')),
                    ('watched', models.BooleanField(default=False, verbose_name='只监测')),
                    ('departments', models.JSONField(blank=True, default=list, verbose_name='责任部门')),
                    ('source', models.CharField(blank=True, max_length=30)),
                    ('starts', models.CharField(blank=True, max_length=60)),
                    ('stops', models.CharField(blank=True, max_length=60)),
                    ('where', models.JSONField(blank=True, default=list)),
                    ('distinct', models.CharField(blank=True, max_length=60)),
                    ('sum_of', models.CharField(blank=True, max_length=60)),
                    ('over', models.JSONField(blank=True, default=dict)),
                    ('plan_total', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='计划总数')),
                    ('baseline', models.CharField(blank=True, max_length=40, verbose_name='起点（参数编号）')),
                    ('opening', models.CharField(blank=True, max_length=40, verbose_name='期初数（参数编号）')),
                    ('settings', models.JSONField(blank=True, default=list, verbose_name='相关口径')),
                    ('awaiting', models.CharField(blank=True, max_length=100, verbose_name='暂无数据的原因')),
                    ('awaiting_en', models.CharField(blank=True, max_length=200)),
                    ('counts', models.CharField(blank=True, max_length=200, verbose_name='算什么')),
                    ('counts_en', models.CharField(blank=True, max_length=300)),
                    ('begins', models.CharField(blank=True, max_length=100, verbose_name='何时计入')),
                    ('begins_en', models.CharField(blank=True, max_length=200)),
                    ('ends', models.CharField(blank=True, max_length=100, verbose_name='何时撤出')),
                    ('ends_en', models.CharField(blank=True, max_length=200)),
                    ('excludes', models.CharField(blank=True, max_length=200, verbose_name='不计')),
                    ('excludes_en', models.CharField(blank=True, max_length=300)),
                    ('pace', models.CharField(choices=[('even', '按天均摊'), ('steps', '按节点')], default='even', max_length=5, verbose_name='序时')),
                    ('decimals', models.PositiveSmallIntegerField(default=0, verbose_name='小数位')),
                    ('falling', models.BooleanField(default=False, verbose_name='越低越好')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('former', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='targets.indicator')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='targets.indicator')),
                ],
                options={
                    'verbose_name': '指标',
                },
            ),
            migrations.AddField(
                model_name='duty',
                name='indicator',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.indicator', verbose_name='指标'),
            ),
            migrations.CreateModel(
                name='DepartmentTarget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('department', models.CharField(max_length=60, verbose_name='部门')),
                    ('on', models.DateField(verbose_name='节点')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='任务')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='department_targets', to='targets.indicator')),
                ],
                options={
                    'verbose_name': '部门任务',
                },
            ),
            migrations.CreateModel(
                name='KnownFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('known_on', models.DateField()),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='targets.indicator')),
                ],
                options={
                    'verbose_name': '历史数值',
                },
            ),
            migrations.CreateModel(
                name='Occurrence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('period', models.CharField(max_length=8, verbose_name='时段')),
                    ('since', models.DateField(verbose_name='起')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='完成时限')),
                    ('goal', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='量化目标')),
                    ('status', models.CharField(choices=[('pending', '未开始'), ('underway', '进行中'), ('reported', '已报完成'), ('returned', '已退回'), ('confirmed', '已确认'), ('dropped', '不再要求')], default='pending', max_length=10)),
                    ('number', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='完成数')),
                    ('figure', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='系统值')),
                    ('note', models.TextField(blank=True, max_length=2000, verbose_name='完成情况')),
                    ('reported_on', models.DateField(blank=True, null=True, verbose_name='报送日期')),
                    ('duty', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occurrences', to='targets.duty')),
                    ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='牵头单位')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                ],
                options={
                    'verbose_name': '任务完成情况',
                },
            ),
            migrations.CreateModel(
                name='Activity',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='活动名称')),
                    ('since', models.DateField(verbose_name='开始日期')),
                    ('until', models.DateField(verbose_name='结束日期')),
                    ('venue', models.CharField(max_length=100, verbose_name='地点')),
                    ('partners', models.CharField(blank=True, max_length=200, verbose_name='协办单位')),
                    ('about', models.TextField(blank=True, max_length=1000, verbose_name='活动内容')),
                    ('status', models.CharField(choices=[('planned', '计划'), ('published', '已发布'), ('held', '已举办'), ('archived', '已归档'), ('cancelled', '已取消')], default='planned', max_length=10)),
                    ('held_on', models.DateField(blank=True, null=True, verbose_name='举办日期')),
                    ('enterprises', models.PositiveIntegerField(blank=True, null=True, verbose_name='参加单位（家）')),
                    ('universities', models.PositiveIntegerField(blank=True, null=True, verbose_name='参加高校（家）')),
                    ('postdocs', models.PositiveIntegerField(blank=True, null=True, verbose_name='博士、博士后（人）')),
                    ('others', models.PositiveIntegerField(blank=True, null=True, verbose_name='其他人员（人）')),
                    ('intentions', models.PositiveIntegerField(blank=True, null=True, verbose_name='意向数')),
                    ('signed', models.PositiveIntegerField(blank=True, null=True, verbose_name='签约数')),
                    ('result', models.TextField(blank=True, max_length=2000, verbose_name='活动成果')),
                    ('matches', models.ManyToManyField(blank=True, related_name='+', to='stations.match', verbose_name='促成的对接')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('organiser', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation', verbose_name='主办单位')),
                    ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='targets.activitykind', verbose_name='活动类别')),
                    ('occurrence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='activities', to='targets.occurrence', verbose_name='完成哪项任务')),
                ],
                options={
                    'verbose_name': '活动',
                },
            ),
            migrations.CreateModel(
                name='Participant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('station', '设站单位'), ('enterprise', '其他企业'), ('university', '高校院所'), ('postdoc', '博士、博士后'), ('other', '其他')], max_length=10, verbose_name='参加者类别')),
                    ('unit', models.CharField(max_length=100, verbose_name='单位')),
                    ('name', models.CharField(blank=True, max_length=60, verbose_name='姓名')),
                    ('people', models.PositiveSmallIntegerField(default=1, verbose_name='人数')),
                    ('activity', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='targets.activity')),
                    ('by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
                    ('stay', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.stay')),
                    ('university', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.university')),
                ],
                options={
                    'verbose_name': '参加者',
                },
            ),
            migrations.CreateModel(
                name='Pipeline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('here', models.PositiveIntegerField(default=0)),
                    ('soon', models.PositiveIntegerField(default=0)),
                    ('above', models.PositiveIntegerField(default=0)),
                    ('signed', models.PositiveIntegerField(default=0)),
                    ('leaving', models.PositiveIntegerField(default=0)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='targets.indicator')),
                ],
            ),
            migrations.CreateModel(
                name='Plan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('name', models.CharField(max_length=60, verbose_name='计划')),
                    ('name_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(verbose_name='止')),
                    ('state', models.CharField(choices=[('draft', '起草'), ('published', '已发布')], default='published', max_length=10, verbose_name='状态')),
                    ('published_on', models.DateField(blank=True, null=True)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.document', verbose_name='文件')),
                    ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('former', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='targets.plan')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '计划',
                },
            ),
            migrations.AddField(
                model_name='indicator',
                name='plan',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='indicators', to='targets.plan'),
            ),
            migrations.CreateModel(
                name='Progress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='日期')),
                    ('note', models.TextField(max_length=1000, verbose_name='进展')),
                    ('number', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='完成数')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('occurrence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='progress', to='targets.occurrence')),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
                ],
                options={
                    'verbose_name': '进展',
                },
            ),
            migrations.CreateModel(
                name='Quarter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('until', models.DateField(verbose_name='截至')),
                    ('due_on', models.DateField(verbose_name='报送期限')),
                    ('opened_on', models.DateField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quarters', to='targets.plan')),
                ],
                options={
                    'verbose_name': '季度',
                },
            ),
            migrations.CreateModel(
                name='QuarterlyReturn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('filling', '待填报'), ('checking', '待市级核对'), ('returned', '退回补正'), ('confirmed', '已确认')], default='filling', max_length=12)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('quarter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='targets.quarter')),
                ],
                options={
                    'verbose_name': '季报',
                },
            ),
            migrations.CreateModel(
                name='Frozen',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField(verbose_name='版次')),
                    ('text', models.TextField()),
                    ('digest', models.CharField(max_length=64)),
                    ('known_on', models.DateField(verbose_name='数据提取日')),
                    ('on', models.DateField(verbose_name='确认日')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('quarterly', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='targets.quarterlyreturn')),
                ],
                options={
                    'verbose_name': '季报定稿',
                },
            ),
            migrations.CreateModel(
                name='Reading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='截至')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='数值')),
                    ('estimated', models.BooleanField(default=False, verbose_name='预计数')),
                    ('source', models.CharField(max_length=160, verbose_name='来源')),
                    ('comment', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('why', models.CharField(blank=True, max_length=300, verbose_name='滞后原因')),
                    ('measures', models.CharField(blank=True, max_length=300, verbose_name='措施')),
                    ('reported_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='targets.indicator')),
                ],
                options={
                    'verbose_name': '上报数值',
                },
            ),
            migrations.CreateModel(
                name='Report',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('brief', '简报'), ('bulletin', '通报'), ('report', '报告')], max_length=10, verbose_name='类别')),
                    ('status', models.CharField(choices=[('making', '生成中'), ('draft', '草稿'), ('checked', '已核对'), ('issued', '已印发，封存中'), ('sealed', '已印发'), ('kept', '已存'), ('dropped', '已作废')], default='making', max_length=10)),
                    ('on', models.DateField(verbose_name='截至')),
                    ('before', models.DateField(blank=True, null=True, verbose_name='对比日')),
                    ('made_at', models.DateTimeField(editable=False, null=True, verbose_name='取数时间')),
                    ('words', models.JSONField(default=dict, editable=False)),
                    ('occasion', models.CharField(blank=True, editable=False, max_length=60)),
                    ('document', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                    ('issued_on', models.DateField(blank=True, null=True, verbose_name='印发日期')),
                    ('digest', models.CharField(blank=True, editable=False, max_length=64, verbose_name='校验码')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.plan', verbose_name='计划')),
                ],
                options={
                    'verbose_name': '报告',
                },
            ),
            migrations.CreateModel(
                name='ReportChapter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField()),
                    ('title', models.CharField(max_length=80, verbose_name='标题')),
                    ('text', models.TextField(blank=True, max_length=8000, verbose_name='文字')),
                    ('blocks', models.JSONField(default=list)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='targets.report')),
                ],
                options={
                    'verbose_name': '章节',
                },
            ),
            migrations.CreateModel(
                name='ReportFigure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(verbose_name='截至')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='数值')),
                    ('target', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='目标')),
                    ('pace', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='序时进度')),
                    ('lead', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='较序时')),
                    ('gap', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='尚差')),
                    ('state', models.CharField(max_length=10, verbose_name='状态')),
                    ('version', models.PositiveSmallIntegerField(verbose_name='口径版本')),
                    ('computed_at', models.DateTimeField(verbose_name='取数时间')),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.indicator')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='figures', to='targets.report')),
                ],
            ),
            migrations.CreateModel(
                name='ReportFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.CharField(choices=[('pdf', 'pdf'), ('docx', 'docx'), ('xlsx', 'xlsx')], max_length=4)),
                    ('content', models.FileField(upload_to='reports/')),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='targets.report')),
                ],
            ),
            migrations.CreateModel(
                name='ReportIndicator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.PositiveSmallIntegerField(verbose_name='口径版本')),
                    ('words', models.JSONField()),
                    ('entries', models.JSONField(null=True)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.indicator')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='targets.report')),
                ],
            ),
            migrations.CreateModel(
                name='ReportTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=80, verbose_name='报告')),
                    ('title_en', models.CharField(blank=True, max_length=120)),
                    ('period', models.CharField(choices=[('quarter', '季度'), ('year', '年度')], max_length=10, verbose_name='周期')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.plan', verbose_name='计划')),
                ],
                options={
                    'verbose_name': '报告模板',
                },
            ),
            migrations.AddField(
                model_name='report',
                name='template',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.reporttemplate', verbose_name='模板'),
            ),
            migrations.CreateModel(
                name='ReturnLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stated', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='区镇填报')),
                    ('comment', models.CharField(blank=True, max_length=300, verbose_name='差异说明')),
                    ('why', models.CharField(blank=True, max_length=300, verbose_name='滞后原因')),
                    ('measures', models.CharField(blank=True, max_length=300, verbose_name='措施')),
                    ('system', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='系统值')),
                    ('target', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='任务')),
                    ('pace', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='序时进度')),
                    ('state', models.CharField(blank=True, max_length=10)),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='targets.indicator')),
                    ('quarterly', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='targets.quarterlyreturn')),
                ],
                options={
                    'verbose_name': '季报指标',
                },
            ),
            migrations.CreateModel(
                name='Snapshot',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshots', to='targets.indicator')),
                ],
            ),
            migrations.CreateModel(
                name='Subscription',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('brief', '简报'), ('bulletin', '通报草稿')], max_length=10, verbose_name='内容')),
                    ('every', models.CharField(choices=[('week', '每周'), ('month', '每月'), ('quarter', '每季度')], max_length=10, verbose_name='多久一次')),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='report_subscriptions', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
                ],
                options={
                    'verbose_name': '定期简报',
                },
            ),
            migrations.CreateModel(
                name='Target',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('on', models.DateField(verbose_name='节点')),
                    ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='目标')),
                    ('paper', models.CharField(blank=True, max_length=120, verbose_name='文件')),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='targets.indicator')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '目标',
                },
            ),
            migrations.CreateModel(
                name='TemplateChapter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=80, verbose_name='标题')),
                    ('text', models.TextField(blank=True, verbose_name='开头')),
                    ('blocks', models.JSONField(blank=True, default=list)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='targets.reporttemplate')),
                ],
                options={
                    'verbose_name': '报告章节',
                },
            ),
            migrations.AddConstraint(
                model_name='activitykind',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='activity_kind_once'),
            ),
            migrations.AddConstraint(
                model_name='dutyunit',
                constraint=models.UniqueConstraint(fields=('duty', 'organisation'), name='duty_unit_once'),
            ),
            migrations.AddConstraint(
                model_name='duty',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='duty_once'),
            ),
            migrations.AddConstraint(
                model_name='duty',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='duty_period', violation_error_message='任务止期不能早于起期。'),
            ),
            migrations.AddConstraint(
                model_name='duty',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('recurrence', 'once'), _negated=True), ('until__isnull', False), _connector='OR'), name='duty_once_has_a_day', violation_error_message='一次完成的任务须写明止期。'),
            ),
            migrations.AddConstraint(
                model_name='duty',
                constraint=models.CheckConstraint(condition=models.Q(('month', None), models.Q(('month__gte', 1), ('month__lte', 12), ('recurrence', 'year')), _connector='OR'), name='duty_month', violation_error_message='只有每年的任务可以写月份（1 到 12）。'),
            ),
            migrations.AddConstraint(
                model_name='duty',
                constraint=models.CheckConstraint(condition=models.Q(('goal', None), models.Q(('goal_unit', ''), _negated=True), _connector='OR'), name='duty_goal_unit', violation_error_message='有量化目标的须写明计量单位。'),
            ),
            migrations.AddConstraint(
                model_name='departmenttarget',
                constraint=models.UniqueConstraint(fields=('indicator', 'department', 'on'), name='department_target_once'),
            ),
            migrations.AddConstraint(
                model_name='departmenttarget',
                constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='department_target_positive', violation_error_message='目标不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='knownfigure',
                constraint=models.UniqueConstraint(fields=('indicator', 'district', 'on', 'known_on'), name='known_figure_once'),
            ),
            migrations.AddIndex(
                model_name='occurrence',
                index=models.Index(fields=['status', 'due_on'], name='occurrence_open'),
            ),
            migrations.AddConstraint(
                model_name='occurrence',
                constraint=models.UniqueConstraint(fields=('duty', 'period'), name='occurrence_once'),
            ),
            migrations.AddConstraint(
                model_name='occurrence',
                constraint=models.CheckConstraint(condition=models.Q(('due_on', None), ('due_on__gte', models.F('since')), _connector='OR'), name='occurrence_period', violation_error_message='完成时限不能早于开始日期。'),
            ),
            migrations.AddConstraint(
                model_name='occurrence',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['reported', 'confirmed']), _negated=True), models.Q(('reported_on__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='occurrence_reported', violation_error_message='报完成须写明完成情况和日期。'),
            ),
            migrations.AddIndex(
                model_name='activity',
                index=models.Index(fields=['kind', 'held_on'], name='activity_held'),
            ),
            migrations.AddConstraint(
                model_name='activity',
                constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='activity_days', violation_error_message='结束日期不能早于开始日期。'),
            ),
            migrations.AddConstraint(
                model_name='activity',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('held_on__isnull', False), ('status__in', ['held', 'archived'])), models.Q(models.Q(('status__in', ['held', 'archived']), _negated=True), ('held_on', None)), _connector='OR'), name='activity_held', violation_error_message='已举办的活动须有举办日期，没有举办的没有。'),
            ),
            migrations.AddConstraint(
                model_name='activity',
                constraint=models.CheckConstraint(condition=models.Q(('signed', None), ('intentions', None), ('signed__lte', models.F('intentions')), _connector='OR'), name='activity_signed', violation_error_message='签约数不能多于意向数。'),
            ),
            migrations.AddConstraint(
                model_name='participant',
                constraint=models.UniqueConstraint(fields=('activity', 'unit', 'name'), name='participant_once', violation_error_message='签到表里已有这一位。'),
            ),
            migrations.AddConstraint(
                model_name='participant',
                constraint=models.CheckConstraint(condition=models.Q(('people__gte', 1)), name='participant_people', violation_error_message='人数至少 1。'),
            ),
            migrations.AddConstraint(
                model_name='pipeline',
                constraint=models.UniqueConstraint(fields=('district', 'indicator'), name='pipeline_once'),
            ),
            migrations.AddConstraint(
                model_name='plan',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='plan_once'),
            ),
            migrations.AddConstraint(
                model_name='plan',
                constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('since'))), name='plan_period', violation_error_message='计划止期须晚于起期。'),
            ),
            migrations.AddConstraint(
                model_name='plan',
                constraint=models.CheckConstraint(condition=models.Q(('drafted_by', None), models.Q(('published_by', None), ('state', 'draft')), models.Q(('published_by__isnull', False), ('state', 'published'), models.Q(('published_by', models.F('drafted_by')), _negated=True)), _connector='OR'), name='plan_two_people', violation_error_message='起草的人不能自己发布。'),
            ),
            migrations.AddConstraint(
                model_name='indicator',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='indicator_once'),
            ),
            migrations.AddConstraint(
                model_name='indicator',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', ''), models.Q(('awaiting', ''), _negated=True)), models.Q(models.Q(('source', ''), _negated=True), ('awaiting', '')), _connector='OR'), name='indicator_source', violation_error_message='指标要么有数据来源，要么写明为什么暂无数据。'),
            ),
            migrations.AddIndex(
                model_name='progress',
                index=models.Index(fields=['occurrence', '-on'], name='progress_latest'),
            ),
            migrations.AddConstraint(
                model_name='quarter',
                constraint=models.UniqueConstraint(fields=('plan', 'until'), name='quarter_once', violation_error_message='这个季度已经开过。'),
            ),
            migrations.AddConstraint(
                model_name='quarter',
                constraint=models.CheckConstraint(condition=models.Q(('due_on__gt', models.F('until'))), name='quarter_due', violation_error_message='报送期限须在季度末之后。'),
            ),
            migrations.AddConstraint(
                model_name='quarterlyreturn',
                constraint=models.UniqueConstraint(fields=('quarter', 'district'), name='return_once', violation_error_message='这个区镇在这个季度已有季报。'),
            ),
            migrations.AddConstraint(
                model_name='frozen',
                constraint=models.UniqueConstraint(fields=('quarterly', 'version'), name='frozen_once'),
            ),
            migrations.AddIndex(
                model_name='reading',
                index=models.Index(fields=['indicator', 'district', '-on', '-reported_at'], name='reading_latest'),
            ),
            migrations.AddConstraint(
                model_name='reportchapter',
                constraint=models.UniqueConstraint(fields=('report', 'code'), name='report_chapter_once'),
            ),
            migrations.AddConstraint(
                model_name='reportfigure',
                constraint=models.UniqueConstraint(fields=('report', 'indicator', 'district', 'on'), name='report_figure_once'),
            ),
            migrations.AddConstraint(
                model_name='reportfile',
                constraint=models.UniqueConstraint(fields=('report', 'form'), name='report_file_once'),
            ),
            migrations.AddConstraint(
                model_name='reportindicator',
                constraint=models.UniqueConstraint(fields=('report', 'indicator'), name='report_indicator_once'),
            ),
            migrations.AddConstraint(
                model_name='reporttemplate',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='report_template_once'),
            ),
            migrations.AddConstraint(
                model_name='report',
                constraint=models.UniqueConstraint(condition=models.Q(('occasion', ''), _negated=True), fields=('pack', 'occasion'), name='report_once_an_occasion'),
            ),
            migrations.AddConstraint(
                model_name='report',
                constraint=models.CheckConstraint(condition=models.Q(('before', None), ('before__lt', models.F('on')), _connector='OR'), name='report_compares_backward', violation_error_message='对比日须早于截至日期。'),
            ),
            migrations.AddConstraint(
                model_name='report',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'report'), ('template__isnull', False)), models.Q(models.Q(('kind', 'report'), _negated=True), ('template', None)), _connector='OR'), name='report_template_of_reports', violation_error_message='报告须有模板，简报和通报没有。'),
            ),
            migrations.AddConstraint(
                model_name='report',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_on__isnull', False), ('status', 'sealed'), models.Q(('digest', ''), _negated=True)), models.Q(('digest', ''), ('issued_on__isnull', False), ('status', 'issued')), models.Q(models.Q(('status__in', ['issued', 'sealed']), _negated=True), ('digest', ''), ('issued_on', None)), _connector='OR'), name='report_sealed_whole', violation_error_message='印发须有日期，封存须有校验码。'),
            ),
            migrations.AddConstraint(
                model_name='report',
                constraint=models.CheckConstraint(condition=models.Q(('status__in', ['making', 'dropped']), ('made_at__isnull', False), _connector='OR'), name='report_made', violation_error_message='还没有取数。'),
            ),
            migrations.AddConstraint(
                model_name='returnline',
                constraint=models.UniqueConstraint(fields=('quarterly', 'indicator'), name='return_line_once'),
            ),
            migrations.AddConstraint(
                model_name='returnline',
                constraint=models.CheckConstraint(condition=models.Q(('stated', None), ('stated__gte', 0), _connector='OR'), name='return_line_stated', violation_error_message='填报数不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='snapshot',
                constraint=models.UniqueConstraint(fields=('district', 'on', 'indicator'), name='snapshot_once'),
            ),
            migrations.AddConstraint(
                model_name='subscription',
                constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pack', 'user', 'kind', 'every'), name='subscription_once', violation_error_message='已经订阅过了。'),
            ),
            migrations.AddConstraint(
                model_name='subscription',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='subscription_period', violation_error_message='止期须不早于起期。'),
            ),
            migrations.AddConstraint(
                model_name='target',
                constraint=models.UniqueConstraint(fields=('indicator', 'district', 'on'), name='target_once'),
            ),
            migrations.AddConstraint(
                model_name='target',
                constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='target_positive', violation_error_message='目标不能为负数。'),
            ),
            migrations.AddConstraint(
                model_name='templatechapter',
                constraint=models.UniqueConstraint(fields=('template', 'code'), name='template_chapter_once'),
            ),
        ]),
        migrations.RunSQL(RETURNS, RETURNS_BACK),
    ]
