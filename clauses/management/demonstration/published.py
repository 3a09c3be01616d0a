"""What other buyers are said to have published, and what was learnt: all of it invented."""

import json
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from django.utils.timezone import localtime

from clauses.management.demonstration.cast import Cast, sirets
from procurement.enums import PracticeKind
from procurement.models import Family
from procurement.services import open_data, practices


CLAUSE, CRITERION, RESERVED = "Clause sociale", "Critère social", "Marché réservé"
NONE = "Pas de considération sociale"
FILE = "demonstration-decp.json"


class Sold(NamedTuple):
    title: str
    cpv_code: str
    amount: int
    months: int
    social: tuple[tuple[str, ...], ...]
    """What each of the buyers that bought it declared; an empty one declared nothing."""


NOTHING: tuple[str, ...] = ()
SOLD = (
    Sold("Entretien des espaces verts et des parcs", "77310000", 420_000, 48,
        ((CLAUSE,), (CLAUSE, CRITERION), (RESERVED,), (NONE,), (CLAUSE,), (RESERVED,), (NONE,), (CLAUSE,),
         (CLAUSE,), NOTHING, (CRITERION,))),
    Sold("Nettoyage des locaux et des vitres", "90911200", 610_000, 36,
        ((CLAUSE,), (NONE,), (CLAUSE, CRITERION), (RESERVED,), (NONE,), (CLAUSE,), (CLAUSE,), (NONE,),
         (CRITERION,), NOTHING, (CLAUSE,))),
    Sold("Rénovation d’un groupe scolaire, lot peinture", "45442100", 240_000, 10,
        ((CLAUSE,), (CLAUSE,), (NONE,), (CLAUSE,))),
    Sold("Réfection de voirie et de trottoirs", "45233140", 1_900_000, 24,
        ((CLAUSE,), (NONE,), (CLAUSE,), NOTHING)),
    Sold("Mise sous pli et routage du courrier", "64110000", 52_000, 12, ((RESERVED,), (RESERVED,), (NONE,))),
    Sold("Jeux et jouets pour les crèches et les ludothèques", "37520000", 64_000, 24,
        ((NONE,), (RESERVED,), (NONE,), (CRITERION,))),
    Sold("Restauration collective et traiteur", "55520000", 150_000, 24, ((NONE,), (CLAUSE,), (RESERVED,))),
    Sold("Collecte et tri des déchets de bureau", "90511000", 88_000, 36, ((RESERVED,), (CLAUSE,), (NONE,))),
    Sold("Assistance à maîtrise d’ouvrage pour un plan de rénovation", "71241000", 130_000, 18,
        ((NONE,), (NONE,), (CLAUSE,))),
    Sold("Maintenance du parc informatique", "50312000", 95_000, 36, ((NONE,), (NONE,), NOTHING)),
)  # fmt: skip
BUYERS = (
    ("Ville de Vallombreuse", "94"), ("Ville de Pontarmé-sur-Seine", "92"), ("Communauté du Val Doré", "77"),
    ("Département des Trois-Rivières", "91"), ("Centre hospitalier des Ormes", "93"),
    ("Ville de Rochebelle", "13"),
)  # fmt: skip


class Card(NamedTuple):
    title: str
    family: str
    values: dict


CARDS = (
    Card("Jouets recyclés des ludothèques : un prix au kilo", "jeux-jouets", {
        "lot": "Lot réservé de jouets de réemploi", "buyer_name": "Ville voisine (fictive)",
        "kind": PracticeKind.RESERVED, "price_unit": "au kilo", "volume": "600 kg par an pour 3 ludothèques",
        "criteria": "Prix au kilo 40 %, tri et nettoyage 40 %, délai 20 %.",
        "answered": "Une seule réponse, d’un atelier d’insertion qui trie les jouets donnés.",
        "legal_basis": "Article L. 2113-13 du code de la commande publique",
        "lessons": "À la pièce, personne ne savait chiffrer : un puzzle et un camion ne se comparent pas. "
        "Le poids a débloqué le bordereau. Visiter l’atelier avant d’écrire le cahier des charges.",
        "is_shared": True,
    }),
    Card("1 200 enveloppes à plier, en commande directe", "mise-sous-pli", {
        "buyer_name": "Secrétariat général (fictif)", "kind": PracticeKind.DIRECT,
        "price_unit": "à l’enveloppe", "volume": "1 200 plis et leurs documents, deux fois par an",
        "answered": "Un ESAT, sur devis, en une semaine.",
        "legal_basis": "Achat de faible montant, sans publicité ; structure du secteur protégé",
        "lessons": "Aucune heure d’insertion à compter : la commande entre dans les achats responsables. "
        "Prévenir trois semaines avant, livrer les documents déjà comptés par centaines.",
    }),
    Card("Espaces verts : un lot réservé dans le marché global", "espaces-verts", {
        "lot": "Lot 2 : massifs et désherbage manuel", "buyer_name": "Communauté du Val Doré (fictive)",
        "kind": PracticeKind.RESERVED, "price_unit": "au mètre carré et au passage",
        "volume": "14 000 m², 18 passages par an",
        "criteria": "Valeur technique 60 %, prix 40 %.",
        "answered": "Trois réponses : deux chantiers d’insertion et une entreprise adaptée.",
        "legal_basis": "Article L. 2113-14 du code de la commande publique",
        "lessons": "Le découpage par nature de travail, et non par secteur, a laissé la tonte mécanisée aux "
        "entreprises et donné aux structures ce qu’elles savent faire.",
        "is_shared": True,
    }),
)  # fmt: skip


def publish_open_data(now: datetime) -> None:
    numbers = list(islice(sirets("2777"), len(BUYERS)))
    records = [
        _record(sold, rank, number, numbers, now)
        for rank, sold in enumerate(SOLD)
        for number in range(len(sold.social))
    ]
    content = json.dumps({"marches": records}, ensure_ascii=False).encode()
    open_data.bring_in(name=FILE, content=content, by=None, at=now)


def write_cards(players: Cast, now: datetime) -> None:
    for card in CARDS:
        values = {
            "title": card.title,
            "family": Family.objects.get(code=card.family),
            "year": localtime(now).year - 1,
            **card.values,
        }
        written = practices.write(values=values, by=players.facilitator)
        practices.publish(card=written, by=players.facilitator, at=now)


def _record(sold: Sold, rank: int, number: int, numbers: list[str], now: datetime) -> dict:
    """Amounts, dates and buyers vary from one contract to the next, the same way at each loading."""
    buyer = (rank + number) % len(BUYERS)
    name, department = BUYERS[buyer]
    notified = localtime(now) - timedelta(days=60 + 95 * number + 17 * rank)
    return {
        "_type": "Marché",
        "id": f"DEMO-{rank:02}-{number:02}",
        "acheteur": {"id": numbers[buyer], "nom": f"{name} (fictif)"},
        "nature": "Marché",
        "objet": sold.title,
        "codeCPV": sold.cpv_code,
        "procedure": "Procédure adaptée" if sold.amount < 200_000 else "Appel d'offres ouvert",
        "lieuExecution": {"code": department, "typeCode": "Code département"},
        "dureeMois": sold.months,
        "dateNotification": f"{notified:%Y-%m-%d}",
        "montant": sold.amount * (80 + 11 * (number % 6)) // 100,
        "offresRecues": 1 + (rank + 2 * number) % 6,
        "considerationsSociales": list(sold.social[number]),
    }
