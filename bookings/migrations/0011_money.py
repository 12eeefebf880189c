
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0008_long_periods'),
    ]

    operations = [
        migrations.AlterField(
            model_name='occurrence',
            name='price',
            field=models.DecimalField(blank=True, decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='prix (€)'),
        ),
        migrations.AlterField(
            model_name='occurrence',
            name='price_ground',
            field=models.CharField(blank=True, editable=False, max_length=1000, verbose_name='calcul du prix'),
        ),
        migrations.AlterField(
            model_name='occurrence',
            name='value',
            field=models.DecimalField(blank=True, decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='valeur du prêt (€)'),
        ),
    ]
