"""Files into rows: all of a pack or nothing, with every mistake and where it stands."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from portal import jobs
from portal.models import Ancestry, District, Pack, PackRow, Workday
from portal.packs.sections import (
    DISTRICT,
    GROUND,
    HOME,
    SECTIONS,
    Mistake,
    Section,
    WrongPack,
    by_name,
    name_of,
    named,
    plain,
    written,
)

KINDS = {
    models.IntegerField: "整数",
    models.DecimalField: "数字",
    models.DateField: "日期，如 2026-01-01",
    models.BooleanField: "true 或 false",
}
NULL = "tag:yaml.org,2002:null"
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(folder: Path, *, replace: bool = False) -> Pack:
    """Load the pack in `folder`, whole or not at all; `pack.changed` says how many rows moved. Raises WrongPack."""
    reader = Reader(folder, replace)
    with transaction.atomic():
        load_calendar(reader)
        load_ground(reader)
        if reader.pack is not None:
            for part in SECTIONS:
                load_section(reader, part)
            reader.remove_what_is_gone()
            refuse_unknown_files(reader)
        if reader.mistakes or reader.pack is None:
            raise WrongPack(reader.mistakes)
        reader.pack.changed = reader.changed
        if reader.changed:
            jobs.ask("recompute")
    return reader.pack


def load_section(reader: "Reader", part: Section) -> None:
    before = len(reader.mistakes)
    node = reader.open(f"{part.name}.yaml")
    reader.load(part, reader.pack, reader.items(node))
    if len(reader.mistakes) == before:
        for problem in part.together(reader.pack):
            reader.wrong(node, problem)


def refuse_unknown_files(reader: "Reader") -> None:
    known = {"pack", "districts", *(part.name for part in SECTIONS)}
    for path in sorted(reader.folder.glob("*.y*ml")):
        if path.name not in {f"{name}.yaml" for name in known}:
            reader.file = reader.shown(path)
            reader.wrong(None, f"不认识的文件；可用：{'、'.join(sorted(f'{name}.yaml' for name in known))}")


@dataclass
class Reader:
    """The pack as text on its way into rows; collects mistakes instead of stopping at the first."""

    folder: Path
    replace: bool = False
    mistakes: list[Mistake] = field(default_factory=list)
    file: str = ""
    pack: Pack | None = None
    changed: int = 0
    gone: list[tuple[Section, Any, str]] = field(default_factory=list)  # rows the files no longer have
    known: dict[tuple[type, str], Any] = field(default_factory=dict)  # rows that files have referred to

    def wrong(self, node: yaml.Node | None, text: str) -> None:
        line = node.start_mark.line + 1 if node is not None else 1
        self.mistakes.append(Mistake(self.file, line, text))

    @staticmethod
    def shown(path: Path) -> str:
        return str(path.relative_to(HOME.parent)) if path.is_relative_to(HOME.parent) else str(path)

    @contextmanager
    def reporting(self, node: yaml.Node, values: dict[str, yaml.Node]) -> Iterator[None]:
        """Turns what a model refuses into mistakes, each at the line of the value it speaks of."""
        try:
            yield
        except ValidationError as error:
            by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
            for name, messages in by_field.items():
                label = "" if name == NON_FIELD_ERRORS else f"{name}："
                self.wrong(values.get(name, node), f"{label}{'；'.join(messages)}")

    def open(self, name: str) -> yaml.Node | None:
        """The syntax tree of one file; None when there is no such file, or it can't be read."""
        path = self.folder / name
        self.file = self.shown(path)
        if not path.exists():
            return None
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self.wrong(None, "不是 UTF-8 编码，请用 UTF-8 另存")
            return None
        with suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=FAST)
        try:  # the slow one says better what is wrong
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n") + 1
            self.mistakes.append(Mistake(self.file, line, f"有不能用的字符 U+{error.character:04X}"))
        except yaml.YAMLError as error:
            mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", str(error))
            self.mistakes.append(Mistake(self.file, mark.line + 1 if mark else 1, f"YAML 格式不对：{problem}"))
        return None

    def entries(self, node: yaml.Node | None, allowed: Iterable[str]) -> dict[str, yaml.Node] | None:
        """A mapping's values by key; unknown and repeated keys are mistakes."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "这里应为一组“名称: 取值”")
            return None
        allowed, found = list(allowed), {}
        for key, value in node.value:
            if key.value not in allowed:
                self.wrong(key, f"不认识的名称 {key.value}；可用：{'、'.join(allowed)}")
            elif key.value in found:
                self.wrong(key, f"{key.value} 出现了两次")
            else:
                found[key.value] = value
        return found

    def items(self, node: yaml.Node | None) -> list[yaml.Node]:
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, "这里应为一个列表（每项以 - 开头）")
            return []
        return node.value

    # --- values ---

    def value(self, column: models.Field, node: yaml.Node) -> Any:
        """One value brought to the column's type; None and a mistake when it can't be."""
        try:
            if isinstance(column, models.JSONField):
                return self.json(column, node)
            if node.tag == NULL:
                return None if column.null else column.get_default()
            if not isinstance(node, yaml.ScalarNode):
                raise ValidationError("这里应为一个值")
            if isinstance(column, models.ForeignKey):
                return self.reference(column, node)
            if isinstance(column, models.BooleanField | models.IntegerField):
                value = construct(node)
                if type(value) is not (bool if isinstance(column, models.BooleanField) else int):
                    raise ValueError
                return value
            return column.to_python(node.value)
        except ValidationError as error:
            kind = next((word for known, word in KINDS.items() if isinstance(column, known)), "")
            said = f"应为{kind}，现为 {node.value!r}" if kind else "；".join(error.messages)
            self.wrong(node, f"{column.name}：{said}")
        except (ValueError, TypeError, yaml.YAMLError):
            kind = next((word for known, word in KINDS.items() if isinstance(column, known)), "其他类型")
            self.wrong(node, f"{column.name}：应为{kind}，现为 {node.value!r}")
        return None

    @staticmethod
    def json(column: models.JSONField, node: yaml.Node) -> Any:
        """Free data, of the shape that the column's default has; only what JSON can hold."""
        try:
            value = plain(construct(node))
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError, yaml.YAMLError) as error:
            said = node.value if isinstance(node, yaml.ScalarNode) else ""
            raise ValidationError(f"取值 {said} 不能用：应为文字、数字、日期、列表或一组“名称: 取值”") from error
        if twice := repeated(node):
            raise ValidationError(f"{twice} 出现了两次")
        shape = column.get_default() if column.has_default() else None
        if isinstance(shape, list) and not isinstance(value, list):
            raise ValidationError("这里应为一个列表")
        if isinstance(shape, dict) and not isinstance(value, dict):
            raise ValidationError("这里应为一组“名称: 取值”")
        return value

    def reference(self, column: models.ForeignKey, node: yaml.Node):
        target = column.related_model
        found = self.known.get((target, node.value)) or by_name(target, self.pack, node.value)
        if found is None:
            near = "、".join(name_of(row) for row in named(target, self.pack).order_by("pk")[:30]) or "一个也没有"
            raise ValidationError(f"没有找到{target._meta.verbose_name} {node.value}；已有：{near}")
        self.known[target, node.value] = found
        return found

    # --- rows ---

    def load(self, part: Section, owner, nodes: list[yaml.Node]) -> None:
        """Bring the rows of one section in line with the file: add and change; what is gone is removed at the end."""
        names = [*part.fields, *(child.name for child in part.children)]
        kept, there = set(), list(part.rows(owner))
        known = {part.key_of(row): row for row in reversed(there)}
        for place, node in enumerate(nodes):
            values = self.entries(node, names)
            row = None if values is None else self.row(part, owner, node, values, place, known)
            if row is None:
                continue
            if row.pk in kept:
                self.wrong(node, f"重复：{part.describe(row)}")
                continue
            kept.add(row.pk)
            before = len(self.mistakes)
            for child in part.children:
                self.load(child, row, self.items(values.get(child.name)))
            if len(self.mistakes) == before:
                for problem in part.whole(row):
                    self.wrong(node, problem)
        self.gone += [(part, row, self.file) for row in there if row.pk not in kept]

    def row(self, part: Section, owner, node: yaml.Node, values: dict[str, yaml.Node], place: int, known: dict):
        """One row, saved; None when it has mistakes. `known`: the rows of its owner by their keys."""
        before = len(self.mistakes)
        columns = {name: part.model._meta.get_field(name) for name in part.fields}
        told = {name: self.value(columns[name], values[name]) for name in part.fields if name in values}
        for name, column in columns.items():
            if name not in values:
                if not (column.blank or column.null or column.has_default()):
                    self.wrong(node, f"缺少 {name}（{column.verbose_name}）")
                told[name] = None if column.null and not column.has_default() else column.get_default()
        if len(self.mistakes) > before:
            return None
        row = known.get(tuple(told[name] for name in part.key)) or part.model(**{part.owner: owner})
        was = state(row) if row.pk else None
        if issubclass(part.model, PackRow):
            row.pack = self.pack
        file_says = {name: written(columns[name], told[name]) for name in part.fields}
        if self.conflict(part, row, node, file_says):
            return None
        mine = getattr(row, "edited_at", None) and row.loaded == file_says and not self.replace
        if not mine:
            for name, value in told.items():
                setattr(row, name, value)
            if hasattr(row, "loaded"):
                row.loaded, row.edited_at = file_says, None
        if part.ordered:
            row.order = place
        saved = self.save(part, row, node, values, was)
        if saved is not None:
            known[part.key_of(saved)] = saved
        return saved

    def conflict(self, part: Section, row, node, file_says: dict) -> bool:
        """Whether both a page and the file changed this row since it was last loaded."""
        if not getattr(row, "edited_at", None) or row.loaded == file_says or self.replace:
            return False
        now = {name: written(row._meta.get_field(name), getattr(row, name)) for name in part.fields}
        differing = [f"{n} 页面为 {now[n]}，文件为 {file_says[n]}" for n in part.fields if now[n] != file_says[n]]
        if differing:
            told = "；".join(differing)
            self.wrong(node, f"{part.describe(row)} 已在页面上修改：{told}。以文件为准请加 --replace")
        return bool(differing)

    def save(self, part: Section, row, node: yaml.Node, values: dict[str, yaml.Node], was: dict | None):
        """The row as it shall be; what rests on other rows is checked even where this one didn't change."""
        changed = state(row) != was
        before = len(self.mistakes)
        with self.reporting(node, values):
            if changed:
                row.full_clean()
            if problems := list(part.check(row)):
                raise ValidationError(problems)
        if len(self.mistakes) > before:
            return None
        if changed:
            row.save()
            self.changed += 1
        return row

    def remove_what_is_gone(self) -> None:
        """Remove rows that the files no longer have, the youngest kinds first, so that a renamed row lets go of what
        it used. What was made or changed on a page is not lost silently."""
        if self.mistakes:
            return
        for part, row, file in reversed(self.gone):
            self.file = file
            edited = [(p, r) for p, r in family(part, row) if getattr(r, "edited_at", None)]
            if edited and not self.replace:
                lower, changed = edited[-1]
                if changed.loaded is not None or changed != row:
                    what = "它" if changed == row else f"{lower.describe(changed)} "
                    told = f"文件里没有 {part.describe(row)}，但{what}在页面上改过。确认删除请加 --replace"
                    self.wrong(None, told)
                continue
            self.remove(part, row)

    def remove(self, part: Section, row) -> None:
        try:
            with transaction.atomic():
                for _part, each in list(family(part, row)):
                    each.delete()
            self.changed += 1
        except models.ProtectedError as error:
            users = "、".join(f"{o._meta.verbose_name} {o}" for o in list(error.protected_objects)[:5])
            self.wrong(None, f"文件里没有 {part.describe(row)}，但还有记录在用它，不能删除：{users}")


