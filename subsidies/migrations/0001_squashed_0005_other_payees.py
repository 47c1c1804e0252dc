"""All tables of the app as they stand after 0005_other_payees, for a new database; one that has them already keeps its own."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import stations.disciplines
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.tables import WholeTables

JOURNAL_GUARDS = """
CREATE FUNCTION subsidies_posting_balanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT coalesce(sum(amount), 0) FROM subsidies_posting WHERE entry_id = NEW.entry_id) <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.entry_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journal_balanced AFTER INSERT ON subsidies_posting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION subsidies_posting_balanced();
CREATE FUNCTION subsidies_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is never changed: % on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_append_only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON subsidies_journalentry
    FOR EACH ROW EXECUTE FUNCTION subsidies_append_only();
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON subsidies_posting
    FOR EACH ROW EXECUTE FUNCTION subsidies_append_only();
"""
JOURNAL_GUARDS_BACK = """
DROP TRIGGER journal_append_only ON subsidies_posting;
DROP TRIGGER journal_append_only ON subsidies_journalentry;
DROP FUNCTION subsidies_append_only();
DROP TRIGGER journal_balanced ON subsidies_posting;
DROP FUNCTION subsidies_posting_balanced();
"""
APART = "'{order,until,loaded,edited_at,state,note,note_en}'::text[]"  # what may still be said of a version in use
RULES = f"""
CREATE FUNCTION subsidies_version_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint := CASE WHEN TG_TABLE_NAME = 'subsidies_schemeversion' THEN OLD.id
                           ELSE (to_jsonb(OLD) ->> 'version_id')::bigint END;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - {APART} = to_jsonb(OLD) - {APART} THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT 1 FROM subsidies_decision d JOIN subsidies_claim c ON c.id = d.claim_id
               JOIN subsidies_instalment i ON i.id = c.instalment_id WHERE i.version_id = version) THEN
        RAISE EXCEPTION 'decisions rest on version %, it is never changed', version
            USING ERRCODE = 'check_violation', CONSTRAINT = 'version_kept';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
TABLES = ("schemeversion", "condition", "step", "instalment", "schemepaper")
GUARD = "CREATE TRIGGER version_kept BEFORE UPDATE OR DELETE ON subsidies_{0} FOR EACH ROW EXECUTE FUNCTION subsidies_version_kept();"
RULES += "\n".join(GUARD.format(table) for table in TABLES)
RULES_BACK = "\n".join(f"DROP TRIGGER version_kept ON subsidies_{table};" for table in TABLES)
RULES_BACK += "DROP FUNCTION subsidies_version_kept();"


