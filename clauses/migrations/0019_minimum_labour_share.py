from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clauses", "0018_line_suggestions")]

    operations = [
        migrations.AddField(
            model_name="suggestionrule",
            name="minimum_labour_share",
            # The versions written so far had no minimum.
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal(0),
                help_text="En dessous, une clause d’exécution n’est pas suggérée, si grand que soit le montant.",
                max_digits=5,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0"), "0 % au moins."),
                    django.core.validators.MaxValueValidator(Decimal("100"), "100 %% au plus."),
                ],
                verbose_name="part de main-d’œuvre minimale (%)",
            ),
            preserve_default=False,
        ),
    ]
