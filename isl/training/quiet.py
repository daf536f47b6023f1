"""Keeps what libraries say about themselves off the user's screen."""

from __future__ import annotations

import logging
import warnings


def quieten() -> None:
    """Silence Lightning's remarks and warnings, which are not about the user's training."""
    for name in ("lightning.pytorch", "lightning.fabric", "pytorch_lightning", "lightning"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"lightning\..*")
    warnings.filterwarnings("ignore", message=r".*does not have many workers.*")
