"""What happens when a postdoc accepts an invitation."""

from portal.accounts import JOINED
from postdocs.own.actions import belong

JOINED.append(belong)
