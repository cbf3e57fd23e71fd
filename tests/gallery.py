"""Draws a golden dialogue as on a phone, for docs/gallery: `python -m tests.gallery`."""

import json
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
GALLERY = HERE.parent / "docs" / "gallery"
FONTS = HERE.parent / "reports" / "fonts"
DRAWN = {"dialogue": "survey-shortest"}


def screens(dialogue: str) -> list[dict[str, Any]]:
    """What was said, what the bot showed then, and its rows of buttons, up to the first ending."""
    found: list[dict[str, Any]] = []
    said = ""
    for line in dialogue.splitlines():
        mark, text = line[:1], line[2:]
        if mark == ">" and found and not found[-1]["rows"]:
            break
        if mark == ">":
            said = text.strip("[]")
        elif mark == "┌":
            found.append({"said": said, "text": [text], "rows": []})
            said = ""
        elif mark == "│" or (mark == "└" and not text.startswith("[")):
            found[-1]["text"].append(text)
        elif mark in ("└", " ") and text.startswith("["):
            found[-1]["rows"].append(text.strip("[]").split("] ["))
    return found


def draw(dialogue: str) -> bytes:
    data = {"data": json.dumps(screens(dialogue), ensure_ascii=False)}
    compiler = typst.Compiler(str(HERE / "gallery.typ"), font_paths=[str(FONTS)])
    return bytes(compiler.compile(format="png", ppi=72, sys_inputs=data))


if __name__ == "__main__":
    for name, source in DRAWN.items():
        text = (HERE / "dialogues" / f"{source}.txt").read_text(encoding="utf-8")
        (GALLERY / f"{name}.png").write_bytes(draw(text))
