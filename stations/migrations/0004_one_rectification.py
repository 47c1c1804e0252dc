"""A failed evaluation's rectification was kept on its sheet; now it is a case of standing like any other."""

from django.db import migrations

HOLDERS = {"rectifying": "handler", "again": "bureau_approver"}


def move_over(apps, schema_editor):
    """Sheets stay graded; a rectification that is under way goes on as a case, from the same day to the same day."""
    Sheet, Case = apps.get_model("stations", "Sheet"), apps.get_model("stations", "StandingCase")
    Matter, Spell = apps.get_model("portal", "Matter"), apps.get_model("portal", "Spell")
    Pack, Serial = apps.get_model("portal", "Pack"), apps.get_model("portal", "Serial")
    rows = Sheet.objects.filter(status__in=["rectifying", "again", "passed", "failed"])
    for sheet in rows.select_related("matter", "evaluation", "station__enterprise__organisation").order_by("pk"):
        old, told = sheet.matter, sheet.status
        since = sheet.evaluation.published_on or old.held_since
        if told in HOLDERS and sheet.rectify_by:
            pack = Pack.objects.filter(root__down__node=old.district_id).first()
            serial, _new = Serial.objects.get_or_create(series=f"{pack.prefix}-DT", year=since.year)
            serial.last += 1
            serial.save()
            name = sheet.station.enterprise.organisation.name
            matter = Matter.objects.create(
                number=f"{serial.series}-{since.year}-{serial.last:04d}",
                kind="standing",
                title=f"{name}：{sheet.evaluation.name}"[:160],
                title_en=f"{name}: {sheet.evaluation.name_en or sheet.evaluation.name}"[:240],
                organisation_id=old.organisation_id,
                district_id=old.district_id,
                opener_id=old.opener_id,
                opened_on=since,
                filed_on=since,
                status=told,
                holder=HOLDERS[told],
                held_since=old.held_since,
                due_on=sheet.rectify_by,
            )
            Spell.objects.create(matter=matter, status=told, since=old.held_since)
            Case.objects.create(
                matter=matter,
                station_id=sheet.station_id,
                sheet=sheet,
                ground="failed",
                started_on=since,
                status=told,
                rectify_since=since,
                rectify_by=sheet.rectify_by,
            )
        sheet.status = old.status = "graded"
        sheet.save(update_fields=["status"])
        Spell.objects.filter(matter=old, until=None).update(status="graded")
        old.holder, old.due_on, old.closed_on = "", None, since
        old.save()


class Migration(migrations.Migration):
    dependencies = [("stations", "0003_live_stations")]

    operations = [migrations.RunPython(move_over, migrations.RunPython.noop)]
