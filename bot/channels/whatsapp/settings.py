"""The variables of WhatsApp."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from bot.core.setting import MAKE_ONE, UNSET, Part, address, pattern, setting

GRAPH = "https://graph.facebook.com/v26.0"
REFUSED = "Meta refuses SKM_WHATSAPP_TOKEN. Make a permanent token of a system user."


def _number(value: str) -> str:
    """Digits, with the country's code."""
    digits = value.strip().removeprefix("https://wa.me/").removeprefix("+").replace("-", "")
    digits = digits.replace(" ", "")
    if digits and not (digits.isdecimal() and 8 <= len(digits) <= 15 and digits[0] != "0"):
        raise ValueError
    return digits


class WhatsAppSettings(Part):
    whatsapp_token: Annotated[SecretStr, pattern(r"[!-~]{20,}")] = setting(
        UNSET,
        "the permanent token of a system user at Meta, 20 characters or more",
        what="By it skm sends on WhatsApp.",
        needed="always",
    )
    whatsapp_phone_id: Annotated[str, pattern(r"[0-9]{5,20}")] = setting(
        "",
        "the id of the phone number at Meta (not the number): digits",
        what="Which number talks.",
        needed="always",
    )
    whatsapp_number: Annotated[str, AfterValidator(_number)] = setting(
        "",
        "the phone number with the country's code, such as 6281234567890",
        what="The number in links and QR codes.",
        needed="always",
    )
    whatsapp_app_secret: Annotated[SecretStr, pattern(r"[0-9A-Za-z]{16,}")] = setting(
        UNSET,
        "the app secret that Meta shows: 16 letters and digits or more",
        what="By it the web knows that an event comes from Meta; and phone numbers are sealed "
        "under it.",
        needed="always",
    )
    whatsapp_verify_token: Annotated[SecretStr, pattern(r"[A-Za-z0-9_-]{16,256}")] = setting(
        UNSET,
        "16 to 256 of A–Z a–z 0–9 _ -",
        what="What is typed beside the webhook's address at Meta.",
        cure=MAKE_ONE,
        needed="always",
    )
    whatsapp_account: Annotated[str, pattern(r"[0-9]{5,20}")] = setting(
        "",
        "the id of the WhatsApp Business account: digits",
        what="By it skm doctor looks at the webhook and the template.",
    )
    whatsapp_template: Annotated[str, pattern(r"[a-z0-9_]{1,512}")] = setting(
        "",
        "the name of an approved template in Indonesian, without variables, with one quick reply",
        what="What is sent where something waits for somebody who wrote more than a day ago. "
        "Unset: it waits until they write.",
    )
    whatsapp_api_url: Annotated[str, AfterValidator(address)] = setting(
        GRAPH,
        f"an http:// or https:// address with its version, no password; unset, it is {GRAPH}",
        what="Another Graph API server.",
    )
