"""All tables of the app as they stand after 0008_saved_views, for a new database; one that has them already keeps its own."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import portal.models.files
import portal.models.imports
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from portal.tables import WholeTables


class Migration(migrations.Migration):
    replaces = [
        ("portal", "0001_initial"),
        ("portal", "0002_whole_stations"),
        ("portal", "0003_casework"),
        ("portal", "0004_justifiable"),
        ("portal", "0005_on_behalf"),
        ("portal", "0006_sealed_lines"),
        ("portal", "0007_documents"),
        ("portal", "0008_saved_views"),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        # Equality inside exclusion constraints needs btree_gist; it is a trusted extension, no superuser is needed.
        BtreeGistExtension(),
        WholeTables([
            migrations.CreateModel(
                name='Document',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.SlugField(verbose_name='代码')),
                    ('title', models.CharField(max_length=160, verbose_name='标题')),
                    ('title_en', models.CharField(blank=True, max_length=240, verbose_name='英文标题')),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='文号')),
                    ('issuer', models.CharField(max_length=80, verbose_name='发文机关')),
                    ('issuer_en', models.CharField(blank=True, max_length=160, verbose_name='发文机关英文名')),
                    ('issued_on', models.DateField(blank=True, null=True, verbose_name='成文日期')),
                    ('since', models.DateField(blank=True, null=True, verbose_name='执行起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='执行止')),
                    ('file_source', models.CharField(blank=True, editable=False, max_length=120, verbose_name='附件来源')),
                ],
                options={
                    'verbose_name': '政策文件',
                },
            ),
            migrations.CreateModel(
                name='Workday',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on', models.DateField(unique=True, verbose_name='日期')),
                    ('works', models.BooleanField(verbose_name='上班')),
                    ('name', models.CharField(max_length=20, verbose_name='节日')),
                    ('source', models.CharField(max_length=60, verbose_name='依据')),
                ],
                options={
                    'verbose_name': '工作日历',
                },
            ),
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('username', models.CharField(error_messages={'unique': '这个账号已有人使用，请换一个，或用它登录。'}, max_length=60, unique=True, verbose_name='账号')),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='电子邮箱')),
                    ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='语言')),
                    ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                    ('joined_at', models.DateTimeField(auto_now_add=True)),
                ],
                options={
                    'verbose_name': '用户',
                    'verbose_name_plural': '用户',
                    'constraints': [models.UniqueConstraint(condition=models.Q(('phone', ''), _negated=True), fields=('phone',), name='user_phone_once', violation_error_message='这个手机号已经注册过，请直接登录，或用“忘记密码”找回。')],
                },
            ),
            migrations.CreateModel(
                name='District',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='代码')),
                    ('name', models.CharField(max_length=60, verbose_name='名称')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='英文名称')),
                    ('short_name', models.CharField(blank=True, max_length=30, verbose_name='简称')),
                    ('short_name_en', models.CharField(blank=True, max_length=40)),
                    ('gb_code', models.CharField(blank=True, max_length=12, verbose_name='行政区划代码')),
                    ('documented', models.BooleanField(default=True, verbose_name='文件列名')),
                    ('depth', models.PositiveSmallIntegerField(default=0)),
                    ('path_order', models.CharField(db_index=True, default='', max_length=120)),
                    ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='portal.district')),
                ],
                options={
                    'verbose_name': '区镇',
                    'verbose_name_plural': '区镇',
                },
            ),
            migrations.CreateModel(
                name='Clause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=40, verbose_name='条款')),
                    ('summary', models.CharField(max_length=200, verbose_name='要点')),
                    ('summary_en', models.CharField(blank=True, max_length=400, verbose_name='英文要点')),
                    ('rules', models.CharField(blank=True, max_length=200, verbose_name='规则编号')),
                    ('described', models.BooleanField(default=False, verbose_name='只作说明')),
                    ('pages', models.JSONField(blank=True, default=list, verbose_name='办理的页面')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='portal.document')),
                ],
                options={
                    'verbose_name': '条款',
                },
            ),
            migrations.CreateModel(
                name='File',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=200, verbose_name='文件名')),
                    ('content', models.FileField(upload_to=portal.models.files.stored_name)),
                    ('media_type', models.CharField(max_length=40)),
                    ('size', models.PositiveIntegerField(verbose_name='字节数')),
                    ('pages', models.PositiveSmallIntegerField(default=1, verbose_name='页数')),
                    ('sha256', models.CharField(max_length=64)),
                    ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                    ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='portal.file')),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '文件',
                },
            ),
            migrations.AddField(
                model_name='document',
                name='file',
                field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file', verbose_name='附件'),
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('payload', models.JSONField(default=dict)),
                    ('asked_at', models.DateTimeField(auto_now_add=True)),
                    ('state', models.CharField(choices=[('waiting', '等待'), ('running', '进行中'), ('done', '完成'), ('failed', '失败')], default='waiting', max_length=10)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('started_at', models.DateTimeField(null=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('total', models.PositiveIntegerField(null=True)),
                    ('result', models.JSONField(default=dict)),
                    ('error', models.TextField(blank=True)),
                    ('content', models.FileField(blank=True, upload_to='jobs/')),
                    ('content_name', models.CharField(blank=True, max_length=200)),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Batch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('name', models.CharField(max_length=200, verbose_name='文件')),
                    ('content', models.FileField(upload_to=portal.models.imports.stored_name)),
                    ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                    ('state', models.CharField(choices=[('waiting', '正在核对'), ('broken', '读不出来'), ('ready', '待入库'), ('applying', '正在入库'), ('done', '已入库'), ('undoing', '正在撤回'), ('undone', '已撤回')], default='waiting', max_length=10)),
                    ('choice', models.CharField(blank=True, choices=[('all', '全部成功才入库'), ('right', '只导入正确行')], max_length=10)),
                    ('problem', models.TextField(blank=True)),
                    ('head', models.JSONField(default=dict)),
                    ('counts', models.JSONField(default=dict)),
                    ('applied_at', models.DateTimeField(null=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to=settings.AUTH_USER_MODEL)),
                    ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='portal.job')),
                ],
                options={
                    'verbose_name': '导入',
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField()),
                    ('cells', models.JSONField()),
                    ('sealed', models.BinaryField(null=True)),
                    ('outcome', models.CharField(choices=[('new', '新增'), ('changed', '有变化'), ('same', '没变化'), ('wrong', '有错'), ('double', '重复'), ('doubt', '疑似重复'), ('conflict', '两边都改过')], max_length=10)),
                    ('problems', models.JSONField(default=dict)),
                    ('changes', models.JSONField(default=dict)),
                    ('target', models.CharField(blank=True, max_length=40)),
                    ('before', models.JSONField(default=dict)),
                    ('applied', models.BooleanField(default=False)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='portal.batch')),
                ],
            ),
            migrations.CreateModel(
                name='Matter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                    ('kind', models.CharField(max_length=30, verbose_name='事项')),
                    ('title', models.CharField(max_length=160, verbose_name='名称')),
                    ('title_en', models.CharField(blank=True, max_length=240)),
                    ('opened_on', models.DateField()),
                    ('filed_on', models.DateField(blank=True, null=True)),
                    ('closed_on', models.DateField(blank=True, null=True)),
                    ('status', models.CharField(max_length=20)),
                    ('holder', models.CharField(blank=True, choices=[('handler', '单位经办人'), ('certifier', '单位审核人'), ('postdoc', '博士后'), ('district', '区镇经办'), ('bureau_handler', '市局经办'), ('bureau_reviewer', '市局审核'), ('bureau_approver', '市局审批'), ('finance_maker', '财务经办'), ('finance_checker', '财务复核'), ('reporter', '部门填报'), ('auditor', '审计'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20)),
                    ('held_since', models.DateField()),
                    ('due_on', models.DateField(blank=True, null=True)),
                    ('return_to', models.CharField(blank=True, max_length=20)),
                    ('helped', models.BooleanField(default=False)),
                    ('round', models.PositiveSmallIntegerField(default=1)),
                    ('version', models.PositiveIntegerField(default=0)),
                    ('changed_at', models.DateTimeField(auto_now=True)),
                    ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='portal.district')),
                    ('opener', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '事项',
                },
            ),
            migrations.CreateModel(
                name='Evidence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slot', models.CharField(max_length=80)),
                    ('added_at', models.DateTimeField(auto_now_add=True)),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='citations', to='portal.file')),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='portal.matter')),
                ],
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('round', models.PositiveSmallIntegerField()),
                    ('action', models.CharField(max_length=40)),
                    ('duty', models.CharField(blank=True, max_length=20)),
                    ('source', models.CharField(max_length=20)),
                    ('target', models.CharField(max_length=20)),
                    ('on', models.DateField()),
                    ('note', models.TextField(blank=True)),
                    ('details', models.JSONField(default=dict)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on_behalf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='portal.matter')),
                ],
            ),
            migrations.CreateModel(
                name='Confirmation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('topic', models.CharField(max_length=60)),
                    ('level', models.CharField(choices=[('district', '区镇'), ('bureau', '市局')], max_length=10)),
                    ('verdict', models.BooleanField(null=True)),
                    ('note', models.TextField(blank=True)),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('recorded_at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('on_behalf', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.file')),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmations', to='portal.matter')),
                ],
            ),
            migrations.CreateModel(
                name='Mute',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mutes', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(max_length=300)),
                    ('path', models.CharField(blank=True, max_length=200)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('read_at', models.DateTimeField(null=True)),
                    ('matter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='portal.matter')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('channel', models.CharField(choices=[('mail', '邮件'), ('sms', '短信')], max_length=4)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('error', models.CharField(blank=True, max_length=300)),
                    ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='portal.notice')),
                ],
            ),
            migrations.CreateModel(
                name='Organisation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=40, unique=True, verbose_name='代码')),
                    ('name', models.CharField(max_length=100, verbose_name='名称')),
                    ('name_en', models.CharField(blank=True, max_length=160, verbose_name='英文名称')),
                    ('kind', models.CharField(choices=[('bureau', '市人社局'), ('district_office', '区镇主管部门'), ('department', '市级部门'), ('finance', '财政部门'), ('enterprise', '企业（设站单位）'), ('university', '高校院所'), ('park', '园区')], max_length=20, verbose_name='类别')),
                    ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('demo', models.BooleanField(default=False, verbose_name='演示数据')),
                    ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district', verbose_name='所属区镇')),
                ],
                options={
                    'verbose_name': '单位',
                    'verbose_name_plural': '单位',
                },
            ),
            migrations.AddField(
                model_name='matter',
                name='organisation',
                field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='portal.organisation'),
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('handler', '单位经办人'), ('certifier', '单位审核人'), ('postdoc', '博士后'), ('district', '区镇经办'), ('bureau_handler', '市局经办'), ('bureau_reviewer', '市局审核'), ('bureau_approver', '市局审批'), ('finance_maker', '财务经办'), ('finance_checker', '财务复核'), ('reporter', '部门填报'), ('auditor', '审计'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20, verbose_name='角色')),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('phone', models.CharField(max_length=20, verbose_name='手机')),
                    ('token_hash', models.CharField(max_length=64, unique=True)),
                    ('invited_at', models.DateTimeField(auto_now_add=True)),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.district')),
                    ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='portal.organisation')),
                ],
                options={
                    'verbose_name': '邀请',
                },
            ),
            migrations.AddField(
                model_name='file',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='portal.organisation'),
            ),
            migrations.CreateModel(
                name='Appointment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('handler', '单位经办人'), ('certifier', '单位审核人'), ('postdoc', '博士后'), ('district', '区镇经办'), ('bureau_handler', '市局经办'), ('bureau_reviewer', '市局审核'), ('bureau_approver', '市局审批'), ('finance_maker', '财务经办'), ('finance_checker', '财务复核'), ('reporter', '部门填报'), ('auditor', '审计'), ('system_admin', '系统管理员'), ('security_admin', '安全管理员'), ('audit_admin', '审计管理员')], max_length=20, verbose_name='角色')),
                    ('since', models.DateField(verbose_name='起')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL)),
                    ('district', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.district')),
                    ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='portal.organisation')),
                ],
                options={
                    'verbose_name': '任职',
                },
            ),
            migrations.CreateModel(
                name='Pack',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.SlugField(unique=True, verbose_name='代码')),
                    ('name', models.CharField(max_length=60, verbose_name='名称')),
                    ('name_en', models.CharField(blank=True, max_length=80, verbose_name='英文名称')),
                    ('bureau', models.CharField(max_length=60, verbose_name='主管部门')),
                    ('bureau_en', models.CharField(blank=True, max_length=120, verbose_name='主管部门英文名')),
                    ('prefix', models.CharField(max_length=6, unique=True, verbose_name='编号前缀')),
                    ('root', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pack', to='portal.district')),
                ],
                options={
                    'verbose_name': '地方规则包',
                },
            ),
            migrations.AddField(
                model_name='organisation',
                name='pack',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack'),
            ),
            migrations.CreateModel(
                name='Guard',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('lifecycle', models.CharField(max_length=30, verbose_name='流程')),
                    ('action', models.CharField(max_length=40, verbose_name='动作')),
                    ('fact', models.CharField(max_length=60)),
                    ('lookup', models.CharField(max_length=10)),
                    ('value', models.JSONField()),
                    ('justifiable', models.BooleanField(default=False, verbose_name='说明理由可办')),
                    ('since', models.DateField(blank=True, null=True)),
                    ('until', models.DateField(blank=True, null=True)),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '办理条件',
                },
            ),
            migrations.AddField(
                model_name='document',
                name='pack',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack'),
            ),
            migrations.CreateModel(
                name='Amendment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('table', models.CharField(max_length=40)),
                    ('key', models.CharField(max_length=120)),
                    ('label', models.CharField(max_length=200)),
                    ('before', models.JSONField()),
                    ('after', models.JSONField()),
                    ('reason', models.TextField(verbose_name='原因')),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='portal.pack')),
                ],
                options={
                    'verbose_name': '变更记录',
                },
            ),
            migrations.CreateModel(
                name='Relation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('kind', models.CharField(choices=[('replaces', '取代'), ('rests_on', '依据'), ('names', '提到')], max_length=10, verbose_name='关系')),
                    ('since', models.DateField(blank=True, null=True, verbose_name='从何时起')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='条款')),
                    ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='portal.document', verbose_name='文件')),
                    ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told_of', to='portal.document', verbose_name='对方文件')),
                    ('other_clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told_of', to='portal.clause', verbose_name='对方条款')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '文件关系',
                },
            ),
            migrations.CreateModel(
                name='Reminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=30)),
                    ('key', models.CharField(max_length=100)),
                    ('at', models.DateTimeField(auto_now_add=True)),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='ReturnItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('target', models.CharField(max_length=80)),
                    ('label', models.CharField(max_length=120)),
                    ('code', models.CharField(choices=[('R01', '材料缺失'), ('R02', '材料模糊或不是原件'), ('R03', '缺签字盖章'), ('R04', '盖章过期'), ('R05', '身份类别选择错误'), ('R06', '信息与证件不一致'), ('R07', '与上次填报不一致'), ('R08', '时间不连续或逻辑错误'), ('R09', '条件不符：年龄'), ('R10', '条件不符：博士毕业年限'), ('R11', '条件不符：在职或社保'), ('R12', '条件不符：其他'), ('R13', '超出申报时限'), ('R14', '重复申报'), ('R15', '金额计算有误'), ('R16', '账户信息有误'), ('R17', '佐证不足'), ('R18', '单位信息未完善'), ('R19', '合同或协议期限不足'), ('R20', '涉密材料不得上传'), ('R99', '其他')], max_length=3, verbose_name='原因')),
                    ('note', models.TextField(blank=True, verbose_name='说明')),
                    ('answer', models.TextField(blank=True, max_length=500, verbose_name='单位说明')),
                    ('answered_at', models.DateTimeField(blank=True, null=True)),
                    ('resolved_at', models.DateTimeField(blank=True, null=True)),
                    ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='portal.event')),
                ],
            ),
            migrations.CreateModel(
                name='Revision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('data', models.JSONField()),
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revision', to='portal.event')),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='portal.matter')),
                ],
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('path', models.CharField(max_length=200)),
                    ('query', models.CharField(max_length=2000)),
                    ('name', models.CharField(max_length=40, verbose_name='名称')),
                    ('is_default', models.BooleanField(default=False, verbose_name='打开这份清单时默认用它')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '视图',
                },
            ),
            migrations.CreateModel(
                name='Serial',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('series', models.CharField(max_length=30)),
                    ('year', models.PositiveSmallIntegerField()),
                    ('last', models.PositiveIntegerField(default=0)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('series', 'year'), name='serial_once')],
                },
            ),
            migrations.CreateModel(
                name='Setting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('loaded', models.JSONField(editable=False, null=True)),
                    ('edited_at', models.DateTimeField(editable=False, null=True)),
                    ('code', models.CharField(max_length=40, verbose_name='编号')),
                    ('title', models.CharField(max_length=120, verbose_name='事项')),
                    ('title_en', models.CharField(blank=True, max_length=200, verbose_name='英文')),
                    ('why', models.TextField(verbose_name='为什么这样定')),
                    ('why_en', models.TextField(blank=True)),
                    ('kind', models.CharField(choices=[('date', '日期'), ('integer', '整数'), ('decimal', '小数'), ('boolean', '是或否'), ('choice', '单选'), ('choices', '多选'), ('text', '文字')], max_length=10)),
                    ('options', models.JSONField(blank=True, default=dict)),
                    ('options_en', models.JSONField(blank=True, default=dict)),
                    ('unit', models.CharField(blank=True, max_length=20, verbose_name='单位')),
                    ('unit_en', models.CharField(blank=True, max_length=30)),
                    ('value', models.JSONField(blank=True, null=True, verbose_name='取值')),
                    ('ask', models.BooleanField(default=False, verbose_name='待市局确认')),
                    ('order', models.PositiveSmallIntegerField(default=0)),
                    ('clause', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.clause', verbose_name='依据')),
                    ('pack', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.pack')),
                ],
                options={
                    'verbose_name': '口径与参数',
                },
            ),
            migrations.CreateModel(
                name='Spell',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('status', models.CharField(max_length=20)),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('held_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='spells', to='portal.matter')),
                ],
            ),
            migrations.CreateModel(
                name='Watch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('matter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to='portal.matter')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watches', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Absence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('since', models.DateField(verbose_name='从哪天起')),
                    ('until', models.DateField(verbose_name='到哪天')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('made_at', models.DateTimeField(auto_now_add=True)),
                    ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to=settings.AUTH_USER_MODEL, verbose_name='代办人')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': '委托代办',
                    'constraints': [models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='absence_period', violation_error_message='结束日期不能早于开始日期。'), models.CheckConstraint(condition=models.Q(('user', models.F('deputy')), _negated=True), name='absence_other_person', violation_error_message='代办人须是另一个人。'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('user', '='), (models.Func('since', 'until', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='absence_one_deputy_a_day', violation_error_message='这段时间已经委托过，请先收回或另选日期。')],
                },
            ),
            migrations.CreateModel(
                name='Ancestry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ancestor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='down', to='portal.district')),
                    ('node', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='up', to='portal.district')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('node', 'ancestor'), name='ancestry_once')],
                },
            ),
            migrations.AddConstraint(
                model_name='clause',
                constraint=models.UniqueConstraint(fields=('document', 'number'), name='clause_once'),
            ),
            migrations.AddConstraint(
                model_name='clause',
                constraint=models.CheckConstraint(condition=models.Q(('described', False), ('pages', []), _connector='OR'), name='clause_described', violation_error_message='只作说明的条款不写办理的页面。'),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['kind', 'id'], name='job_open'),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(fields=['kind', '-finished_at'], name='job_finished'),
            ),
            migrations.AddIndex(
                model_name='line',
                index=models.Index(condition=models.Q(('outcome', 'same'), _negated=True), fields=['batch', 'outcome'], name='line_told'),
            ),
            migrations.AddConstraint(
                model_name='line',
                constraint=models.UniqueConstraint(fields=('batch', 'number'), name='line_once'),
            ),
            migrations.AddConstraint(
                model_name='evidence',
                constraint=models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('matter', 'slot', 'file'), name='evidence_once', violation_error_message='这份材料里已经有同一个文件。'),
            ),
            migrations.AddIndex(
                model_name='event',
                index=models.Index(fields=['by', 'matter'], name='event_by'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('duty', ''), _negated=True), expressions=[('matter', '='), ('round', '='), ('duty', '='), ('by', '='), ('action', '<>')], name='one_person_one_step_of_a_duty', violation_error_message='经办、审核、审批须由不同的人办理。'),
            ),
            migrations.AddConstraint(
                model_name='event',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(models.Q(('duty', ''), _negated=True), ('on_behalf__isnull', False)), expressions=[('matter', '='), ('round', '='), ('duty', '='), ('on_behalf', '='), ('action', '<>')], name='one_person_one_step_by_deputy', violation_error_message='经办、审核、审批须由不同的人办理，代办也算本人办理。'),
            ),
            migrations.AddConstraint(
                model_name='confirmation',
                constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('matter', 'topic', 'level'), name='one_verdict_in_force'),
            ),
            migrations.AddConstraint(
                model_name='confirmation',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='confirmation_period'),
            ),
            migrations.AddConstraint(
                model_name='mute',
                constraint=models.UniqueConstraint(fields=('user', 'kind'), name='mute_once'),
            ),
            migrations.AddIndex(
                model_name='notice',
                index=models.Index(fields=['user', '-created_at'], name='notice_list'),
            ),
            migrations.AddIndex(
                model_name='notice',
                index=models.Index(condition=models.Q(('read_at', None)), fields=['user'], name='notice_unread'),
            ),
            migrations.AddIndex(
                model_name='delivery',
                index=models.Index(condition=models.Q(('sent_at', None)), fields=['id'], name='delivery_waiting'),
            ),
            migrations.AddConstraint(
                model_name='delivery',
                constraint=models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_once'),
            ),
            migrations.AddIndex(
                model_name='matter',
                index=models.Index(fields=['district', 'holder', 'due_on'], name='matter_to_do'),
            ),
            migrations.AddIndex(
                model_name='matter',
                index=models.Index(fields=['organisation', 'holder'], name='matter_to_do_unit'),
            ),
            migrations.AddIndex(
                model_name='matter',
                index=models.Index(condition=models.Q(('holder', ''), _negated=True), fields=['due_on'], name='matter_held'),
            ),
            migrations.AddConstraint(
                model_name='matter',
                constraint=models.CheckConstraint(condition=models.Q(('closed_on', None), ('holder', ''), _connector='OR'), name='matter_closed_unheld', violation_error_message='已办结的事项没有承办人。'),
            ),
            migrations.AddConstraint(
                model_name='invitation',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('district', None), ('organisation__isnull', False), ('role__in', ['certifier', 'handler'])), models.Q(models.Q(('role__in', ['certifier', 'handler']), _negated=True), ('district__isnull', False)), _connector='OR'), name='invitation_scope', violation_error_message='单位角色须指定单位；其他角色须指定区镇。'),
            ),
            migrations.AddIndex(
                model_name='file',
                index=models.Index(fields=['organisation', 'sha256'], name='file_hash'),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('district', None), ('organisation__isnull', False), ('role__in', ['certifier', 'handler'])), models.Q(models.Q(('role__in', ['certifier', 'handler']), _negated=True), ('district__isnull', False)), _connector='OR'), name='appointment_scope', violation_error_message='单位角色须指定单位；其他角色须指定区镇。'),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gt', models.F('since')), _connector='OR'), name='appointment_period', violation_error_message='任职止期须晚于起期。'),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('user', 'role', 'organisation', 'district'), name='appointment_once', nulls_distinct=False, violation_error_message='这个人已有同样的任职。'),
            ),
            migrations.AddIndex(
                model_name='organisation',
                index=models.Index(condition=models.Q(('demo', True)), fields=['demo'], name='organisation_demo'),
            ),
            migrations.AddConstraint(
                model_name='guard',
                constraint=models.UniqueConstraint(fields=('pack', 'lifecycle', 'action', 'fact', 'lookup', 'since'), name='guard_once', nulls_distinct=False),
            ),
            migrations.AddConstraint(
                model_name='guard',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('since', None), ('until__gt', models.F('since')), _connector='OR'), name='guard_period', violation_error_message='止期须晚于起期。'),
            ),
            migrations.AddConstraint(
                model_name='document',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='document_once'),
            ),
            migrations.AddConstraint(
                model_name='document',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('since', None), ('until__gte', models.F('since')), _connector='OR'), name='document_period', violation_error_message='执行止须不早于执行起。'),
            ),
            migrations.AddIndex(
                model_name='amendment',
                index=models.Index(fields=['table', 'key', '-at'], name='amendment_row'),
            ),
            migrations.AddConstraint(
                model_name='relation',
                constraint=models.UniqueConstraint(fields=('pack', 'document', 'kind', 'other', 'other_clause'), name='relation_once', nulls_distinct=False),
            ),
            migrations.AddConstraint(
                model_name='relation',
                constraint=models.CheckConstraint(condition=models.Q(('document', models.F('other')), _negated=True), name='relation_of_two', violation_error_message='文件不能取代或依据自己。'),
            ),
            migrations.AddConstraint(
                model_name='reminder',
                constraint=models.UniqueConstraint(fields=('user', 'kind', 'key'), name='reminder_once'),
            ),
            migrations.AddConstraint(
                model_name='returnitem',
                constraint=models.UniqueConstraint(fields=('event', 'target'), name='return_item_once', violation_error_message='同一处只能列一次。'),
            ),
            migrations.AddConstraint(
                model_name='returnitem',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', 'R99'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='return_item_other_says_what', violation_error_message='原因选“其他”时，请写明是什么问题、怎么改。'),
            ),
            migrations.AddConstraint(
                model_name='savedview',
                constraint=models.UniqueConstraint(fields=('user', 'path', 'name'), name='saved_view_once', violation_error_message='这份清单已有同名的视图，请换一个名称。'),
            ),
            migrations.AddConstraint(
                model_name='savedview',
                constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('user', 'path'), name='saved_view_one_default', violation_error_message='一份清单只能有一个默认视图。'),
            ),
            migrations.AddConstraint(
                model_name='savedview',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('query', ''), _negated=True), models.Q(('name', ''), _negated=True)), name='saved_view_filters', violation_error_message='请先选好筛选，并给它一个名称。'),
            ),
            migrations.AddConstraint(
                model_name='setting',
                constraint=models.UniqueConstraint(fields=('pack', 'code'), name='setting_once'),
            ),
            migrations.AddConstraint(
                model_name='spell',
                constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('matter',), name='one_open_spell'),
            ),
            migrations.AddConstraint(
                model_name='spell',
                constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='spell_period', violation_error_message='这一步的日期早于上一步，请核对日期。'),
            ),
            migrations.AddConstraint(
                model_name='watch',
                constraint=models.UniqueConstraint(fields=('user', 'matter'), name='watch_once'),
            ),
        ]),
    ]
