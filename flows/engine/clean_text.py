"""What a person typed, made fit to keep and to show: nothing invisible that changes other text."""

import unicodedata

# They join the parts of one emoji and shape letters of Javanese or Balinese script.
_JOINERS = "\u200c\u200d"


def tidy(text: str) -> str:
    """Without control characters, lone surrogates and marks that turn the direction of what
    follows; spaces single, blank lines gone. Twice is the same as once."""
    kept = "".join(_kept(character) for character in text)
    lines = (" ".join(line.split()) for line in kept.split("\n"))
    return "\n".join(line for line in lines if line.strip(" " + _JOINERS))


def _kept(character: str) -> str:
    if character == "\n" or character in _JOINERS:
        return character
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Cc" | "Cs" | "Zl" | "Zp":
            return " "
    return character
