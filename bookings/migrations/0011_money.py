
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_documents'),
        ('bookings', '0010_agreement'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
        migrations.CreateModel(
            name='ExpiryNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('leased_until', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(verbose_name='le')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expiry_notices', to='accounts.document', verbose_name='pièce')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='destinataire')),
            ],
            options={
                'verbose_name': 'rappel d’échéance',
                'verbose_name_plural': 'rappels d’échéance',
                'constraints': [models.UniqueConstraint(fields=('document', 'recipient'), name='expiry_notice_once')],
            },
        ),
    ]
