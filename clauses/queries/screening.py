from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from procurement.models import Market


@dataclass(frozen=True)
class Progress:
    """« 212 vus sur 300 »."""

    seen: int
    total: int

    @property
    def unseen(self) -> int:
        return self.total - self.seen


def progress(lines: QuerySet[Market]) -> Progress:
    """Of lines that bear `verdict` (`with_verdicts`)."""
    return Progress(**lines.order_by().aggregate(total=Count("pk"), seen=Count("pk", filter=~Q(verdict=""))))
