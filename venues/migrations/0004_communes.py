"""Communes, and trigrams that forgive spelling (pg_trgm is trusted since PostgreSQL 13)."""

import venues.models.trigrams
from django.db import migrations, models
from venues.places import fold


def create_extension(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # As for btree_gist: Django's own operation fails where the role may not create what is there.
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def fold_again(apps, schema_editor):
    """`fold` now writes St in full."""
    School = apps.get_model("venues", "School")
    changed = []
    for school in School.objects.only("name", "commune", "postcode", "uai", "search_text"):
        folded = fold(f"{school.name} {school.commune} {school.postcode} {school.uai}")[:400]
        if folded != school.search_text:
            school.search_text = folded
            changed.append(school)
    School.objects.bulk_update(changed, ["search_text"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('venues', '0003_busytime_of_its_school'),
    ]

    operations = [
        migrations.RunPython(create_extension, migrations.RunPython.noop),
        migrations.RunPython(fold_again, migrations.RunPython.noop),
        migrations.CreateModel(
            name='Commune',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('insee_code', models.CharField(help_text='D’une ancienne commune : celui de la commune dont elle fait partie.', max_length=5, verbose_name='code commune (Insee)')),
                ('is_former', models.BooleanField(default=False, verbose_name='ancienne commune')),
                ('name', models.CharField(max_length=100, verbose_name='nom')),
                ('department', models.CharField(max_length=3, verbose_name='code du département')),
                ('postcodes', models.CharField(blank=True, max_length=250, verbose_name='codes postaux')),
                ('population', models.PositiveIntegerField(default=0, verbose_name='habitants')),
                ('latitude', models.FloatField(blank=True, null=True, verbose_name='latitude')),
                ('longitude', models.FloatField(blank=True, null=True, verbose_name='longitude')),
                ('is_approximate', models.BooleanField(default=False, help_text='Celle des communes voisines : juste à quelques kilomètres près.', verbose_name='position approchée')),
                ('folded', models.CharField(db_index=True, editable=False, max_length=120)),
            ],
            options={
                'verbose_name': 'commune',
                'verbose_name_plural': 'communes',
                'ordering': ['name', 'insee_code'],
            },
        ),
        migrations.AddIndex(
            model_name='school',
            index=venues.models.trigrams.TrigramIndex(fields=['search_text'], name='venues_school_trigrams'),
        ),
        migrations.AddIndex(
            model_name='commune',
            index=venues.models.trigrams.TrigramIndex(fields=['folded'], name='venues_commune_trigrams'),
        ),
        migrations.AddConstraint(
            model_name='commune',
            constraint=models.UniqueConstraint(fields=('insee_code', 'name'), name='commune_once'),
        ),
    ]
