from django.db import migrations


# As for the search text: the start of a word is a « contains ».
def create_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX structure_by_names_text ON structures_structure USING gin (names_text gin_trgm_ops)"
        )


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX structure_by_names_text")


class Migration(migrations.Migration):
    dependencies = [("structures", "0006_names_text_filled")]

    operations = [migrations.RunPython(create_index, drop_index)]
