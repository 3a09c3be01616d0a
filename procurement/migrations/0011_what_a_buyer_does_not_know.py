from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0010_practice_cards")]

    operations = [
        migrations.AddField(
            model_name="market",
            name="unknowns",
            field=models.JSONField(blank=True, default=list, verbose_name="ce que l’acheteur ne sait pas"),
        ),
    ]
