"""Text by strangers, as it may be printed or stand in a page: always as text, never as markup."""

import re
import unicodedata

#: Whatever Markdown, HTML or a formula could begin with, or a browser take for an address.
_SIGNS = re.compile(r"[^\w\s,.;'’“”–—…-]|^[\d.)+-]+|(?<![^\W_])_+|_+(?![^\W_])", re.ASCII)


def printable(text: object) -> str:
    r"""Return text as it may be printed in a terminal or written into a file, on one line.

    Examples
    --------
    >>> printable("ada\n\x1b[2J"), printable("caf" + chr(0xDCE9))
    ('ada��[2J', 'caf\\udce9')
    """
    return "".join(
        one if _shows(one) else "\N{REPLACEMENT CHARACTER}" for one in writable(str(text))
    )


def writable(text: str) -> str:
    """Return text that a file can hold: what no encoding has stands there as its number."""
    return text.encode("utf-8", "backslashreplace").decode()


def _shows(sign: str) -> bool:
    return sign.isprintable() or unicodedata.category(sign) == "Zs"


def as_text(text: object) -> str:
    """Return a line that a Markdown cell shows as it is, whatever is in it.

    Every sign becomes an entity, which is never markup. What begins a formula stands in an element
    of its own besides, since those who typeset formulas look at the page, and not at its source.

    Examples
    --------
    >>> as_text("[x](javascript:y)")
    '&#91;x&#93;&#40;javascript&#58;y&#41;'
    >>> as_text("$a, 1-b")
    '<span>&#36;</span>a, 1-b'
    """
    return _SIGNS.sub(lambda found: "".join(map(_entity, found[0])), printable(text))


def _entity(sign: str) -> str:
    if ord(sign) > 127:
        return sign
    return f"<span>&#{ord(sign)};</span>" if sign in "$\\" else f"&#{ord(sign)};"
