"""What may be read, as OpenAPI 3.1: a read-only API of files, at addresses that stay."""

from collections.abc import Mapping
from typing import Any

_PERIOD = {"type": "string", "pattern": "^[12][0-9]{3}(-(S[12]|Q[1-4]|0[1-9]|1[0-2]))?$"}
_CODE = {"type": "string", "pattern": "^[A-Za-z0-9-]{2,20}$"}
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_DECIMAL = {"type": ["string", "null"], "pattern": "^[0-9]+\\.[0-9]{2,4}$"}
_SHEET: dict[str, Any] = {
    "type": "object",
    "required": ["unit", "period", "sheet", "n", "needed", "enough", "ikm", "sha256"],
    "properties": {
        "unit": _CODE,
        "period": _PERIOD,
        "sheet": _NUMBER,
        "n": _NUMBER,
        "needed": _NUMBER,
        "population": {"type": ["integer", "null"]},
        "enough": {"type": "boolean"},
        "ikm": _DECIMAL,
        "grade": {"type": ["string", "null"]},
        "ci95_low": _DECIMAL,
        "ci95_high": _DECIMAL,
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
}
_REPORT = {
    "type": ["object", "null"],
    "required": ["address", "media_type", "bytes", "sha256"],
    "properties": {"address": _TEXT, "media_type": _TEXT, "bytes": _NUMBER, "sha256": _TEXT},
}
_UNIT = {
    "type": "object",
    "required": ["code", "name", "agency", "region", "kind", "n", "needed", "ikm"],
    "properties": {"code": _CODE, "name": _TEXT, "n": _NUMBER, "ikm": _DECIMAL},
}
_WITH_REPORT = {**_SHEET, "properties": {**_SHEET["properties"], "report": _REPORT}}
_UNIT_WHOLE = {
    "type": "object",
    "required": ["code", "name", "periods", "follow_ups"],
    "properties": {"code": _CODE, "periods": {"type": "array", "items": _WITH_REPORT}},
}
_RANKING = {
    "type": "object",
    "required": ["period", "ranking"],
    "properties": {"period": _TEXT, "ranking": {"type": "array", "items": {"type": "object"}}},
}


def openapi(base: str, licence: Mapping[str, str]) -> dict[str, Any]:
    found = {
        "/data/units.json": _of("Every unit with its newest result", _array(_UNIT)),
        "/data/ranking.json": _of("The ranking of the day", _RANKING),
        "/data/{period}/sheets.json": _of("Results of a period", _array(_SHEET), period=_PERIOD),
        "/unit/{code}/data.json": _of("All results of a unit", _UNIT_WHOLE, code=_CODE),
        "/log/sheets/{sheet}.json": _of(
            "A sheet, as its SHA-256 stands for it",
            {"type": "object"},
            sheet={"type": "string", "pattern": "^[A-Za-z0-9-]{2,20}-[0-9]{4,}$"},
        ),
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Survei Kepuasan Masyarakat",
            "version": "1",
            "license": {"name": licence["title"], "identifier": licence["name"]},
        },
        "servers": [{"url": base or "/"}],
        "paths": found,
    }


def _array(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _of(summary: str, schema: Mapping[str, Any], **parameters: Mapping[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    answers: dict[str, Any] = {"200": {"description": summary, "content": content}}
    if parameters:
        answers["404"] = {"description": "There is none", "content": {"text/plain": {}}}
    given = [
        {"name": name, "in": "path", "required": True, "schema": each}
        for name, each in parameters.items()
    ]
    return {"get": {"summary": summary, "parameters": given, "responses": answers}}
