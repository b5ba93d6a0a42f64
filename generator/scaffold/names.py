"""What a project may be called: rules that keep TOML, Markdown, Jinja and every file system intact."""

from __future__ import annotations

import re
import unicodedata

from generator.errors import LadderError

LONGEST = 60
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))]
)
FORBIDDEN = '"\\{}'


def check_title(option: str, title: str) -> str:
    """Return `title` without outer spaces; LadderError names the rule it breaks."""
    text = unicodedata.normalize("NFC", title).strip()
    if not text or len(text) > 2 * LONGEST:
        raise LadderError("scaffold.name-length", option=option, most=2 * LONGEST)
    bad = sorted({char for char in text if char in FORBIDDEN or not char.isprintable()})
    if bad:
        raise LadderError("scaffold.name-characters", option=option, name=repr(title), bad=" ".join(map(repr, bad)))
    return text


def check_slug(slug: str) -> str:
    """Return `slug`; LadderError when tools or file systems would stumble over it."""
    if not SLUG.fullmatch(slug) or not 2 <= len(slug) <= LONGEST:
        raise LadderError("scaffold.slug", slug=repr(slug), most=LONGEST)
    if slug in DEVICES:
        raise LadderError("scaffold.slug-reserved", slug=slug, suggestion=f"{slug}-project")
    return slug


def slug_of(title: str) -> str:
    """Return the slug for `title`; LadderError when nothing of it has a plain Latin form.

    A title too short for a slug, or one that begins with a digit, is led by ``project-``.
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise LadderError("scaffold.slug-underivable", title=repr(title))
    led = slug if len(slug) > 1 and slug[0].isalpha() else f"project-{slug}"
    return check_slug(led[:LONGEST].strip("-"))


def title_of(folder_name: str) -> str:
    """Return the title a folder's name suggests: ``flight-delays`` becomes ``Flight delays``."""
    words = re.sub(r"[-_.]+", " ", folder_name).strip()
    return words[:1].upper() + words[1:]
