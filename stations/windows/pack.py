"""The batches of a pack."""

from portal.packs import Section, section
from stations.models import ApplicationWindow

WINDOWS = ("code", "type", "title", "title_en", "since", "until")
section(Section("windows", ApplicationWindow, ("code",), WINDOWS))
