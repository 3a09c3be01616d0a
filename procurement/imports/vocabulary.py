"""The words that buyers use for what the application counts, folded; a longer text may start with them."""

import re
from collections.abc import Mapping
from decimal import Decimal

from config.lib.french import join_words
from config.lib.spreadsheet import Cell
from procurement.enums import AmountOrigin, Nature, Procedure, SocialIntent
from procurement.imports.cells import NOTHING, Reading, plain, text, words


Vocabulary = Mapping[str, object]

NATURES: Vocabulary = {
    "travaux": Nature.WORKS, "t": Nature.WORKS, "works": Nature.WORKS, "trx": Nature.WORKS,
    "fournitures": Nature.SUPPLIES, "fourniture": Nature.SUPPLIES, "f": Nature.SUPPLIES,
    "supplies": Nature.SUPPLIES, "fournitures et services": Nature.UNKNOWN, "fcs": Nature.UNKNOWN,
    "services": Nature.SERVICES, "service": Nature.SERVICES, "s": Nature.SERVICES,
    "prestation": Nature.SERVICES, "pi": Nature.SERVICES, "maitrise d'oeuvre": Nature.SERVICES,
}  # fmt: skip

PROCEDURES: Vocabulary = {
    "mapa": Procedure.ADAPTED, "procedure adaptee": Procedure.ADAPTED, "adaptee": Procedure.ADAPTED,
    "marche a procedure adaptee": Procedure.ADAPTED, "mas": Procedure.ADAPTED,
    "appel d'offres ouvert": Procedure.OPEN, "aoo": Procedure.OPEN, "ao ouvert": Procedure.OPEN,
    "appel d'offres restreint": Procedure.RESTRICTED, "aor": Procedure.RESTRICTED,
    "ao restreint": Procedure.RESTRICTED,
    "procedure avec negociation": Procedure.NEGOTIATED, "pan": Procedure.NEGOTIATED,
    "procedure concurrentielle avec negociation": Procedure.NEGOTIATED, "pcn": Procedure.NEGOTIATED,
    "sans publicite": Procedure.DIRECT, "marche sans publicite": Procedure.DIRECT,
    "marche passe sans publicite": Procedure.DIRECT, "gre a gre": Procedure.DIRECT,
    "dispense": Procedure.DIRECT, "marche negocie sans publicite": Procedure.DIRECT,
    "dialogue competitif": Procedure.DIALOGUE,
}  # fmt: skip

ORIGINS: Vocabulary = {
    "prix historique": AmountOrigin.HISTORIC, "historique": AmountOrigin.HISTORIC,
    "sourcage": AmountOrigin.SOURCING, "parangonnage": AmountOrigin.SOURCING,
    "sourcing": AmountOrigin.SOURCING, "benchmark": AmountOrigin.SOURCING,
    "moyenne des offres": AmountOrigin.OFFERS, "offres": AmountOrigin.OFFERS,
    "enveloppe": AmountOrigin.BUDGET, "budget": AmountOrigin.BUDGET,
}  # fmt: skip

INTENTS: Vocabulary = {
    "yes": SocialIntent.YES, "oui": SocialIntent.YES, "o": SocialIntent.YES, "x": SocialIntent.YES,
    "clause": SocialIntent.YES, "critere": SocialIntent.YES, "reserve": SocialIntent.YES,
    "marche reserve": SocialIntent.YES, "lot reserve": SocialIntent.YES, "insertion": SocialIntent.YES,
    "no": SocialIntent.NO, "non": SocialIntent.NO, "n": SocialIntent.NO, "aucun": SocialIntent.NO,
    "pas de consideration": SocialIntent.NO, "sans": SocialIntent.NO,
    "a etudier": SocialIntent.UNKNOWN, "a voir": SocialIntent.UNKNOWN,
}  # fmt: skip

