"""The small interface behind which a city's SMS gateway stands. Without one, texts are written to the log."""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class Gateway(Protocol):
    real: bool  # whether texts reach a telephone; where not, officers get a button that copies the text

    def send(self, phone: str, text: str) -> None:
        """Hand over one text; raises OSError when the gateway doesn't take it."""
        ...


class LogGateway:
    """Sends nothing. The log names the last four digits only."""

    real = False

    def send(self, phone: str, text: str) -> None:
        log.info("SMS to …%s (%d characters): no gateway is configured", phone[-4:], len(text))


def gateway() -> Gateway:
    return import_string(settings.SMS_GATEWAY)()
