"""How many lots a market has already, for the lines of a file that say how many."""

from collections.abc import Collection

from django.db.models import Count

from procurement.models import Lot


def counts(markets: Collection[int]) -> dict[int, int]:
    if not markets:
        return {}
    rows = Lot.objects.filter(market__in=markets).order_by().values("market")
    return dict(rows.annotate(count=Count("pk")).values_list("market", "count"))


def told(count: int) -> str:
    counted = "1 lot" if count == 1 else f"{count} lots"
    return f"Le marché a {counted} dans le plan : ajoutez ou retirez ses lots sur sa page."
