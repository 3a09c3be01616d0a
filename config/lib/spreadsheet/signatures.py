# What a file really is, by its first bytes, said as the end of « est … ».
_FIRST_BYTES = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image PNG"),
    (b"\xff\xd8\xff", "une image JPEG"),
    (b"GIF8", "une image GIF"),
    (b"{\\rtf", "un texte mis en forme (RTF)"),
    (b"\x1f\x8b", "une archive compressée"),
    (b"7z\xbc\xaf", "une archive compressée"),
    (b"Rar!", "une archive compressée"),
    (b"PK\x03\x04", "un classeur (.xlsx, .ods) ou une archive ZIP"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un ancien document Office (.xls, .doc)"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_WEB_PAGE = (b"<!doctype html", b"<html")


def recognise(data: bytes) -> str | None:
    """The nature of a file that is no plain text, in French; `None` for what may be a text."""
    for first_bytes, nature in _FIRST_BYTES:
        if data.startswith(first_bytes):
            return nature
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        return "une page web"
    return None


def may_be_workbook(data: bytes) -> bool:
    return data.startswith(_WORKBOOKS)
