"""Busy times say which school they are of; first without obliging them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    space = apps.get_model("venues", "Space").objects.filter(pk=OuterRef("space"))
    apps.get_model("venues", "BusyTime").objects.update(school_id=Subquery(space.values("school_id")))


class Migration(migrations.Migration):
    dependencies = [("venues", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="space",
            constraint=models.UniqueConstraint(fields=("id", "school"), name="space_and_school"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("id", "school"), name="unit_and_school"),
        ),
        migrations.AddField(
            model_name="busytime",
            name="school",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="venues.school",
                verbose_name="lycée",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
