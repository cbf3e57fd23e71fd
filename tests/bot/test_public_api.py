"""Whatever is asked of an address of the OpenAPI document, the answer is one that it describes."""

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from bot.web.app import application
from bot.web.site import PublicSite
from reports.site.open_data import LICENCE
from reports.site.openapi import openapi
from reports.site.writing import Plan
from tests.support.deep import times
from tests.support.public_site import BASE, KEY, logged, nation
from tests.support.publishing import DAY, LATER

PATHS = openapi(BASE, LICENCE)["paths"]
REAL = {
    "period": ("2026-Q3", "2026-Q4"),
    "code": ("SMST", "FEW", "NONE", "NAMES"),
    "sheet": ("SMST-0001", "SMST-2-0001", "FEW-0001"),
}
TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool,
    "null": type(None),
}  # fmt: skip
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def fits(value: Any, schema: Mapping[str, Any]) -> bool:
    """The part of JSON Schema that the document makes use of."""
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if type(value) not in [TYPES[name] for name in wanted]:
        return False
    if isinstance(value, str):
        return bool(re.search(schema.get("pattern", ""), value))
    if isinstance(value, int):
        return value >= schema.get("minimum", value)
    if isinstance(value, list):
        return all(fits(each, schema["items"]) for each in value)
    if isinstance(value, dict):
        known = schema.get("properties", {}).items()
        given = all(name in value for name in schema.get("required", ()))
        return given and all(fits(value[name], each) for name, each in known if name in value)
    return True


@st.composite
def asked(draw: st.DrawFn) -> tuple[str, str, str, dict[str, str]]:
    """Path of the document, method, address, headers."""
    path = draw(st.sampled_from(sorted(PATHS)))
    address = path
    for name, real in REAL.items():
        odd = st.text(max_size=30) | st.from_regex("[A-Za-z0-9-]{1,24}", fullmatch=True)
        said = draw(st.sampled_from(real) | odd | st.sampled_from(real).map(lambda x: x + "\n"))
        address = address.replace(f"{{{name}}}", quote(said, safe="", errors="replace"))
    method = draw(st.sampled_from(("GET", "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")))
    if draw(st.booleans()):
        address += "?" + quote(draw(st.text(max_size=20)), errors="replace")
    names = st.sampled_from(("Accept", "Accept-Encoding", "If-None-Match", "Range", "Origin"))
    return path, method, address, draw(st.dictionaries(names, HEADER, max_size=3))


async def right(client: httpx.AsyncClient, one: tuple[str, str, str, dict[str, str]]) -> None:
    path, method, address, headers = one
    answer = await client.request(method, address, headers=headers)
    if method not in ("GET", "HEAD"):
        assert answer.status_code == 405, one
        return
    if answer.status_code == 304:
        assert answer.content == b"", one
        assert "If-None-Match" in headers, one
        return
    described = PATHS[path]["get"]["responses"].get(str(answer.status_code))
    if described is None:  # a parameter that makes another address of it
        assert (answer.status_code, "{" in path) == (308, True), one
        return
    kind = answer.headers["content-type"].split(";")[0]
    assert kind in described["content"], one
    if method == "GET" and answer.status_code == 200:
        assert fits(json.loads(answer.content), described["content"][kind]["schema"]), one


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Starlette]:
    with nation(sqlite_url) as engine:
        logged(engine)
        plan = Plan("", BASE, key=str(KEY.public))
        public = PublicSite(engine, plan, lambda: LATER + 2 * DAY)
        yield application([public.route])


def asking(site: Starlette) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url=BASE)


async def test_what_there_is_is_as_described(site):
    async with asking(site) as client:
        for path in PATHS:
            for n in range(2):
                address = path
                for name, real in REAL.items():
                    address = address.replace(f"{{{name}}}", real[n])
                assert (await client.get(address)).status_code == 200, address
                await right(client, (path, "GET", address, {}))


@settings(
    max_examples=times(60, 3_000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked())
def test_whatever_is_asked_the_answer_is_one_that_is_described(site, one):
    async def once() -> None:
        async with asking(site) as client:
            await right(client, one)

    asyncio.run(once())
