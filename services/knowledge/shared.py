"""Where evaluation data lives: a folder beside the project that is never shipped."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def shared(*parts: str) -> Path:
    """Path in the shared folder: `VARTA_SHARED`, else `shared` beside the project; it need not exist."""
    base = os.environ.get("VARTA_SHARED")
    return (Path(base) if base else ROOT.parent / "shared").joinpath(*parts)


def models(*parts: str) -> Path:
    """Path in the folder of model files that ships with the project."""
    base = os.environ.get("VARTA_MODELS")
    return (Path(base) if base else ROOT / "models").joinpath(*parts)