def family(part: Section, row) -> Iterator[tuple[Section, Any]]:
    """All that a row holds, the lowest first, and the row itself last."""
    for child in part.children:
        for lower in reversed(child.rows(row)):  # a later one may refer to an earlier
            yield from family(child, lower)
    yield part, row


def repeated(node: yaml.Node) -> str:
    """A name that stands twice in one mapping, however deep; "" where there is none."""
    if isinstance(node, yaml.ScalarNode):
        return ""
    pairs = node.value if isinstance(node, yaml.MappingNode) else [(None, value) for value in node.value]
    names = [key.value for key, _value in pairs if key is not None]
    twice = next((name for name in names if names.count(name) > 1), "")
    return twice or next(filter(None, (repeated(value) for _key, value in pairs)), "")


def state(row) -> dict[str, Any]:
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def construct(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()


# --- the ground: working days of the country, the pack's name, its districts -------------------


def load_calendar(reader: Reader) -> None:
    """The working days of the whole country, which every pack needs: fixtures/workdays.yaml."""
    names = ("on", "works", "name", "source")
    own, days = Reader(HOME, mistakes=reader.mistakes), {}
    for node in own.items(own.open("workdays.yaml")):
        values = own.entries(node, names)
        if values is None:
            continue
        told = {name: own.value(Workday._meta.get_field(name), values[name]) for name in names if name in values}
        if missing := [name for name in names if name not in told]:
            own.wrong(node, f"缺少 {'、'.join(missing)}")
        elif told["on"] in days:
            own.wrong(node, f"{told['on']} 出现了两次")
        elif told["on"]:
            days[told["on"]] = Workday(**told)
    if days and not own.mistakes:
        Workday.objects.exclude(on__in=days).delete()
        Workday.objects.bulk_create(
            days.values(), update_conflicts=True, unique_fields=["on"], update_fields=["works", "name", "source"]
        )


def load_ground(reader: Reader) -> None:
    """pack.yaml and districts.yaml: a tree whose first node is the pack's root."""
    if not (reader.folder / "pack.yaml").exists():
        reader.file = reader.shown(reader.folder)
        reader.wrong(None, "这个文件夹里没有 pack.yaml，不是一个规则包")
        return
    node = reader.open("pack.yaml")
    about = reader.entries(node, GROUND) if not reader.mistakes else None
    if about is None:
        return
    told = {name: reader.value(Pack._meta.get_field(name), about[name]) for name in GROUND if name in about}
    file = reader.file
    tree = reader.open("districts.yaml")
    roots = reader.items(tree)
    if len(roots) != 1:
        reader.wrong(tree, "应只有一个根区划，其他写在它的 children 下")
    if reader.mistakes:
        return
    pack = Pack.objects.filter(code=told.get("code")).select_related("root").first() or Pack()
    kept: list[District] = []
    plant(reader, roots[0], None, kept, old_root=pack.root if pack.pk else None)
    if reader.mistakes:
        return
    reader.file = file
    save_pack(reader, pack, {"name_en": "", "bureau_en": "", **told, "root": kept[0]}, node, about)
    if reader.pack:
        for district in District.objects.below(kept[0]).exclude(pk__in=[d.pk for d in kept]).order_by("depth"):
            reader.gone.append((DISTRICTS, district, reader.shown(reader.folder / "districts.yaml")))


DISTRICTS = Section("districts", District, ("code",), DISTRICT, owner="parent")


def save_pack(reader: Reader, pack: Pack, told: dict, node, about) -> None:
    fresh = pack.pk is None or any(getattr(pack, name) != value for name, value in told.items())
    for name, value in told.items():
        setattr(pack, name, value)
    before = len(reader.mistakes)
    with reader.reporting(node, about):
        pack.full_clean()
    if len(reader.mistakes) > before:
        return
    if fresh:
        pack.save()
        reader.changed += 1
    reader.pack = pack


def plant(reader: Reader, node: yaml.Node, parent: District | None, kept: list[District], *, old_root, path="") -> None:
    """One district with all below it; depth, order and ancestry are derived from where it stands."""
    values = reader.entries(node, [*DISTRICT, "children"])
    if values is None:
        return
    columns = District._meta
    before = len(reader.mistakes)
    told = {name: reader.value(columns.get_field(name), values[name]) for name in DISTRICT if name in values}
    if len(reader.mistakes) > before:
        return
    if any(d.code == told.get("code") for d in kept):
        reader.wrong(node, f"区划代码 {told['code']} 出现了两次")
        return
    district = District.objects.filter(code=told.get("code")).first() or District()
    if district.pk and not (old_root and District.objects.below(old_root).filter(pk=district.pk).exists()):
        reader.wrong(values["code"], f"区划代码 {told['code']} 已属于另一个规则包")
        return
    path = f"{path}{sum(d.parent_id == getattr(parent, 'pk', None) for d in kept):03d}."
    whole = dict.fromkeys(("name_en", "short_name", "short_name_en", "gb_code"), "") | {"documented": True, **told}
    whole |= {"parent": parent, "depth": parent.depth + 1 if parent else 0, "path_order": path}
    fresh = district.pk is None or any(getattr(district, name) != value for name, value in whole.items())
    for name, value in whole.items():
        setattr(district, name, value)
    with reader.reporting(node, values):
        district.full_clean()
    if len(reader.mistakes) > before:
        return
    if fresh:
        district.save()
        reader.changed += 1
    ancestors = [district, *above(parent)]
    Ancestry.objects.filter(node=district).exclude(ancestor__in=ancestors).delete()
    for ancestor in ancestors:
        Ancestry.objects.get_or_create(node=district, ancestor=ancestor)
    kept.append(district)
    for child in reader.items(values.get("children")):
        plant(reader, child, district, kept, old_root=old_root, path=path)


def above(district: District | None) -> list[District]:
    return [] if district is None else [district, *above(district.parent)]
