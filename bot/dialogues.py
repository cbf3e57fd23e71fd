"""All dialogues, in the order in which the menus show those that they show."""

from bot.citizen import (
    correcting,
    news,
    own_data,
    receipt_check,
    receipt_erase,
    survey_opening,
    visit,
)
from bot.core.dialogue import Dialogue, Dialogues
from bot.office import scope
from bot.office.digests import digest_settings, first_digest, recap, uncensored_comments
from bot.office.improvements import follow_up, innovation
from bot.office.people import broadcast, invitation, log, role_ending, role_management
from bot.office.periods import (
    agency_report,
    periods,
    public_report,
    report,
    result_publication,
    signing,
)
from bot.office.questions import question_publishing
from bot.office.units import answer_table, poster, standard, unit_editor, unit_table
from bot.web.console import link
from flows.commands import HELP

DIALOGUES = Dialogues(
    *survey_opening.DIALOGUES,
    *visit.DIALOGUES,
    receipt_check.DIALOGUE,
    correcting.DIALOGUE,
    receipt_erase.DIALOGUE,
    Dialogue("/bahasa", ("/language", "/gantibahasa"), menu="everybody", asks="language"),
    Dialogue(HELP, ("/help",), menu="everybody", asks="help"),
    Dialogue("/batal", ("/cancel", "/batalkan"), menu="everybody", asks="cancel"),
    Dialogue("/tampilan", ("/display",), menu="everybody", asks="display"),
    own_data.DIALOGUE,
    *news.DIALOGUES,
    *recap.DIALOGUES,
    first_digest.DIALOGUE,
    report.DIALOGUE,
    agency_report.DIALOGUE,
    public_report.DIALOGUE,
    *digest_settings.DIALOGUES,
    uncensored_comments.DIALOGUE,
    question_publishing.DIALOGUE,
    follow_up.DIALOGUE,
    periods.DIALOGUE,
    result_publication.DIALOGUE,
    signing.DIALOGUE,
    innovation.DIALOGUE,
    standard.DIALOGUE,
    poster.DIALOGUE,
    unit_editor.DIALOGUE,
    unit_table.DIALOGUE,
    answer_table.DIALOGUE,
    link.DIALOGUE,
    role_management.DIALOGUE,
    broadcast.DIALOGUE,
    log.DIALOGUE,
    *role_ending.DIALOGUES,
    invitation.DIALOGUE,
    scope.DIALOGUE,
)
