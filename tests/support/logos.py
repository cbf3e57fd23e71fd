"""A logo, and its first half."""

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="9" height="9"/>'
)
LOGO = f"{SQUARE}</svg>".encode()