FLAGS: Vocabulary = {
    "oui": True, "o": True, "x": True, "1": True, "yes": True, "true": True, "vrai": True,
    "renouvellement": True, "reconduction": True, "recurrent": True,
    "non": False, "n": False, "0": False, "no": False, "false": False, "faux": False, "nouveau": False,
    "nouvelle": False, "ponctuel": False, "creation": False, "premier": False,
}  # fmt: skip

STATUSES = {"active": "Actif", "current": "En cours", "close": "Clos"}

_LONGEST_LETTERS = 3
# Initials: « M.A.P.A », « A. O. O. », « m a p a ».
_LETTERS = re.compile(r"(?<![a-z])[a-z](?:(?:\. ?| )[a-z](?![a-z]))+\.?")
_MANY = 20
# Departments listed by hand: « 94, 75 et 2A », « FR ; 94 ». Anything else is a place in words.
_CODE = r"(?:FR|2[AaBb]|9[78]\d|\d\d)"
_BETWEEN = re.compile(r" *[,;/+\n] *| et | +")
_LISTED = re.compile(rf"{_CODE}(?:(?: *[,;/+\n] *| et | +){_CODE})+")
_OVERSEAS = {"971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988"}
_DEPARTEMENTS = {f"{n:02}" for n in range(1, 96) if n != 20} | {"2a", "2b"}


def read_word(cell: Cell, vocabulary: Vocabulary, expected: str) -> Reading:
    """The value of the exact word, or of the longest one that starts the text."""
    said = _LETTERS.sub(lambda letters: re.sub(r"[. ]", "", letters[0]), words(plain(cell)))
    if not said:
        return NOTHING
    if said in vocabulary:
        return Reading(vocabulary[said])
    starts = [word for word in vocabulary if _is_start(word, said)]
    if not starts:
        return Reading(reason=f"Ce mot n’est pas connu ici : {expected}.")
    return Reading(vocabulary[max(starts, key=len)])


def _is_start(word: str, said: str) -> bool:
    """« aoo européen » starts with « aoo »; « panneaux » does not start with « pan »."""
    if not said.startswith(word) or len(word) < _LONGEST_LETTERS:
        return False
    return len(word) > _LONGEST_LETTERS or not said[len(word) :][:1].isalnum()


def read_status(cell: Cell) -> Reading:
    written = text(cell)
    return Reading(STATUSES.get(written, written)) if words(written) else NOTHING


def read_places(cell: Cell) -> Reading:
    """A place in words, or a list of territory codes: « FR », « 75|77|91 », « 94, 75 »."""
    written = text(cell)
    codes = [code.strip().removeprefix("FR-") for code in written.split("|")]
    if len(codes) == 1 and _LISTED.fullmatch(written):
        codes = _BETWEEN.split(written)
    if len(codes) > 1:
        return _read_codes(codes)
    if words(written) in ("fr", "france"):
        return Reading("France entière")
    return Reading(written) if words(written) else NOTHING


def _read_codes(codes: list[str]) -> Reading:
    cited = {code.lower() for code in codes}
    if cited <= _DEPARTEMENTS | _OVERSEAS and cited >= _DEPARTEMENTS:
        return Reading("France entière" if cited == _DEPARTEMENTS else "France entière, outre-mer compris")
    if len(codes) > _MANY:
        place = f"{len(codes)} territoires"
        return Reading(place, f"Liste trop longue pour un lieu : {place}.")
    return Reading(join_words(sorted(codes)))


def read_percentage(cell: Cell) -> Reading:
    """« 35 % », 35, or the 0,35 that a spreadsheet shows as 35 %."""
    reason = "Cette part ne se lit pas : écrivez par exemple 35 %."
    said = words(cell)
    if not said:
        return NOTHING
    bare = said.replace("%", "").replace(" ", "").replace(",", ".")
    if not bare.replace(".", "", 1).isdecimal() or len(bare) > 6:
        return Reading(reason=reason)
    share = Decimal(bare)
    if "%" not in said and "." in bare and share <= 1:
        share *= 100
    return Reading(share) if share <= 100 else Reading(reason=reason)
