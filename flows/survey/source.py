"""Where answers come from: what `Response.source` says, and which of them are a person's own.

"chat" is whoever answers from a chat of their own, or anywhere with a visit's link: one person or
one visit, one voice. In the "web" and at a "kiosk" nobody is known: who clears a cookie answers
again. "assisted" was keyed in by an officer, "imported" came from a file.
"""

from typing import Literal

Source = Literal["chat", "assisted", "imported", "web", "kiosk"]

OWN: Source = "chat"
WEB: Source = "web"
KIOSK: Source = "kiosk"
NOBODYS = (WEB, KIOSK)
