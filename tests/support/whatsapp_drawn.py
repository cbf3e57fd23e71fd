"""A message as WhatsApp shows it, in lines: a list's rows as they stand once it is opened."""

from collections.abc import Iterator

from tests.support.whatsapp_limits import Json


def drawn(body: Json) -> Iterator[str]:
    kind = body["type"]
    if kind == "text":
        yield from _boxed(body["text"]["body"])
    elif kind == "interactive":
        holds = body["interactive"]
        if "header" in holds:
            yield "┌ (picture)"
        yield from _boxed(holds["body"]["text"])
        yield from _below(holds["action"])
    else:
        yield f"┌ ({kind})"
        yield from _boxed(body.get(kind, {}).get("caption", ""))


def _boxed(text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n")):
        yield f"{'│' if number else '┌'} {line}".rstrip()


def _below(action: Json) -> Iterator[str]:
    if "buttons" in action:
        for button in action["buttons"]:
            yield f"└ [{button['reply']['title']}]"
        return
    yield f"└ ☰ {action['button']}"
    for section in action["sections"]:
        for row in section["rows"]:
            yield f"    ○ {row['title']}"
            if "description" in row:
                yield f"      {row['description']}"
