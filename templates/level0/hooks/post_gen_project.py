"""Lay the chosen variant of each option over the project and drop the others."""

import shutil
from pathlib import Path

CHOSEN = {"ci": "{{ cookiecutter.ci }}"}
VARIANTS = Path("_options")

for option, value in CHOSEN.items():
    variant = VARIANTS / option / value
    if variant.is_dir():
        shutil.copytree(variant, ".", dirs_exist_ok=True)
shutil.rmtree(VARIANTS, ignore_errors=True)
