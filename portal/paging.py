"""Pages of a list at any depth: the keys first, by what orders them; then only the rows that are shown."""

from django.core import paginator


class Paginator(paginator.Paginator):
    """For querysets. What a list shows of a row (its names, what it was on a day, how far its plan is) is asked for the
    rows of the page alone; the rows before it are passed over by their keys."""

    def page(self, number):
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self.object_list.values("pk")[first : first + self.per_page]
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)
