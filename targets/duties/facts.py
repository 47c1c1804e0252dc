"""What can be said of an occurrence of a duty."""

from django.utils.translation import gettext_lazy as _

from portal.facts import Vocabulary
from targets.duties.models import Occurrence

facts = Vocabulary("occurrence", Occurrence)
facts.column("since", _("起"))
facts.column("due_on", _("完成时限"))
facts.column("number", _("完成数"))
