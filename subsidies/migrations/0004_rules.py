"""Versions drafted on pages: one for each day, published by another person who saw what changes; what a decision rests on
stays as it was."""

from django.conf import settings
from django.db import migrations, models

APART = "'{order,until,loaded,edited_at,state,note,note_en}'::text[]"  # what may still be said of a version in use
FORWARD = f"""
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
FORWARD += "\n".join(GUARD.format(table) for table in TABLES)
BACK = "\n".join(f"DROP TRIGGER version_kept ON subsidies_{table};" for table in TABLES)
BACK += "DROP FUNCTION subsidies_version_kept();"


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0007_documents"),
        ("subsidies", "0003_payments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="schemeversion",
            name="state",
            field=models.CharField(
                choices=[("draft", "起草"), ("proposed", "待复核发布"), ("published", "已发布")],
                default="published",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="subsidyscheme",
            name="payee",
            field=models.CharField(
                choices=[
                    ("unit", "设站单位"),
                    ("person", "本人"),
                    ("park", "园区总站"),
                    ("supervisor", "导师"),
                    ("referrer", "引荐单位或个人"),
                    ("buyer", "购买成果的企业"),
                ],
                max_length=10,
                verbose_name="资金给谁",
            ),
        ),
        migrations.AlterField(
            model_name="boundary",
            name="given",
            field=models.JSONField(blank=True, default=dict, verbose_name="事实"),
        ),
        migrations.RemoveConstraint(model_name="schemeversion", name="version_amount"),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", 0), ("amount__isnull", False), ("shape__in", ["fixed", "per", "matching"])
                    ),
                    models.Q(("amount", None), ("shape__in", ["steps", "unstated"])),
                    _connector="OR",
                ),
                name="version_amount",
                violation_error_message="定额、按数量、配套须写金额；分档写在各档里。",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.UniqueConstraint(
                fields=("scheme", "since"),
                name="version_since_once",
                violation_error_message="这一天起已有一版，请换一个执行起。",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemeversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    ("proposed_by", None),
                    models.Q(("published_by__isnull", False), ("published_on__isnull", False), ("seen__isnull", False)),
                    _connector="OR",
                ),
                name="version_seen",
                violation_error_message="发布人须先看过对在册人员的影响。",
            ),
        ),
        migrations.RunSQL(FORWARD, BACK),
    ]
