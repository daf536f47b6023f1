"""Holds the network that all pages share. Teaching replaces it while pages are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from isl.web.visit import ServerFacts, Visit


class SharedNetwork:
    """The facts that each page receives first, and the visits that use the network.

    Args:
        facts: the words and their descriptions.
        visit: a function that makes a new visit for a page.

    Attributes:
        features: facts about the server that a page receives with those about the words.
        version: increases with each new network, so that open pages notice it.
    """

    def __init__(self, facts: ServerFacts, visit: Callable[[], Visit]) -> None:
        self.facts, self.visit = facts, visit
        self.features: dict[str, bool] = {}
        self.version = 0

    def replace(self, facts: ServerFacts) -> None:
        """Use the network with these facts from now on; new visits must use it already."""
        self.facts = facts
        self.version += 1

    def greeting(self) -> dict[str, Any]:
        """Returns the first message for a page."""
        return {
            "type": "hello",
            "words": list(self.facts.words),
            "hindi": self.facts.hindi,
            "signed": self.facts.signed,
            "seconds": self.facts.seconds,
            "face": self.facts.face,
            "calibrated": self.facts.calibrated,
            **self.features,
        }
