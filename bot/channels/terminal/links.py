"""How the terminal is reached, and what it can carry."""

from bot.core.links import Links
from flows.engine.capabilities import Capabilities

CHANNEL = "terminal"  # the first part of its address
CAPABILITIES = Capabilities(pace=100)
START = "/start"
LINKS = Links(f"{START} ", CHANNEL, "skm run")  # what is typed to begin
