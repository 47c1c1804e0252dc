"""Rows back into files, in canonical form."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from portal.models import District, Pack
from portal.packs.sections import DISTRICT, GROUND, SECTIONS, Section, in_file


class Writer(yaml.SafeDumper):
    """YAML as we want to read it: block style, lists indented, text unescaped, numbers as they are."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def write_decimal(writer: Writer, value: Decimal) -> yaml.Node:
    kind = "int" if value == value.to_integral_value() else "float"
    return writer.represent_scalar(f"tag:yaml.org,2002:{kind}", f"{value.normalize():f}")


Writer.add_representer(Decimal, write_decimal)


def dump(pack: Pack, folder: Path) -> list[str]:
    """Write the pack's files; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, Any] = {"pack.yaml": {name: getattr(pack, name) for name in GROUND if getattr(pack, name)}}
    files["districts.yaml"] = [district_as_data(pack.root)]
    for part in SECTIONS:
        if rows := [as_data(part, row) for row in part.rows(pack)]:
            files[f"{part.name}.yaml"] = rows
    for name, data in files.items():
        text = yaml.dump(data, Dumper=Writer, allow_unicode=True, sort_keys=False, width=110)
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(files)


def district_as_data(district: District) -> dict:
    data = {name: getattr(district, name) for name in DISTRICT}
    data = {name: value for name, value in data.items() if value != "" and (name, value) != ("documented", True)}
    if children := [district_as_data(child) for child in district.children.order_by("path_order")]:
        data["children"] = children
    return data


def as_data(part: Section, row) -> dict:
    """A row as the file writes it: in canonical order, without what is empty or as by default."""
    data = {}
    for name in part.fields:
        column, value = row._meta.get_field(name), getattr(row, name)
        default = column.get_default() if column.has_default() else None
        if value is not None and (name in part.key or not (value == default or (value == "" and column.blank))):
            data[name] = in_file(column, value)
    for child in part.children:
        if rows := [as_data(child, r) for r in child.rows(row)]:
            data[child.name] = rows
    return data
