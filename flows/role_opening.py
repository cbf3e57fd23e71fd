"""What begins that needs a role, as `flows.intents` reads it. Who may is asked where it begins."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ManageRoles:
    """`scope` as it was typed; none: the only one, or to be asked."""

    scope: str


@dataclass(frozen=True, slots=True)
class EndInvited:
    """`invitation` by its id, used or not."""

    invitation: str


@dataclass(frozen=True, slots=True)
class LeaveRole:
    pass


@dataclass(frozen=True, slots=True)
class ReadLog:
    """`before`: the entry above the first one shown, as it was typed; none: from the newest."""

    before: str


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`scope` as it was typed; none: the only one, or to be asked."""

    scope: str
