from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stations", "0004_one_rectification")]

    operations = [migrations.RemoveField(model_name="sheet", name="rectify_by")]
