"""Small purchases made straight from the invented workshops, one of them after three quotes."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.timezone import localtime

from clauses.management.demonstration import territory as t
from clauses.management.demonstration.calendar import days_ago, told_as_of
from clauses.management.demonstration.cast import Cast
from structures.enums import MeasureUnit
from structures.models import Quote, Structure
from structures.services import orders, quotes, sourcing


class Price(NamedTuple):
    structure: str
    quantity: str
    unit: MeasureUnit
    unit_price: str
    comment: str = ""


class Bought(NamedTuple):
    days_ago: int
    buyer: str
    title: str
    price: Price


ENVELOPES = "1\N{NARROW NO-BREAK SPACE}200 enveloppes : mise sous pli du magazine"
TOLD = (
    "1 200 exemplaires de 32 pages, à plier, mettre sous enveloppe et adresser. Livrés et repris à Créteil."
)
QUOTES = (
    Price("Façonnage de la Bièvre (fictif)", "1200", MeasureUnit.PIECE, "0.095", "Enlèvement compris"),
    Price("ESAT du Confluent (fictif)", "1.2", MeasureUnit.THOUSAND, "88", "Livraison en deux fois"),
    Price(t.STRUCTURE, "9", MeasureUnit.HOUR, "16.5", "Estimé d’après la dernière édition"),
)
CHOSEN = "ESAT du Confluent (fictif)"
ORDERS = (
    Bought(20, "Ville d’Alfortville", "Buffet de l’accueil des nouveaux habitants",
           Price("Table d’ici (fictive)", "1", MeasureUnit.FLAT, "1450")),
    Bought(48, "Ville de Sucy-en-Brie", "Ramassage des feuilles du parc",
           Price("Les Jardins du Morbras (fictif)", "42", MeasureUnit.HOUR, "24.5")),
    Bought(95, t.HOSPITAL, "Numérisation de dossiers administratifs",
           Price("Numérique Adapté (fictif)", "3500", MeasureUnit.PIECE, "0.18")),
)  # fmt: skip


def buy(cast: Cast, now: datetime) -> None:
    _buy_envelopes(cast, now)
    for bought in ORDERS:
        with told_as_of(days_ago(now, bought.days_ago)) as moment:
            values = _measured(bought.price) | {
                "buyer": cast.buyers[bought.buyer],
                "title": bought.title,
                "ordered_on": localtime(moment).date(),
            }
            orders.order(structure=_structure(bought.price), values=values, by=cast.facilitator, at=moment)


def _buy_envelopes(cast: Cast, now: datetime) -> None:
    """Asked three weeks ago, priced in three units, ordered last week by the main buyer."""
    with told_as_of(days_ago(now, 21)) as moment:
        values = {
            "title": ENVELOPES,
            "told": TOLD,
            "place": "Créteil",
            "names_buyer": False,
            "answer_by_on": localtime(moment).date() + timedelta(days=14),
        }
        need = sourcing.open_need(
            office=cast.office, market=None, values=values, by=cast.facilitator, at=moment
        )
        found = [_structure(price) for price in QUOTES]
        sourcing.shortlist(need=need, structures=found, by=cast.facilitator, at=moment)
    with told_as_of(days_ago(now, 12)) as moment:
        received = {"received_on": localtime(moment).date(), "valid_until_on": None}
        for price in QUOTES:
            told = _measured(price) | received
            told |= {"structure": _structure(price), "comment": price.comment}
            quotes.note(need=need, values=told, by=cast.facilitator, at=moment)
    with told_as_of(days_ago(now, 7)) as moment:
        orders.order_quote(
            quote=Quote.objects.get(need=need, structure__name=CHOSEN),
            buyer=cast.buyers[t.MAIN_BUYER],
            ordered_on=localtime(moment).date(),
            by=cast.facilitator,
            at=moment,
        )


def _measured(price: Price) -> dict:
    return {
        "quantity": Decimal(price.quantity),
        "unit": price.unit,
        "unit_price": Decimal(price.unit_price),
    }


def _structure(price: Price) -> Structure:
    return Structure.objects.get(name=price.structure)
