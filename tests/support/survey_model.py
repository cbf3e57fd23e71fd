"""What a survey should do, said once more as simply as can be: the last answer to each question,
and where that leaves the person. Shares no code with the bot."""

from dataclasses import dataclass, field

ITEMS = (
    "requirements", "procedure", "completion_time", "cost", "product", "officer_competence",
    "officer_conduct", "facilities", "complaint_handling",
)  # fmt: skip
PEOPLE = ("officer_competence", "officer_conduct")
PROFILE = ("sex", "age", "education", "occupation")
ASIDES = ("language", "display", "change", "resume")
NOT_TO_RETURN_TO = ("consent", "review")
Value = str | dict[str, str]


@dataclass
class Model:
    """`said` are the last answers; `visit` is where "kembali" or "ubah" led, until an answer."""

    said: dict[str, Value] = field(default_factory=dict)
    visit: str = ""
    offer: str = ""  # the button that begins what another link named
    ended: str = ""

    def path(self) -> list[str]:
        """The questions that are asked after these answers, in order."""
        low = [item for item in ITEMS if self.said.get(item) in ("1", "2")]
        low.sort(key=lambda item: item not in PEOPLE)
        lowest = sorted(low, key=lambda item: str(self.said[item]))[:2]
        whys = [f"why_{item}" for item in (*PEOPLE, *ITEMS) if item in lowest]
        whys = list(dict.fromkeys(whys))
        gone_on = next(
            (n for n, of in enumerate(PROFILE, 1) if self.said.get(of) == "-skip_all"), 4
        )
        return ["consent", "service", *ITEMS, *whys, "comment", *PROFILE[:gone_on], "review"]

    def open(self) -> str:
        """The first question without an answer."""
        return next((step for step in self.path() if step not in self.said), "")

    def at(self) -> str:
        """What is asked; "" once it has ended."""
        if self.ended:
            return ""
        return self.visit if self.visit in (*self.path(), *ASIDES) else self.open()

    def counted(self) -> dict[str, Value]:
        return {step: self.said[step] for step in self.path() if step in self.said}

    def tap(self, step: str, choice: str) -> None:
        """A button that was shown at some time in this survey."""
        asked = (self.at(), self.open())
        if self.ended or not (step in (*asked, *ASIDES) or step in self.counted()):
            return
        if choice == "_back":
            self._back(step)
        elif step in ASIDES:
            self._aside(step, choice)
        elif (step, choice) == ("review", "change"):
            self.visit = "change"
        elif choice == "declined":
            self.ended = choice
        elif choice not in ("more", "promise"):
            self._answer(step, choice)

    def link(self, offer: str) -> None:
        """Another unit's link: continue, or begin there?"""
        self.visit, self.offer = "resume", offer

    def link_again(self) -> None:
        """The link of this very survey."""
        self.visit = "" if self.visit == "resume" else self.visit

    def write(self, text: str) -> None:
        """Words that are no button, where words are asked; elsewhere nothing."""
        if self.at() == "comment" or self.at().startswith("why_"):
            self._answer(self.at(), {"text": text})

    def _answer(self, step: str, value: Value) -> None:
        if self.said.get(step) == value and self.at() != step:
            return
        self.said[step] = value
        self.visit = ""
        if not self.open():
            self.ended = "finished"

    def _back(self, step: str) -> None:
        path = self.path()
        before = [each for each in path[: path.index(step)] if each in self.said]
        may = [each for each in before if each not in NOT_TO_RETURN_TO]
        self.visit = may[-1] if may else ""

    def _aside(self, step: str, choice: str) -> None:
        if step in ("language", "display"):
            self.visit = "" if self.visit == step else self.visit
        elif step == "resume":
            self._decide(choice)
        elif choice == "stay":
            self.visit = ""
        elif choice in self.counted():
            self.visit = choice

    def _decide(self, choice: str) -> None:
        if choice == "stay":
            self.visit, self.offer = "", ""
        elif choice == self.offer:
            self.ended = "replaced"
