"""Refuse names that would break what is generated, before anything is written."""

import re
import sys

TITLE = r"""{{ cookiecutter.project_name }}"""
SLUG = r"""{{ cookiecutter.project_slug }}"""
DESCRIPTION = r"""{{ cookiecutter.description }}"""

for option, text in (("project_name", TITLE), ("description", DESCRIPTION)):
    if not 0 < len(text.strip()) <= 120 or not text.isprintable() or any(ord(char) in (34, 92, 123, 125) for char in text):
        sys.exit(f'{option} {text!r}: 1 to 120 printable characters, without double quote, backslash or braces')
if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", SLUG) or not 2 <= len(SLUG) <= 60:
    sys.exit(f"project_slug {SLUG!r}: 2 to 60 small letters, digits and single hyphens, a letter first")
if re.fullmatch(r"con|prn|aux|nul|(com|lpt)[1-9]", SLUG):
    sys.exit(f"project_slug {SLUG!r}: a device name on Windows; use for example {SLUG}-project")
