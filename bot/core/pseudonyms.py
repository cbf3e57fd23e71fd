"""What people are called where a pseudonym stands for them."""

SHOWN = 6  # letters: enough to tell the people of one agency apart
OPERATOR = "operator"  # whoever sits at the command line


def name_of(pseudonym: str) -> str:
    """Such as "A3F19C"; of nobody's chat: the operator."""
    return pseudonym[:SHOWN].upper() if pseudonym not in ("", OPERATOR) else OPERATOR
