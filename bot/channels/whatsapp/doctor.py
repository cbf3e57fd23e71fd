"""What `skm doctor` says of WhatsApp. Shows no secret."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import httpx

from bot.channels.whatsapp.links import PATH
from bot.channels.whatsapp.settings import REFUSED, WhatsAppSettings
from bot.core.platform import Finding
from bot.core.sending.held import DAYS
from flows.operator_words import tr

PATIENCE = 5  # seconds for an answer of Meta


class _Refused(Exception):
    """By the Graph API, with a code and a sentence of its own."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def findings(settings: WhatsAppSettings, public_url: str) -> Iterator[Finding]:
    """The library; what Meta says of token, number, webhook and template."""
    yield Finding(True, tr("WhatsApp library: pywa {0}.", version("pywa")))
    if not public_url:
        said = tr("SKM_PUBLIC_URL is not set: Meta brings events to a webhook only. Set it.")
        yield Finding(False, said)
    if not settings.whatsapp_token.get_secret_value() or not settings.whatsapp_phone_id:
        return
    try:
        with httpx.Client(timeout=PATIENCE) as client:
            yield from _asked(client, settings, public_url)
    except (httpx.HTTPError, httpx.InvalidURL, LookupError, ValueError, TypeError) as fault:
        yield Finding(
            False,
            tr(
                "No Graph API is reached at {0} ({1}). Check the network and SKM_WHATSAPP_API_URL.",
                settings.whatsapp_api_url,
                type(fault).__name__,
            ),
        )


def _asked(client: httpx.Client, settings: WhatsAppSettings, public_url: str) -> Iterator[Finding]:
    try:
        fields = "display_phone_number,verified_name,quality_rating"
        number = _ask(client, settings, settings.whatsapp_phone_id, fields=fields)
    except _Refused as fault:
        yield _refused(fault.code)
        return
    yield _number(settings, str(number.get("display_phone_number", "")))
    if number.get("quality_rating") == "RED":
        yield Finding(False, tr("Meta rates the number's quality as low: send less unasked."))
    if not settings.whatsapp_account:
        said = "SKM_WHATSAPP_ACCOUNT is not set, so webhook and template are not looked at."
        yield Finding(True, tr(said))
        return
    try:
        apps = _ask(client, settings, f"{settings.whatsapp_account}/subscribed_apps")["data"]
        yield _webhook(apps, public_url)
        yield _template(client, settings)
    except _Refused as fault:
        said = "Meta refuses SKM_WHATSAPP_ACCOUNT ({0}). Compare it with the account's id at Meta."
        yield Finding(False, tr(said, fault.code))


def _ask(
    client: httpx.Client, settings: WhatsAppSettings, path: str, **query: str
) -> dict[str, Any]:
    """Raises _Refused, httpx.HTTPError, LookupError, ValueError, TypeError."""
    token = settings.whatsapp_token.get_secret_value()
    answer = client.get(
        f"{settings.whatsapp_api_url}/{path}",
        params=query,
        headers={"Authorization": f"Bearer {token}"},
    )
    read: dict[str, Any] = answer.json()
    if answer.status_code >= 400:
        raise _Refused(int(read["error"]["code"]))
    return read


def _refused(code: int) -> Finding:
    if code in (0, 190):
        return Finding(False, tr(REFUSED))
    said = "Meta refuses SKM_WHATSAPP_PHONE_ID ({0}). Copy the id of the number, not the number."
    return Finding(False, tr(said, code))


def _number(settings: WhatsAppSettings, shown: str) -> Finding:
    digits = "".join(character for character in shown if character.isdecimal())
    if digits and digits != settings.whatsapp_number:
        said = "SKM_WHATSAPP_NUMBER is {0}, but the id is that of {1}; set that."
        return Finding(False, tr(said, settings.whatsapp_number or "-", digits))
    return Finding(True, tr("WhatsApp: the token is accepted, as +{0}.", digits))


def _webhook(apps: list[Any], public_url: str) -> Finding:
    wanted = public_url + PATH
    if not apps:
        said = (
            "No app is subscribed to the WhatsApp account: at Meta, subscribe the app to it, and "
            "its webhook to “messages” at {0}."
        )
        return Finding(False, tr(said, wanted))
    other = [each["override_callback_uri"] for each in apps if each.get("override_callback_uri")]
    if other and wanted not in other:
        said = "Meta brings events to {0}, not to {1}: set that at Meta."
        return Finding(False, tr(said, other[0], wanted))
    return Finding(True, tr("Webhook: an app is subscribed; Meta should bring to {0}.", wanted))


def _template(client: httpx.Client, settings: WhatsAppSettings) -> Finding:
    name = settings.whatsapp_template
    if not name:
        said = (
            "SKM_WHATSAPP_TEMPLATE is not set: digests and news wait until their readers write, "
            "{0:day|days} at most."
        )
        return Finding(True, tr(said, DAYS))
    path = f"{settings.whatsapp_account}/message_templates"
    found = _ask(client, settings, path, name=name, fields="name,status,language,components")
    same = [each for each in found["data"] if (each["name"], each["language"]) == (name, "id")]
    if not same:
        return Finding(False, tr("Meta has no template {0} in Indonesian (id). Make it.", name))
    template = same[0]
    if template["status"] != "APPROVED":
        said = "The template {0} is {1}: until Meta approves it, nothing is sent by it."
        return Finding(False, tr(said, name, template["status"]))
    if not _is_as_sent(template["components"]):
        said = "The template {0} must have no variables and exactly one quick reply. Change it."
        return Finding(False, tr(said, name))
    return Finding(True, tr("Template: {0} is approved.", name))


def _is_as_sent(components: list[Any]) -> bool:
    """As `bot.channels.whatsapp.bodies.template` sends it."""
    buttons = [b for each in components for b in each.get("buttons", ())]
    said = " ".join(str(each.get("text", "")) for each in components)
    return [each["type"] for each in buttons] == ["QUICK_REPLY"] and "{{" not in said
