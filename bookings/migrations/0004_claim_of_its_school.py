"""The school of a claim is that of its unit, says the database."""

import django.db.models.deletion
from django.db import migrations, models

import venues.models.constraints


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_claim_school")]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="school",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="venues.school",
                verbose_name="lycée",
            ),
        ),
        migrations.RemoveIndex(model_name="claim", name="claim_period"),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["school", "is_long", "start_at", "end_at", "unit"], name="claim_school_period"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=venues.models.constraints.SameSchool(name="claim_of_its_school", of="unit"),
        ),
    ]
