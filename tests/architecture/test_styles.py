"""Colours stand in one file, drawings in one sprite, and no page brings styles or scripts of its own."""

import re

from tests.architecture.house import ROOT, name_of

STYLES = sorted((ROOT / "static").glob("*.css"))
PAGES = [path for path in sorted((ROOT / "templates").rglob("*.html")) if "mail" not in path.parts]
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|hwb|color)a?\(", re.IGNORECASE)
# Addresses end in what looks like a colour ("#summary" does not, "#face" would).
ADDRESS = re.compile(r"""(?:href|url)\s*[=(]\s*["']?[^"'\s)]*""")


def test_no_colour_stands_outside_the_tokens() -> None:
    assert len(STYLES) >= 4
    assert len(PAGES) >= 20
    for path in [*STYLES, *PAGES]:
        if path.name != "tokens.css":
            found = COLOUR.findall(ADDRESS.sub("", path.read_text("utf-8")))
            assert not found, f"{name_of(path)}: {found}"


def test_each_token_is_used_and_each_one_used_is_there() -> None:
    tokens = (ROOT / "static/tokens.css").read_text("utf-8")
    defined = set(re.findall(r"(--[\w-]+):", "\n".join(path.read_text("utf-8") for path in STYLES)))
    everything = "\n".join(path.read_text("utf-8") for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", everything))
    assert used <= defined, used - defined
    named = set(re.findall(r"(--[\w-]+):", tokens))
    assert named - used <= {"--brand-tint", "--s8"}, named - used


def test_the_sprite_is_small_and_has_what_pages_draw() -> None:
    sprite = (ROOT / "static/icons.svg").read_text("utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    assert len(drawn) <= 40
    assert len(sprite) <= 8_000
    pages = "\n".join(path.read_text("utf-8") for path in PAGES)
    wanted = set(re.findall(r"""icon\(["']([\w-]+)["']\)""", pages))
    assert len(wanted) >= 5
    assert wanted <= drawn, wanted - drawn


def test_no_page_brings_styles_or_scripts_within_itself() -> None:
    for path in PAGES:
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\bstyle=|\son\w+=|javascript:", text), name_of(path)
        assert all("src=" in tag and "nonce=" in tag for tag in re.findall(r"<script[^>]*>", text)), name_of(path)
