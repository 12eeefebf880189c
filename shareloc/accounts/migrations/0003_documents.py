
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_life'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='removed_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='retiré le'),
        ),
    ]
