"""Where the console's pages come from: the two packages, and nowhere else.

starlette-admin looks first into a folder `templates` where the process happens to stand; here it
does not. Its scripts and styles stand in its pages: each gets the answer's nonce, in the template
itself, so that nothing which is filled in ever bears one. A style that is an attribute is allowed
by its hash.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, DictLoader, Environment, PackageLoader, PrefixLoader

_BLOCK = re.compile(r"<(script|style)\b")
_NONCE = r'<\1 nonce="{{ request.state.nonce }}"'
_STYLE = re.compile(r'\bstyle="([^"{]*)"')
# Where its templates say what is to be done on an event: `pages.py` does it.
_HANDLERS = {'onchange="window.location = this.value"': "data-goes-to"}

Source = tuple[str, str | None, Callable[[], bool] | None]


class Templates(BaseLoader):
    """`ours` go before starlette-admin's own, which are also `@core/…`."""

    def __init__(self, ours: DictLoader) -> None:
        theirs = PackageLoader("starlette_admin", "templates")
        self._all = ChoiceLoader([ours, theirs, PrefixLoader({"@core": theirs})])
        self.styles = sorted({hashed(style) for style in self._styles()})

    def get_source(self, environment: Environment, template: str) -> Source:
        source, name, is_current = self._all.get_source(environment, template)
        for handler, attribute in _HANDLERS.items():
            source = source.replace(handler, attribute)
        return _BLOCK.sub(_NONCE, source), name, is_current

    def list_templates(self) -> list[str]:
        return self._all.list_templates()

    def _styles(self) -> set[str]:
        nowhere: Any = Environment(autoescape=True)
        sources = (self._all.get_source(nowhere, name)[0] for name in self.list_templates())
        return {style for source in sources for style in _STYLE.findall(source)}


def hashed(text: str) -> str:
    """As a policy names what stands in a page. https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
