"""Silences messages of libraries that do not concern the user."""

from __future__ import annotations

import logging
import warnings


def quieten() -> None:
    """Silence messages and warnings of Lightning and matplotlib, which do not concern the user's training."""
    for name in ("lightning.pytorch", "lightning.fabric", "pytorch_lightning", "lightning", "matplotlib"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"lightning\..*")
    warnings.filterwarnings("ignore", message=r".*does not have many workers.*")
