from django.db import migrations


# A search is « contains »: only trigrams have an index for it, and only PostgreSQL has trigrams.
def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(
            "CREATE INDEX awarded_by_search_text ON procurement_awardedcontract "
            "USING gin (search_text gin_trgm_ops)"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX awarded_by_search_text")


class Migration(migrations.Migration):
    dependencies = [("procurement", "0003_awarded_contracts")]

    operations = [migrations.RunPython(create_index, drop_index)]
