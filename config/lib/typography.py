"""French punctuation in a page: the spaces at which no line may break, put in once for all that is shown.

Templates and sentences are typed with the space of the keyboard; what people typed themselves is set too.
"""

import re

from config.lib.french import NO_BREAK_SPACE


# Inside guillemets, before a colon, a semicolon, a question mark; between the letter and the number of an
# article (« L. 2112-2 »).
# The space comes first: nothing is tried where there is none.
_SPACE = re.compile(r" (?:(?<=« )|(?=[»:;?!](?:[\s<»),.&]|$))|(?<=\b[LRD]\. )(?=\d))")
# Left as it stands: it is read by programs, or sent back as the person typed it.
_VERBATIM = re.compile(r"<(script|style|textarea|pre)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)


def set_spaces(html: str) -> str:
    """Only the text between tags is touched."""
    kept = [found.span() for found in _VERBATIM.finditer(html)]

    def chosen(found: re.Match[str]) -> str:
        at = found.start()
        while kept and kept[0][1] <= at:
            kept.pop(0)
        is_verbatim = bool(kept) and kept[0][0] <= at
        is_in_a_tag = html.rfind("<", 0, at) > html.rfind(">", 0, at)
        return " " if is_verbatim or is_in_a_tag else NO_BREAK_SPACE

    return _SPACE.sub(chosen, html)
