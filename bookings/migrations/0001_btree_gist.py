"""PostgreSQL compares keys and periods in one index only with btree_gist (trusted since version 13)."""

from django.db import migrations


def create_extension(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # Not Django's BtreeGistExtension: it imports psycopg and fails where the extension exists
        # but the role may not create it.
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create_extension, migrations.RunPython.noop)]
