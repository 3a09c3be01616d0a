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


def fold(text: str) -> str:
    """The form in which texts are searched and sorted: « L’Œuvre  d’Écully » gives "l'oeuvre d'ecully"."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if unicodedata.category(letter) not in _DROPPED)
    return " ".join(bare.translate(_SPELLED_OUT).casefold().split())
