"""The industry chains of a pack."""

from portal.packs import Section, section
from stations.models import IndustryChain

section(Section("chains", IndustryChain, ("code",), ("code", "name", "name_en", "clause"), ordered=True))
