"""An agreement remembers which dates it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bookings", "0009_day")]

    operations = [
        migrations.AddField(
            model_name="agreement",
            name="covers",
            field=models.CharField(default="", editable=False, max_length=64),
        ),
    ]
