"""An answer that was published spoke for every office that served the buyer on that day."""

from django.db import migrations
from django.db.models import Q


def fill(apps, schema_editor):
    Plan, Answer, Mandate = (
        apps.get_model("procurement", "PurchasePlan"),
        apps.get_model("procurement", "PlanAnswer"),
        apps.get_model("accounts", "Mandate"),
    )
    for plan in Plan.objects.filter(answered_at__isnull=False).order_by("pk").iterator(chunk_size=500):
        day = plan.answered_at.date()
        serving = Mandate.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day, partner=plan.buyer_id
        )
        Answer.objects.bulk_create(
            Answer(
                plan=plan, office_id=office, answered_at=plan.answered_at, answered_by_id=plan.answered_by_id
            )
            for office in sorted(set(serving.values_list("office", flat=True)))
        )


class Migration(migrations.Migration):
    dependencies = [("procurement", "0027_answers_of_offices")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
