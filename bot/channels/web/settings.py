"""The web survey's own variables."""

from typing import Annotated

from pydantic import Field

from bot.core.setting import Part, setting


class WebSettings(Part):
    web_hourly: Annotated[int, Field(ge=1)] = setting(
        60,
        "a number of surveys, such as 60",
        what="So many surveys may be begun in the web from one network address within an hour.",
        is_shown=True,
    )
    web_proxies: Annotated[int, Field(ge=0, le=5)] = setting(
        1,
        "a number from 0 to 5",
        what="How many proxies stand before the web, each of which adds to X-Forwarded-For: by it "
        "the network address is told.",
        is_shown=True,
    )
