"""An objection is one against a matter, whichever kind; those against rounds of evaluation keep all they say."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def of_matters(apps, schema_editor):
    objections, rounds = apps.get_model("stations", "Objection"), apps.get_model("stations", "Evaluation")
    matter = rounds.objects.filter(pk=OuterRef("evaluation_id")).values("matter_id")
    objections.objects.update(matter_id=Subquery(matter))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def of_rounds(apps, schema_editor):
    """Back again; what was said against other matters has no place there, so it refuses."""
    objections, rounds = apps.get_model("stations", "Objection"), apps.get_model("stations", "Evaluation")
    round_ = rounds.objects.filter(matter_id=OuterRef("matter_id")).values("pk")
    objections.objects.update(evaluation_id=Subquery(round_))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0007_documents'),
        ('stations', '0008_counted_figures'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='matter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='portal.matter'),
        ),
        migrations.AlterField(
            model_name='objection',
            name='evaluation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stations.evaluation'),
        ),
        migrations.RunPython(of_matters, of_rounds),
        migrations.AlterField(
            model_name='objection',
            name='matter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='portal.matter'),
        ),
        migrations.RemoveField(model_name='objection', name='evaluation'),
    ]