class Migration(migrations.Migration):
    replaces = [
        ("subsidies", "0001_subsidies"),
        ("subsidies", "0002_journal_guards"),
        ("subsidies", "0003_payments"),
        ("subsidies", "0004_rules"),
        ("subsidies", "0005_other_payees"),
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
                name='Instalment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='第几期')),
                    ('title', models.CharField(max_length=40, verbose_name='名称')),
                    ('title_en', models.CharField(blank=True, max_length=80)),
                    ('opens', models.SlugField(max_length=60, verbose_name='何时可领')),
                    ('waiting_months', models.PositiveSmallIntegerField(default=0, verbose_name='之后几个月')),
                    ('share', models.DecimalField(decimal_places=2, default=100, max_digits=5, verbose_name='占比（%）')),
                    ('every', models.PositiveSmallIntegerField(default=1, verbose_name='每次至少')),
                ],
                options={
                    'verbose_name': '分期',
                    'ordering': ['number'],
                },
            ),
            migrations.CreateModel(
                name='BudgetLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='资金科目')),
                    ('title_en', models.CharField(blank=True, max_length=120, verbose_name='英文')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '资金科目',
                },
            ),
            migrations.CreateModel(
                name='Budget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('available', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='未动用')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budgets', to='subsidies.budgetline')),
                ],
                options={
                    'verbose_name': '预算',
                },
            ),
            migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('right', models.CharField(max_length=120)),
                    ('first_unit', models.PositiveIntegerField(default=0)),
                    ('last_unit', models.PositiveIntegerField(default=1)),
                    ('event_on', models.DateField(verbose_name='资格产生')),
                    ('prepared', models.BooleanField(default=False)),
                    ('calculated', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='测算金额')),
                    ('approved', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='核定金额')),
                    ('upper_paid', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='上级资金')),
                    ('declared_on', models.DateField(null=True, verbose_name='承诺日期')),
                    ('status', models.CharField(choices=[('draft', '待填报'), ('person', '待本人确认'), ('unit', '待单位审核'), ('district', '待区镇初审'), ('handling', '待市局经办'), ('review', '待市局审核'), ('approval', '待市局审批'), ('publicity', '公示中'), ('disputed', '公示有异议'), ('payable', '待拨付'), ('batched', '已列入批次'), ('released', '已发拨付指令'), ('paid', '已拨付'), ('bounced', '退票待更正'), ('recovering', '追回中'), ('recovered', '已追回'), ('refused', '不予资助'), ('withdrawn', '已撤回')], default='draft', max_length=12)),
                    ('publicity_since', models.DateField(null=True, verbose_name='公示起')),
                    ('publicity_until', models.DateField(null=True, verbose_name='公示止')),
                    ('payable_on', models.DateField(null=True)),
                    ('paid_on', models.DateField(null=True, verbose_name='到账日期')),
                    ('doctor', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.doctor')),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='postdocs.person')),
                    ('selection', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.selection')),
                    ('station', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.station')),
                    ('stay', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.stay')),
                ],
                options={
                    'verbose_name': '资助申领',
                },
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField()),
                    ('data', models.JSONField()),
                    ('digest', models.CharField(max_length=64)),
                    ('voided_on', models.DateField(null=True)),
                    ('voided_because', models.CharField(blank=True, max_length=200)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='subsidies.claim')),
                ],
                options={
                    'verbose_name': '决定',
                },
            ),
            migrations.AddField(
                model_name='claim',
                name='decision',
                field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.decision'),
            ),
            migrations.AddField(
                model_name='claim',
                name='instalment',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='subsidies.instalment'),
            ),
            migrations.CreateModel(
                name='JournalEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80, unique=True)),
                    ('kind', models.CharField(choices=[('grant', '下达预算'), ('cut', '调减预算'), ('reserve', '批准'), ('free', '批准作废'), ('release', '发出拨付指令'), ('pay', '到账'), ('bounce', '退票'), ('recover', '收回')], max_length=10)),
                    ('on', models.DateField(verbose_name='日期')),
                    ('note', models.CharField(blank=True, max_length=200)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('budget', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='subsidies.budget')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='subsidies.claim')),
                ],
                options={
                    'verbose_name': '记账',
                },
            ),
            migrations.CreateModel(
                name='OtherPayee',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=100, verbose_name='收款人')),
                    ('unit', models.BooleanField(default=False, verbose_name='是单位')),
                    ('number', models.BinaryField()),
                    ('number_index', models.CharField(max_length=64)),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '收款人',
                },
            ),
            migrations.AddField(
                model_name='claim',
                name='payee',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='subsidies.otherpayee'),
            ),
            migrations.CreateModel(
                name='PayeeAccount',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('holder', models.CharField(max_length=100, verbose_name='户名')),
                    ('bank', models.CharField(max_length=100, verbose_name='开户行')),
                    ('number', models.BinaryField()),
                    ('number_index', models.CharField(max_length=64)),
                    ('tail', models.CharField(max_length=4)),
                    ('since', models.DateField(editable=False)),
                    ('until', models.DateField(editable=False, null=True)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.organisation')),
                    ('payee', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.otherpayee')),
                    ('person', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.person')),
                ],
                options={
                    'verbose_name': '收款账户',
                },
            ),
            migrations.AddField(
                model_name='claim',
                name='account',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='subsidies.payeeaccount'),
            ),
            migrations.CreateModel(
                name='PaymentBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(choices=[('draft', '编制中'), ('checking', '待复核发出'), ('sending', '发出中'), ('sent', '待登记结果'), ('done', '已了结'), ('dissolved', '已撤销')], default='draft', max_length=10)),
                    ('content', models.JSONField(editable=False, null=True)),
                    ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                    ('released_at', models.DateTimeField(editable=False, null=True)),
                    ('checker', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='subsidies.budgetline', verbose_name='资金科目')),
                    ('maker', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('matter', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.matter')),
                ],
                options={
                    'verbose_name': '拨付批次',
                },
            ),
            migrations.CreateModel(
                name='PaymentLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='金额')),
                    ('state', models.CharField(choices=[('waiting', '待发出'), ('sent', '已发出'), ('paid', '已到账'), ('bounced', '退票'), ('removed', '已移出')], default='waiting', max_length=10)),
                    ('sent_on', models.DateField(null=True, verbose_name='发出日期')),
                    ('result_on', models.DateField(null=True, verbose_name='结果日期')),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='退票原因')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='subsidies.payeeaccount')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='subsidies.paymentbatch')),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='subsidies.claim')),
                ],
                options={
                    'verbose_name': '拨付明细',
                },
            ),
            migrations.CreateModel(
                name='Posting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.CharField(choices=[('source', '财政下达'), ('available', '未动用'), ('reserved', '已承诺'), ('transit', '拨付途中'), ('paid', '已拨付')], max_length=10)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14)),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='subsidies.journalentry')),
                ],
                options={
                    'verbose_name': '分录',
                },
            ),
            migrations.CreateModel(
                name='ScarceMajor',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('discipline', models.CharField(choices=stations.disciplines.choices, max_length=4, verbose_name='一级学科')),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '急需紧缺专业',
                },
            ),
            migrations.CreateModel(
                name='SchemeVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('since', models.DateField(verbose_name='执行起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='执行止')),
                    ('state', models.CharField(choices=[('draft', '起草'), ('proposed', '待复核发布'), ('published', '已发布')], default='published', max_length=10)),
                    ('shape', models.CharField(choices=[('fixed', '定额'), ('steps', '分档'), ('per', '按数量'), ('matching', '配套'), ('unstated', '文件没有写金额')], max_length=10, verbose_name='金额方式')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='金额')),
                    ('quantity', models.SlugField(blank=True, max_length=60, verbose_name='数量')),
                    ('quantity_unit', models.CharField(blank=True, max_length=10, verbose_name='数量单位')),
                    ('quantity_unit_en', models.CharField(blank=True, max_length=20)),
                    ('limit', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='最多')),
                    ('ceiling', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='最高')),
                    ('upper', models.SlugField(blank=True, max_length=60, verbose_name='上级资金')),
                    ('includes_upper', models.BooleanField(blank=True, null=True, verbose_name='最高额含上级资金')),
                    ('window_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='几个月内申领')),
                    ('window_assumed', models.BooleanField(default=False, verbose_name='申领期限为征求意见')),
                    ('publicity_days', models.PositiveSmallIntegerField(default=5, verbose_name='公示工作日')),
                    ('needed', models.JSONField(blank=True, default=dict, verbose_name='几项中至少')),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('note_en', models.CharField(blank=True, max_length=500)),
                    ('transition', models.CharField(blank=True, max_length=200, verbose_name='新旧衔接')),
                    ('transition_en', models.CharField(blank=True, max_length=400)),
                    ('published_on', models.DateField(editable=False, null=True)),
                    ('seen', models.JSONField(editable=False, null=True)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                    ('proposed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('published_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '资助规则版本',
                },
            ),
            migrations.CreateModel(
                name='SchemePaper',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='材料')),
                    ('title_en', models.CharField(blank=True, max_length=120)),
                    ('required', models.BooleanField(default=True, verbose_name='必需')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='subsidies.schemeversion')),
                ],
                options={
                    'verbose_name': '申领材料',
                    'ordering': ['order', 'pk'],
                },
            ),
            migrations.AddField(
                model_name='instalment',
                name='version',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='instalments', to='subsidies.schemeversion'),
            ),
            migrations.CreateModel(
                name='Entitlement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('right', models.CharField(max_length=120)),
                    ('met', models.BooleanField(null=True)),
                    ('event_on', models.DateField(verbose_name='资格产生')),
                    ('opens_on', models.DateField(null=True, verbose_name='何时可领')),
                    ('lapses_on', models.DateField(null=True, verbose_name='何时失效')),
                    ('units', models.PositiveIntegerField(default=1)),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='金额')),
                    ('checked_on', models.DateField()),
                    ('doctor', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.doctor')),
                    ('selection', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.selection')),
                    ('station', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.station')),
                    ('stay', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='postdocs.stay')),
                    ('instalment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entitlements', to='subsidies.instalment')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entitlements', to='subsidies.schemeversion')),
                ],
                options={
                    'verbose_name': '资格',
                },
            ),
            migrations.CreateModel(
                name='Condition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=60, verbose_name='条件')),
                    ('title_en', models.CharField(blank=True, max_length=120)),
                    ('purpose', models.CharField(choices=[('need', '享受条件'), ('stop', '停发'), ('recover', '追回')], default='need', max_length=8, verbose_name='用途')),
                    ('group', models.SlugField(blank=True, verbose_name='组')),
                    ('fact', models.CharField(blank=True, max_length=60)),
                    ('lookup', models.CharField(blank=True, max_length=10)),
                    ('value', models.JSONField(blank=True, null=True)),
                    ('assumed', models.BooleanField(default=False, verbose_name='征求意见')),
                    ('setting', models.CharField(blank=True, max_length=40, verbose_name='参数')),
                    ('wall', models.CharField(blank=True, max_length=40, verbose_name='参数取何值时为硬条件')),
                    ('ask', models.CharField(choices=[('person', '本人'), ('unit', '设站单位'), ('district', '区镇'), ('bureau', '市局')], default='unit', max_length=10, verbose_name='向谁要')),
                    ('missing', models.CharField(blank=True, max_length=120, verbose_name='缺什么、怎么补')),
                    ('missing_en', models.CharField(blank=True, max_length=240)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conditions', to='subsidies.schemeversion')),
                ],
                options={
                    'verbose_name': '享受条件',
                    'ordering': ['order', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Boundary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='用例')),
                    ('given', models.JSONField(blank=True, default=dict, verbose_name='事实')),
                    ('expect', models.CharField(choices=[('met', '符合'), ('unmet', '不符合'), ('open', '待认定')], max_length=6, verbose_name='应为')),
                    ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='金额')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='boundaries', to='subsidies.schemeversion')),
                ],
                options={
                    'verbose_name': '边界用例',
                    'ordering': ['order', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=40, verbose_name='档次')),
                    ('title_en', models.CharField(blank=True, max_length=80)),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='金额')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='subsidies.schemeversion')),
                ],
                options={
                    'verbose_name': '档次',
                    'ordering': ['order', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='SubsidyScheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=40, verbose_name='资助项目')),
                    ('title_en', models.CharField(blank=True, max_length=100, verbose_name='英文名称')),
                    ('vocabulary', models.SlugField(verbose_name='对象')),
                    ('event', models.SlugField(max_length=60, verbose_name='何时产生资格')),
                    ('payee', models.CharField(choices=[('unit', '设站单位'), ('person', '本人'), ('park', '园区总站'), ('supervisor', '导师'), ('referrer', '引荐单位或个人'), ('buyer', '购买成果的企业')], max_length=10, verbose_name='资金给谁')),
                    ('payer', models.CharField(blank=True, max_length=60, verbose_name='由谁兑现')),
                    ('payer_en', models.CharField(blank=True, max_length=120)),
                    ('group', models.SlugField(blank=True, verbose_name='不重复享受')),
                    ('once_per_person', models.BooleanField(default=False, verbose_name='一生一次')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schemes', to='subsidies.budgetline', verbose_name='资金科目')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '资助项目',
                },
            ),
            migrations.AddField(
                model_name='schemeversion',
                name='scheme',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='subsidies.subsidyscheme'),
            ),
            migrations.CreateModel(
                name='Trace',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('found_on', models.DateField(verbose_name='发现日期')),
                    ('gone_on', models.DateField(null=True)),
                    ('answered_on', models.DateField(null=True, verbose_name='处理日期')),
                    ('step', models.CharField(blank=True, max_length=20)),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='traces', to='subsidies.claim')),
                    ('condition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='subsidies.condition')),
                ],
                options={
                    'verbose_name': '停发、追回线索',
                },
            ),
            migrations.AddConstraint(
                model_name='budgetline',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='budget_line_once'),
            ),
            migrations.AddConstraint(
                model_name='budget',
                constraint=models.UniqueConstraint(fields=('line', 'year'), name='budget_once_a_year'),
            ),
            migrations.AddConstraint(
                model_name='budget',
                constraint=models.CheckConstraint(condition=models.Q(('available__gte', 0)), name='budget_not_overdrawn', violation_error_message='预算不足。'),
            ),
            migrations.AddIndex(
                model_name='journalentry',
                index=models.Index(fields=['budget', 'on'], name='entry_budget'),
            ),
            migrations.AddConstraint(
                model_name='payeeaccount',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('payee', None), ('person', None)), models.Q(('organisation', None), ('payee', None), ('person__isnull', False)), models.Q(('organisation', None), ('payee__isnull', False), ('person', None)), _connector='OR'), name='account_of_somebody', violation_error_message='账户属于一个人或一家单位。'),
            ),
            migrations.AddConstraint(
                model_name='payeeaccount',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='account_period'),
            ),
            migrations.AddConstraint(
                model_name='payeeaccount',
                constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('until', None)), fields=('person',), name='one_account_of_a_person', violation_error_message='这个人已有在用的收款账户，请刷新页面。'),
            ),
            migrations.AddConstraint(
                model_name='payeeaccount',
                constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False), ('until', None)), fields=('organisation',), name='one_account_of_a_unit', violation_error_message='这家单位已有在用的收款账户，请刷新页面。'),
            ),
            migrations.AddConstraint(
                model_name='payeeaccount',
                constraint=models.UniqueConstraint(condition=models.Q(('payee__isnull', False), ('until', None)), fields=('payee',), name='one_account_of_a_payee', violation_error_message='这位收款人已有在用的收款账户，请刷新页面。'),
            ),
            migrations.AddIndex(
                model_name='claim',
                index=models.Index(fields=['right'], name='claim_right'),
            ),
            migrations.AddIndex(
                model_name='claim',
                index=models.Index(fields=['status', 'instalment'], name='claim_status'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('doctor__isnull', True), ('selection__isnull', True), ('station__isnull', True), ('stay__isnull', False)), models.Q(('doctor__isnull', True), ('selection__isnull', True), ('station__isnull', False), ('stay__isnull', True)), models.Q(('doctor__isnull', False), ('selection__isnull', True), ('station__isnull', True), ('stay__isnull', True)), models.Q(('doctor__isnull', True), ('selection__isnull', False), ('station__isnull', True), ('stay__isnull', True)), _connector='OR'), name='claim_of_one_subject', violation_error_message='须写明为谁：恰好一个对象。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ['refused', 'withdrawn', 'recovered']), _negated=True), expressions=[('right', '='), (models.Func(models.F('first_unit'), models.F('last_unit'), function='int4range', output_field=django.contrib.postgres.fields.ranges.IntegerRangeField()), '&&')], name='granted_once', violation_error_message='这一项已有申领在办或已经拨付，不能重复申领。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('last_unit__gt', models.F('first_unit'))), name='claim_units', violation_error_message='申领的数量应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('approved', None), ('approved__gt', 0), _connector='OR'), name='claim_approved', violation_error_message='核定金额应大于 0；不给就办理“不予资助”。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['publicity', 'disputed', 'payable', 'batched', 'released', 'paid', 'recovering']), _negated=True), models.Q(('account__isnull', False), ('approved__isnull', False), ('decision__isnull', False)), _connector='OR'), name='claim_granted', violation_error_message='批准须有核定金额、收款账户和决定记录。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(('person', None), ('payee', None), _connector='OR'), name='claim_one_payee', violation_error_message='收款人只有一个：本人，或者另行写明的人。'),
            ),
            migrations.AddConstraint(
                model_name='claim',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_on__isnull', False), ('status__in', ['paid', 'recovering', 'recovered'])), models.Q(models.Q(('status__in', ['paid', 'recovering', 'recovered']), _negated=True), ('paid_on', None)), _connector='OR'), name='claim_paid', violation_error_message='已拨付的须有到账日期，其他的没有。'),
            ),
            migrations.AddConstraint(
                model_name='paymentbatch',
                constraint=models.CheckConstraint(condition=models.Q(('checker', None), models.Q(('maker__isnull', False), models.Q(('maker', models.F('checker')), _negated=True)), _connector='OR'), name='payment_two_people', violation_error_message='编制和发出须由不同的人办理。'),
            ),
            migrations.AddConstraint(
                model_name='paymentbatch',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('checker', None), ('released_at', None), ('status__in', ['draft', 'checking', 'dissolved'])), models.Q(('checker__isnull', False), ('released_at__isnull', False), ('status__in', ['sending', 'sent', 'done']), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='payment_released', violation_error_message='发出的批次须写明由谁、何时发出，以及核对过的内容。'),
            ),
            migrations.AddConstraint(
                model_name='paymentline',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'sent', 'paid'])), fields=('claim',), name='one_live_payment', violation_error_message='这件申领已在一个批次里，或者已经拨付。'),
            ),
            migrations.AddConstraint(
                model_name='paymentline',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_amount', violation_error_message='金额应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='paymentline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('result_on', None), ('sent_on', None), ('state__in', ['waiting', 'removed'])), models.Q(('result_on', None), ('sent_on__isnull', False), ('state', 'sent')), models.Q(('result_on__gte', models.F('sent_on')), ('sent_on__isnull', False), ('state', 'paid')), models.Q(('result_on__gte', models.F('sent_on')), ('sent_on__isnull', False), ('state', 'bounced'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='payment_result', violation_error_message='到账和退票须写日期，不早于发出；退票还要写原因。'),
            ),
            migrations.AddConstraint(
                model_name='posting',
                constraint=models.UniqueConstraint(fields=('entry', 'place'), name='posting_once_a_place'),
            ),
            migrations.AddConstraint(
                model_name='posting',
                constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='posting_not_nothing'),
            ),
            migrations.AddConstraint(
                model_name='scarcemajor',
                constraint=models.UniqueConstraint(fields=('pack', 'year', 'discipline'), name='scarce_major_once'),
            ),
            migrations.AddConstraint(
                model_name='schemepaper',
                constraint=models.UniqueConstraint(fields=('version', 'code'), name='scheme_paper_once'),
            ),
            migrations.AddConstraint(
                model_name='instalment',
                constraint=models.UniqueConstraint(fields=('version', 'number'), name='instalment_once'),
            ),
            migrations.AddConstraint(
                model_name='instalment',
                constraint=models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lte', 100)), name='instalment_share', violation_error_message='占比应大于 0，不超过 100。'),
            ),
            migrations.AddIndex(
                model_name='entitlement',
                index=models.Index(fields=['right'], name='entitlement_right'),
            ),
            migrations.AddConstraint(
                model_name='entitlement',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('doctor__isnull', True), ('selection__isnull', True), ('station__isnull', True), ('stay__isnull', False)), models.Q(('doctor__isnull', True), ('selection__isnull', True), ('station__isnull', False), ('stay__isnull', True)), models.Q(('doctor__isnull', False), ('selection__isnull', True), ('station__isnull', True), ('stay__isnull', True)), models.Q(('doctor__isnull', True), ('selection__isnull', False), ('station__isnull', True), ('stay__isnull', True)), _connector='OR'), name='entitlement_of_one_subject', violation_error_message='须写明为谁：恰好一个对象。'),
            ),
            migrations.AddConstraint(
                model_name='entitlement',
                constraint=models.UniqueConstraint(fields=('instalment', 'stay'), name='entitlement_once_a_stay'),
            ),
            migrations.AddConstraint(
                model_name='entitlement',
                constraint=models.UniqueConstraint(fields=('instalment', 'station'), name='entitlement_once_a_station'),
            ),
            migrations.AddConstraint(
                model_name='entitlement',
                constraint=models.UniqueConstraint(fields=('instalment', 'doctor'), name='entitlement_once_a_doctor'),
            ),
            migrations.AddConstraint(
                model_name='entitlement',
                constraint=models.UniqueConstraint(fields=('instalment', 'selection'), name='entitlement_once_a_selection'),
            ),
            migrations.AddConstraint(
                model_name='condition',
                constraint=models.UniqueConstraint(fields=('version', 'code'), name='subsidy_condition_once'),
            ),
            migrations.AddConstraint(
                model_name='condition',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('fact', ''), ('lookup', ''), ('value', None)), models.Q(models.Q(('fact', ''), _negated=True), models.Q(('lookup', ''), _negated=True), ('value__isnull', False)), _connector='OR'), name='condition_asks', violation_error_message='条件要么写全 fact、lookup、value，要么都不写（由人认定）。'),
            ),
            migrations.AddConstraint(
                model_name='boundary',
                constraint=models.UniqueConstraint(fields=('version', 'name'), name='boundary_once'),
            ),
            migrations.AddConstraint(
                model_name='step',
                constraint=models.UniqueConstraint(fields=('version', 'code'), name='step_once'),
            ),
            migrations.AddConstraint(
                model_name='step',
                constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='step_amount', violation_error_message='金额应大于 0。'),
            ),
            migrations.AddConstraint(
                model_name='subsidyscheme',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='subsidy_once'),
            ),
            migrations.AddConstraint(
                model_name='subsidyscheme',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('line__isnull', False), ('payer', '')), models.Q(('line', None), models.Q(('payer', ''), _negated=True)), _connector='OR'), name='subsidy_paid_by_somebody', violation_error_message='要么写资金科目（本局拨付），要么写由谁兑现。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'published')), expressions=[('scheme', '='), (models.Func(models.F('since'), models.F('until'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='one_version_in_force', violation_error_message='同一天只能有一版规则在执行：请先写明前一版的执行止。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.UniqueConstraint(fields=('scheme', 'since'), name='version_since_once', violation_error_message='这一天起已有一版，请换一个执行起。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='version_period', violation_error_message='执行止须晚于执行起。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(('published_by', None), ('proposed_by', None), models.Q(('published_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='version_two_people', violation_error_message='规则须由另一人复核后发布。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('proposed_by', None), models.Q(('published_by__isnull', False), ('published_on__isnull', False), ('seen__isnull', False)), _connector='OR'), name='version_seen', violation_error_message='发布人须先看过对在册人员的影响。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('amount__isnull', False), ('shape__in', ['fixed', 'per', 'matching'])), models.Q(('amount', None), ('shape__in', ['steps', 'unstated'])), _connector='OR'), name='version_amount', violation_error_message='定额、按数量、配套须写金额；分档写在各档里。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('shape__in', ['per', 'matching']), models.Q(('quantity', ''), _negated=True)), models.Q(models.Q(('shape__in', ['per', 'matching']), _negated=True), ('limit', None), ('quantity', '')), _connector='OR'), name='version_quantity', violation_error_message='按数量、配套须写数量从哪里来，其他方式不写。'),
            ),
            migrations.AddConstraint(
                model_name='schemeversion',
                constraint=models.CheckConstraint(condition=models.Q(('ceiling', None), ('ceiling__gt', 0), _connector='OR'), name='version_ceiling', violation_error_message='最高额应大于 0；没有就不写。'),
            ),
            migrations.AddConstraint(
                model_name='trace',
                constraint=models.UniqueConstraint(fields=('claim', 'condition'), name='trace_once'),
            ),
            migrations.AddConstraint(
                model_name='trace',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_by', None), ('answered_on', None), ('note', ''), ('step', '')), models.Q(('answered_by__isnull', False), ('answered_on__gte', models.F('found_on')), models.Q(('note', ''), _negated=True)), _connector='OR'), name='trace_answered', violation_error_message='处理要写明由谁、哪一天、为什么。'),
            ),
        ]),
        migrations.RunSQL(JOURNAL_GUARDS, JOURNAL_GUARDS_BACK),
        migrations.RunSQL(RULES, RULES_BACK),
    ]
