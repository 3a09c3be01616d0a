"""The purchase families as trades, read once for any number of lines."""

from dataclasses import dataclass

from procurement.models import Family, Market
from procurement.rules.families import Guess, Trade, guess, split_words


@dataclass(frozen=True)
class Shelf:
    trades: tuple[Trade, ...]

    def of(self, market: Market) -> Guess | None:
        """`market` comes with its family."""
        family = market.family.code if market.family else ""
        return guess(family=family, cpv_code=market.cpv_code, title=market.title, trades=self.trades)


def shelf() -> Shelf:
    columns = ("code", "label", "cpv_prefixes", "naf_prefixes", "keywords", "takes_staff_over")
    rows = Family.objects.order_by("code").values_list(*columns)
    return Shelf(
        tuple(
            Trade(code, label, tuple(cpv.split()), tuple(naf.upper().split()), split_words(words), takeover)
            for code, label, cpv, naf, words, takeover in rows
        )
    )
