"""A sheet says in which words its unit asked, where they are not the instrument's."""

import hashlib
import json
from dataclasses import replace

from sqlalchemy import Connection

from flows.office.questions.change import Restore, Reword
from reports.stored.verify import verify
from storage import publications, questionnaire_snapshot, questionnaires
from tests.support.command_line import clean_desk, in_indonesian
from tests.support.offices import NOON, Chance, draft, office, respond, scoped, unit_of, unit_row
from tests.support.publishing import LATER, closed

PAID = ("Jauh di atas tarif", "Di atas tarif", "Sesuai tarif", "Di bawah tarif")


def published(connection: Connection, change: Reword | Restore) -> str:
    version = questionnaire_snapshot.sight(connection, [scoped("SMST")]).version
    publications.publish(connection, [scoped("SMST")], change, version, NOON, "by")
    return unit_of(connection, "SMST").questionnaire


def test_a_sheet_names_the_units_own_words(sqlite_url, tmp_path, monkeypatch):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    chance = Chance()
    with office(sqlite_url, unit_row("SMST")) as engine:
        with engine.begin() as connection:
            worded = published(connection, Reword("stnk", "cost", PAID))
            passed = published(connection, Reword("stnk", "procedure", passed=True))
            published(connection, Restore(questionnaire_snapshot.FIRST))
            for asked in (worded, passed, "skm-14-2017") * 2:
                respond(connection, "SMST", chance, replace(draft(), questionnaire=asked))
            sheet = closed(connection, "SMST", at=LATER)
            kept = questionnaires.get(connection, passed).to_json()
        assert list(verify(engine)) == []
    assert sheet["wordings"] == {
        worded: {"stnk": {"options": {"cost": list(PAID)}}},
        passed: {
            "stnk": {
                "options": {"cost": list(PAID)},
                "not_applicable": ["complaint_handling", "cost", "procedure"],
            }
        },
    }
    # Whoever has the sheet can tell that these words are the version's own.
    asked = json.dumps(["skm-14-2017", [], sheet["wordings"][passed]], separators=(",", ":"))
    assert asked == kept
    assert passed == "skm-14-2017+" + hashlib.sha256(asked.encode()).hexdigest()[:12]
    said = in_indonesian("sheet", "SMST").stdout
    assert "kata-kata unit untuk stnk, Biaya/Tarif: Jauh di atas tarif / Di atas tarif /" in said
    assert "boleh “tidak berlaku” untuk stnk: Penanganan Pengaduan, Saran dan Masukan," in said
