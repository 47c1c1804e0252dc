"""The tables that the migrations make are those that the models speak of."""

import pytest
from django.apps import apps
from django.db import connection

OURS = ("portal", "stations", "postdocs", "subsidies", "targets")
MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]


@pytest.mark.django_db
def test_every_column_constraint_and_index_is_in_the_database():
    """`WholeTables` makes a table once, from its final state: nothing that came in a later operation may be left out."""
    with connection.cursor() as cursor:
        for model in (m for m in MODELS if m._meta.managed):
            table, look = model._meta.db_table, connection.introspection
            columns = {column.name for column in look.get_table_description(cursor, table)}
            assert columns == {field.column for field in model._meta.local_concrete_fields}, table
            named = {row.name for row in [*model._meta.constraints, *model._meta.indexes]}
            assert named <= set(look.get_constraints(cursor, table)), table


@pytest.mark.django_db
def test_every_foreign_key_is_held_by_the_database():
    with connection.cursor() as cursor:
        for model in (m for m in MODELS if m._meta.managed):
            held = {
                columns["columns"][0]
                for columns in connection.introspection.get_constraints(cursor, model._meta.db_table).values()
                if columns["foreign_key"]
            }
            asked = {f.column for f in model._meta.local_fields if f.is_relation and f.db_constraint}
            assert asked <= held, model
