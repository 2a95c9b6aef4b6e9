"""Every text and its ground, from the tokens in portal.css, to WCAG 2.2 AA."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[2] / "static" / "css" / "portal.css").read_text()
TOKENS = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", CSS))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("text", ["ink", "ink-soft", "ink-mute", "brand", "brand-dark", "link", "link-dark", "danger"])
@pytest.mark.parametrize("ground", ["paper", "paper-soft"])
def test_text_is_readable(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("success", "success-pale"),
        ("warning", "warning-pale"),
        ("danger", "danger-pale"),
        ("info", "info-pale"),
        ("ink", "paper-deep"),
        ("ink-soft", "paper-deep"),
        ("ink", "success-pale"),
        ("ink", "warning-pale"),
        ("ink", "danger-pale"),
        ("ink", "info-pale"),
        ("paper", "brand"),
        ("paper", "brand-dark"),
        ("paper", "danger"),
        ("paper", "success"),
        ("paper", "ink-mute"),
        ("night-text", "night"),
        ("night-soft", "night"),
    ],
)
def test_pairs_are_readable(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("edge", ["line-strong", "focus", "brand"])
def test_edges_that_mean_something_are_seen(edge):
    assert contrast(edge, "paper") >= 3
    assert contrast(edge, "paper-soft") >= 3


def test_the_accent_is_the_ministrys_red():
    assert TOKENS["brand"] == "#b42b2d"
