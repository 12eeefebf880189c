"""The school of a busy time is that of its space, says the database."""

import django.db.models.deletion
from django.db import migrations, models

import venues.models.constraints


class Migration(migrations.Migration):
    dependencies = [("venues", "0002_busytime_school")]

    operations = [
        migrations.RemoveIndex(model_name="openinghours", name="hours_school_weekday"),
        migrations.AddIndex(
            model_name="openinghours",
            index=models.Index(
                fields=[
                    "school", "weekday", "starts_at", "minutes", "season", "space", "valid_from", "valid_until",
                ],
                name="hours_of_schools",
            ),
        ),
        migrations.AddIndex(
            model_name="openinghours",
            index=models.Index(
                condition=models.Q(("space__isnull", False)), fields=["school", "space"], name="hours_own"
            ),
        ),
        migrations.AlterField(
            model_name="busytime",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="venues.school",
                verbose_name="lycée",
            ),
        ),
        migrations.RemoveIndex(model_name="busytime", name="busy_period"),
        migrations.AddIndex(
            model_name="busytime",
            index=models.Index(
                fields=["school", "is_long", "start_at", "end_at", "space"], name="busy_school_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="busytime",
            constraint=venues.models.constraints.SameSchool(name="busy_of_its_school", of="space"),
        ),
    ]
