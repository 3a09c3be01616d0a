"""The name under which a structure is told."""


def display_name(*, brand: str, name: str) -> str:
    """The usage name, else the legal one; a usage name without a letter is a number left by a file."""
    if any(letter.isalpha() for letter in brand):
        return brand
    return name or brand
