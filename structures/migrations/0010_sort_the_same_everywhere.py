from django.db import migrations


# The collation of a server may pass over spaces and hyphens; SQLite never does.
COLUMNS = {"sort_name": "varchar(300)", "sort_city": "varchar(120)"}


def by_code_point(apps, schema_editor):
    _sort_by(schema_editor, "C")


def by_server(apps, schema_editor):
    _sort_by(schema_editor, "default")


def _sort_by(schema_editor, collation):
    if schema_editor.connection.vendor != "postgresql":
        return
    for column, kind in COLUMNS.items():
        schema_editor.execute(
            f"ALTER TABLE structures_structure ALTER COLUMN {column} "
            f'TYPE {kind} COLLATE pg_catalog."{collation}"'
        )


class Migration(migrations.Migration):
    dependencies = [("structures", "0009_needs_may_be_about_a_lot")]

    operations = [migrations.RunPython(by_code_point, by_server)]
