"""Claims say which school they are of; first without obliging them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    unit = apps.get_model("venues", "Unit").objects.filter(pk=OuterRef("unit"))
    apps.get_model("bookings", "Claim").objects.update(school_id=Subquery(unit.values("school_id")))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_models"), ("venues", "0003_busytime_of_its_school")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="school",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="venues.school",
                verbose_name="lycée",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
