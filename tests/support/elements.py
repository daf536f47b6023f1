"""Finds, presses and awaits elements of a page in Selenium."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from support.pages import WITHIN


def element(driver: Any, name: str) -> Any:
    """Returns the element with this id."""
    return driver.find_element("id", name)


def press(driver: Any, selector: str) -> None:
    """Click on an element, wherever on the page it is."""
    driver.execute_script("document.querySelector(arguments[0]).click()", selector)


def until(driver: Any, true: Callable[[], Any]) -> Any:
    """Wait until ``true()`` is true; elements may be replaced meanwhile."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, WITHIN, ignored_exceptions=[StaleElementReferenceException]).until(lambda _: true())
