"""What the Graph API's error codes mean: later, never, blocked, outside the window, our account.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from bot.core.channel import Blocked, OutsideWindow, Quiet, SendLater, SendNever

PAIR = 131056  # too many to one person: about one in six seconds may be sent
WINDOW = 131047  # the last message of this person is older than 24 hours
PAIR_PAUSE = 12  # seconds
SOON, SLOW, ACCOUNT = 5, 60, 300  # seconds
# An unknown or passing fault of theirs; also statuses of HTTP, where there is no code.
PASSING = {1, 2, 131000, 131016, 133004, 135000, 429, 500, 502, 503, 504}
TOO_FAST = {4, 80007, 130429, 131048, 131057}
# No such person on WhatsApp, or they have stopped us. It is not said which.
UNREACHABLE = {131026, 131050}
# Nothing is wrong with the message: once somebody has set right the token, the payment, the account
# or a restriction, it can be sent.
OF_ACCOUNT = {
    0,
    3,
    10,
    190,
    368,
    131005,
    131031,
    131042,
    131045,
    133010,
    401,
    403,
    *range(200, 300),
}


class AccountRefused(SendLater):
    """The operator has to do something at Meta."""


def fault_of(code: int) -> Exception:
    """Its words are a code, and nothing of a message."""
    said = f"Meta says {code}"
    if code == PAIR:
        return Quiet(PAIR_PAUSE, said)
    if code == WINDOW:
        return OutsideWindow()
    if code in UNREACHABLE:
        return Blocked(said)
    if code in OF_ACCOUNT:
        return AccountRefused(ACCOUNT, f"{said}: see skm doctor")
    if code in TOO_FAST:
        return SendLater(SLOW, said)
    return SendLater(SOON, said) if code in PASSING else SendNever(said)
