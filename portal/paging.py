"""Pages of a list at any depth: the keys first, by what orders them; then only the rows that are shown."""

from django.contrib.postgres.expressions import ArraySubquery
from django.core import paginator
from django.db.models import BooleanField, F, Func
from django.utils.functional import cached_property


class Among(Func):
    """Whether a key is one of an array: the array is made once, and its rows are found by their index. A subquery
    after IN is joined instead, with every row of the list."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()


WHOLE = 200  # rows up to which a list is one page: what a city has, nobody wants to turn pages for


class Whole(paginator.Paginator):
    """A list that isn't long stands on one page, a long one in pages."""

    @cached_property
    def num_pages(self):
        if self.count <= WHOLE:
            self.per_page = max(self.per_page, self.count)
        return super().num_pages


class Paginator(Whole):
    """For querysets. What a list shows of a row (its names, what it was on a day, how far its plan is) is asked for the
    rows of the page alone; the rows before it are passed over by their keys."""

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.object_list.values("pk")[first : first + self.per_page]
        return self._get_page(self.object_list.filter(Among(F("pk"), ArraySubquery(keys))), number, self)
