"""What is shown once and kept nowhere, such as an invitation's link."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """No text, so that JSON refuses it: neither a conversation nor the outbox can be written with
    it. Only `flows.engine.say.say` says it, and the console on the page that it answers with."""

    text: str = field(repr=False)
