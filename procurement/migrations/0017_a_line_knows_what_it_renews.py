import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0016_undo_of_an_importation")]

    operations = [
        migrations.AddField(
            model_name="market",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="copies",
                to="procurement.market",
                verbose_name="ligne d’origine",
            ),
        ),
        migrations.AddField(
            model_name="market",
            name="renewed_contract",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="procurement.contract",
                verbose_name="contrat renouvelé",
            ),
        ),
    ]
