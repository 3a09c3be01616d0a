def plain(text: str) -> str:
    """The text with ordinary spaces, so that a test can be typed."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")
