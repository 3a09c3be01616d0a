"""From a text of the library to the words of one lot: pure substitution, nothing left blank in silence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clauses.enums import Objective, PerEuroMode, ProvisionKind, TextKind
from clauses.rules.catalogue import PROVISIONS
from clauses.rules.provisions import Terms
from config.lib.french import format_amount, format_number, format_percentage, join_words


# What a text may name, in the words of the page that explains it.
VARIABLES = {
    "objet": "objet du marché",
    "acheteur": "nom de l’acheteur",
    "lots": "lots du marché soumis à la clause",
    "article": "article du Code de la commande publique",
    "heures": "volume d’insertion demandé",
    "publics": "liste des publics éligibles",
    "frequence": "rythme des déclarations d’heures",
    "echeance": "jour du mois où les justificatifs sont attendus",
    "justificatifs": "liste des justificatifs",
    "contact": "office qui accompagne le titulaire",
    "penalite": "pénalité par heure non réalisée",
    "penalite_retard": "pénalité par jour de retard des justificatifs",
    "part_reservee": "part minimale de travailleurs concernés",
    "operateurs": "opérateurs à qui le lot est réservé",
    "travailleurs": "travailleurs concernés par la réservation",
    "poids_critere": "pondération du critère",
}

# Social enterprises (ESS) and commitments by agreement have no model text: too particular.
TEXTS: dict[ProvisionKind, tuple[TextKind, ...]] = {
    ProvisionKind.EXECUTION_CONDITION: (TextKind.EXECUTION_CONDITION,),
    ProvisionKind.CLAUSE_AND_CRITERION: (TextKind.EXECUTION_CONDITION, TextKind.AWARD_CRITERION),
    ProvisionKind.AMENDMENT: (TextKind.EXECUTION_CONDITION,),
    ProvisionKind.RESERVED_DISABILITY: (TextKind.RESERVED_LOT,),
    ProvisionKind.RESERVED_SIAE: (TextKind.RESERVED_LOT,),
    ProvisionKind.RESERVED_MIXED: (TextKind.RESERVED_LOT,),
    ProvisionKind.RESERVED_PRISON: (TextKind.RESERVED_LOT,),
    ProvisionKind.AWARD_CRITERION: (TextKind.AWARD_CRITERION,),
    ProvisionKind.TRAINING_CLAUSE: (TextKind.TRAINING_CLAUSE,),
    ProvisionKind.INSERTION_SERVICE: (TextKind.INSERTION_SERVICE,),
}

_DISABILITY = (
    "entreprises adaptées mentionnées à l’article L. 5213-13 du code du travail, aux établissements et "
    "services d’aide par le travail mentionnés à l’article L. 344-2 du code de l’action sociale et "
    "des familles"
)
_SIAE = (
    "structures d’insertion par l’activité économique mentionnées à l’article L. 5132-4 du code du travail"
)
# Kind → who may answer, who must do the work.
RESERVED_FOR = {
    ProvisionKind.RESERVED_DISABILITY: (
        f"aux {_DISABILITY}, ainsi qu’aux structures équivalentes",
        "travailleurs handicapés",
    ),
    ProvisionKind.RESERVED_SIAE: (
        f"aux {_SIAE}, ainsi qu’aux structures équivalentes",
        "travailleurs défavorisés",
    ),
    ProvisionKind.RESERVED_MIXED: (
        f"aux {_DISABILITY} et aux {_SIAE}, ainsi qu’aux structures équivalentes",
        "travailleurs handicapés ou défavorisés",
    ),
    ProvisionKind.RESERVED_PRISON: (
        "aux opérateurs économiques qui emploient, en établissement pénitentiaire, des personnes détenues "
        "sous contrat d’emploi pénitentiaire",
        "personnes détenues",
    ),
}

_VARIABLE = re.compile(r"\$\{([^{}\n]*)\}")


class UnknownVariable(Exception):
    def __init__(self, name: str, line: int):
        super().__init__(
            f"Ligne {line} : la variable « ${{{name}}} » n’existe pas. "
            f"Les variables possibles sont {', '.join(VARIABLES)}."
        )


class VariableNotClosed(Exception):
    def __init__(self, line: int):
        super().__init__(
            f"Ligne {line} : une variable s’ouvre par « ${{ » mais ne se ferme pas sur la même ligne."
        )


@dataclass(frozen=True)
class Assembled:
    """`missing` names, in words and once each, what the text asks for and nobody has said."""

    text: str
    missing: tuple[str, ...]


def assemble(body: str, values: Mapping[str, str]) -> Assembled:
    """Raises `UnknownVariable` or `VariableNotClosed`. What is missing stays visible in the text."""
    check(body)
    missing = dict.fromkeys(name for name in _VARIABLE.findall(body) if not values.get(name))
    text = _VARIABLE.sub(lambda found: values.get(found[1]) or f"[à compléter : {VARIABLES[found[1]]}]", body)
    return Assembled(text, tuple(VARIABLES[name] for name in missing))


def check(body: str) -> None:
    """Raises `UnknownVariable` or `VariableNotClosed` for the first fault, with its line."""
    for number, line in enumerate(body.splitlines(), start=1):
        for name in _VARIABLE.findall(line):
            if name not in VARIABLES:
                raise UnknownVariable(name, number)
        if "${" in _VARIABLE.sub("", line):
            raise VariableNotClosed(number)


def from_terms(kind: ProvisionKind, terms: Terms) -> dict[str, str]:
    """What the terms of a proposal say, in the words of a contract; blank where they are silent."""
    operators, workers = RESERVED_FOR.get(kind, ("", ""))
    return {
        "article": PROVISIONS[kind].article[0].lower() + PROVISIONS[kind].article[1:],
        "heures": _volume(terms),
        "part_reservee": _share(terms.reserved_share),
        "poids_critere": _share(terms.criterion_weight),
        "operateurs": operators,
        "travailleurs": workers,
    }


def from_lots(kind: ProvisionKind, lots: Mapping[int, Terms]) -> dict[str, str]:
    """What the lots under one clause say together, by their number; blank where one of them is silent."""
    said = {number: from_terms(kind, terms) for number, terms in lots.items()}
    names = next(iter(said.values()))
    return {name: _together(name, {number: said[number][name] for number in said}) for name in names}


def name_lots(titles: Mapping[int, str], *, is_divided: bool) -> str:
    """As read in a sentence; `titles` by number, blank where the lot has none."""
    if not is_divided:
        return "le lot unique"
    named = [f"{number} « {title} »" if title else str(number) for number, title in titles.items()]
    return f"les lots {join_words(named)}" if len(named) > 1 else f"le lot {named[0]}"


def _together(name: str, said: Mapping[int, str]) -> str:
    values = list(said.values())
    if len(values) == 1 or not all(values):
        return values[0] if len(values) == 1 else ""
    if len(set(values)) > 1:
        return join_words([f"{value} pour le lot {number}" for number, value in said.items()])
    # A volume said once for several lots would be read as one volume for all of them.
    return f"{values[0]} pour chacun de ces lots" if name == "heures" else values[0]


def _volume(terms: Terms) -> str:
    """Hours that follow the invoices or the hours worked are owed by their rule, not by their forecast."""
    if terms.objective == Objective.PER_EURO:
        return _per_euro(terms)
    if terms.objective == Objective.WORKED:
        return f"{_share(terms.rate)} des heures travaillées pour exécuter le marché" if terms.rate else ""
    return f"{format_number(terms.hours_due)} heures" if terms.hours_due else ""


def _per_euro(terms: Terms) -> str:
    if not terms.euros_per_hour:
        return ""
    rule = f"une heure par tranche entière de {format_amount(terms.euros_per_hour)} HT facturée"
    if not terms.threshold_amount:
        return rule
    threshold = f"{format_amount(terms.threshold_amount)} HT facturés"
    if terms.threshold_mode == PerEuroMode.TRIGGER:
        return f"{rule} dès le premier euro, une fois atteint le seuil de {threshold}"
    return f"{rule} au-delà de {threshold}"


def _share(share: Decimal | None) -> str:
    return "" if share is None else format_percentage(share * 100)
