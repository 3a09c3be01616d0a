"""What the reading of a plan file depends on, as a value: while it is equal, reading again is useless."""

from collections.abc import Hashable

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Max, Q

from accounts.models import AuditEvent
from procurement.models import Market, PlanFile, PurchasePlan


# Where the file stands in its own life changes nothing of what it says.
_NOT_READ = {"counts", "job", "state", "applied_at", "applied_by"}


def of(plan_file: PlanFile) -> Hashable:
    """The file with its corrections, all that was done to its plan and buyer, and to the reference data.

    Counted, not only the latest: two people may write at once, and the later one be kept first.
    """
    plan = plan_file.plan
    done = AuditEvent.objects.filter(
        Q(
            target_label=Market._meta.label_lower,
            target_id__in=Market.objects.filter(plan=plan).order_by().values("pk"),
        )
        # What a column means is remembered for the buyer, whatever the plan it was said of.
        | Q(
            target_label=plan._meta.label_lower,
            target_id__in=PurchasePlan.objects.filter(buyer=plan.buyer_id).order_by().values("pk"),
        )
        | Q(target_label="accounts.organisation", target_id=plan.buyer_id)
    ).aggregate(count=Count("pk"), latest=Max("pk"))
    reference = LogEntry.objects.aggregate(latest=Max("pk"))
    said = tuple(
        repr(getattr(plan_file, field.attname))
        for field in PlanFile._meta.concrete_fields
        if field.name not in _NOT_READ
    )
    return said, done["count"], done["latest"], reference["latest"]
