"""What the unit promises, beside the question about it: shown on demand, and moving nobody.

The words lie in `Conversation.about`, put there when the service is known: they stay what this
person saw, whatever the unit promises meanwhile.
"""

from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Line, Step

PROMISE = "promise_"  # and the item's key

SEE = Choice("promise", Line("survey.promise.see"), "promise")


def pinned(conversation: Conversation, promises: dict[str, str]) -> dict[str, str]:
    """`about` with these promises (item → text) and no others."""
    kept = {name: said for name, said in conversation.about.items() if not _is_promise(name)}
    return kept | {PROMISE + item: text for item, text in promises.items()}


def has_promise(conversation: Conversation, step: Step) -> bool:
    return _name(step) in conversation.about


def explained(conversation: Conversation, step: Step, choice: Choice) -> Line:
    """What a button says that only explains."""
    if choice.does == "promise":
        return Line("survey.promise", {"text": conversation.about[_name(step)]})
    return Line(f"{step.text.key}.more", conversation.about)


def _name(step: Step) -> str:
    """ "cost-2" is the same item as "cost", in a service's own words."""
    return PROMISE + step.id.partition("-")[0]


def _is_promise(name: str) -> bool:
    return name.startswith(PROMISE)
