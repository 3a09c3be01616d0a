import re
import unicodedata


_SPELLED_OUT = str.maketrans(
    {
        "Œ": "oe",
        "œ": "oe",
        "Æ": "ae",
        "æ": "ae",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{MODIFIER LETTER APOSTROPHE}": "'",
        "\N{HYPHEN}": "-",
    }
)
# Accents left alone by the decomposition, and the invisible marks that spreadsheets and web pages leave.
_DROPPED = {"Mn", "Me", "Cf"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def fold(text: str) -> str:
    """The form in which texts are searched and sorted: « L’Œuvre  d’Écully » gives "l'oeuvre d'ecully"."""
    if text.isascii():
        return " ".join(text.casefold().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = _NOT_ASCII.sub(_without_marks, decomposed)
    return " ".join(bare.translate(_SPELLED_OUT).casefold().split())


def _without_marks(letter: re.Match[str]) -> str:
    return "" if unicodedata.category(letter[0]) in _DROPPED else letter[0]
