"""What the unit promises, beside the question about it: shown on demand, and moving nobody.

The words are pinned in the conversation when the service is known (`SurveyState.promises`).
"""

from flows.engine.conversation import Conversation
from flows.engine.form import Choice, Line, Step
from flows.survey.state import SurveyState


def _promise(conversation: Conversation, step: Step) -> Line | None:
    item = step.id.partition("-")[0]  # "cost-2" is the same item as "cost", in a service's words
    text = SurveyState.of(conversation).promises.get(item)
    return Line("survey.promise", {"text": text}) if text is not None else None


SEE = Choice("promise", Line("survey.promise.see"), "explain", _promise)
