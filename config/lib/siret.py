import re

from stdnum.fr import siret as stdnum_siret

from config.lib.french import NARROW_SPACE


_SEPARATORS = re.compile(r"[\s.\u200b\ufeff]+")
_SCIENTIFIC = re.compile(r"\d[.,]?\d*e\+?\d+", re.IGNORECASE)
_READ_FROM_FLOAT = re.compile(r"(\d{9,})[.,]0+")


def clean(text: str) -> str:
    """The bare digits of a copied number. Raises `ValueError` when a spreadsheet has lost some."""
    bare = text.strip()
    if _SCIENTIFIC.fullmatch(bare):
        message = (
            f"Le tableur a abrégé le SIRET en « {bare} » et en a perdu des chiffres : "
            "mettez la colonne au format texte et saisissez-le à nouveau."
        )
        raise ValueError(message)
    if read_from_float := _READ_FROM_FLOAT.fullmatch(bare):
        return read_from_float[1]
    return _SEPARATORS.sub("", bare)


def is_valid(siret: str) -> bool:
    """Of a cleaned number: 14 digits and a right check digit, La Poste's own rule included."""
    return explain(siret) is None


def explain(siret: str) -> str | None:
    """What is wrong with a cleaned number, for its author; `None` when nothing is."""
    if not re.fullmatch(r"[0-9]{14}", siret):
        return _explain_length(siret)
    # Zeros satisfy the check digit, and fill columns that may not stay empty.
    if not siret.strip("0"):
        return "Le SIRET ne contient que des zéros."
    if not stdnum_siret.is_valid(siret):
        return f"La clé de contrôle du SIRET « {siret} » est fausse."
    return None


def group(siret: str) -> str:
    """« 418 166 096 00069 », as it is read aloud; anything but 14 digits is left as it is."""
    if not re.fullmatch(r"[0-9]{14}", siret):
        return siret
    return NARROW_SPACE.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def _explain_length(siret: str) -> str:
    if not siret:
        return "Le SIRET manque."
    if not re.fullmatch(r"[0-9]+", siret):
        return f"Le SIRET « {siret} » doit compter 14 chiffres, sans autre signe."
    sentence = f"Le SIRET « {siret} » doit compter 14 chiffres."
    if re.fullmatch(r"[0-9]{12,13}", siret) and stdnum_siret.is_valid(siret.zfill(14)):
        return f"{sentence} Un tableur a sans doute effacé le zéro du début : « {siret.zfill(14)} »."
    return sentence
