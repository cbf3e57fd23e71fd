"""Links into the chat."""

from dataclasses import dataclass

from flows.intents import invitation_payload, survey_payload, unit_payload, visit_payload


@dataclass(frozen=True, slots=True)
class Links:
    """A channel's: `base` is what the payload (`flows.intents`) follows; `app` is what people call
    the platform, `bot` what they look for there. `fault` says why they lead nowhere, and what to
    do. `others`: those of further channels, which stand beside it on posters. `chats`: those of
    channels that know their people, where an invitation can be used; none: `base` alone."""

    base: str = ""
    app: str = ""
    bot: str = ""
    fault: str = ""
    others: "tuple[Links, ...]" = ()
    chats: "tuple[Links, ...]" = ()

    @property
    def all(self) -> "tuple[Links, ...]":
        return (self, *self.others)

    @property
    def is_typed(self) -> bool:
        """Whether what leads into the chat is no link but a line to type there."""
        return not self.base.startswith("http")

    def unit(self, code: str, service: str = "", survey: str = "") -> str:
        """A citizen's: opens the SKM of a unit, or of one of its services (id), or another
        `survey` that the unit runs."""
        return self.base + (survey_payload(code, survey) if survey else unit_payload(code, service))

    def visit(self, token: str) -> str:
        return self.base + visit_payload(token)

    def invitations(self, token: str) -> tuple[str, ...]:
        """Of one invitation, a link for each channel: whoever is invited uses one of them."""
        return tuple(each.base + invitation_payload(token) for each in self.chats or (self,))


NOWHERE = Links()
