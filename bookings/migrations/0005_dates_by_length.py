"""Dates know whether they are longer than a day: an evening is found among years of them."""

import venues.models.columns
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('bookings', '0004_claim_of_its_school'),
        ('venues', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='occurrence',
            name='is_long',
            field=models.GeneratedField(db_persist=True, expression=venues.models.columns.LongerThanADay(models.F('end_at'), models.F('start_at')), output_field=models.BooleanField()),
        ),
        migrations.AddIndex(
            model_name='occurrence',
            index=models.Index(fields=['is_long', 'start_at', 'end_at'], name='occurrence_is_long_period'),
        ),
    ]
