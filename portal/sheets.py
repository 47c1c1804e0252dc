"""Excel in: what may be a workbook, and its cells as text. Nothing of the file is trusted, neither sizes nor names."""

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

MB = 1024 * 1024
MEMBERS = 2000
MEMBER = 100 * MB
TOTAL = 200 * MB
RATIO = 100  # of a member over one MB; an honest sheet of a million rows deflates ten to one
ROWS = 20_000
COLUMNS = 100
SECONDS = 60
BOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # what a workbook begins with, the new format and the old
READER = Path(__file__).with_name("sheet_reader.py")


class BadSheet(ValueError):
    """A file that can't be read; the message says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    """The first sheet with anything on it; `others` weren't read."""

    name: str
    rows: list[list[str]]
    others: list[str]


def look_over(file, name: str) -> None:
    """Refuse what isn't a workbook or opens to far more than it weighs. Raises BadSheet."""
    ending = Path(name).suffix.lower()
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if not head:
        raise BadSheet(_("这是空文件。请检查后重新选择。"))
    if ending == ".xlsm":
        raise BadSheet(_("带宏的工作簿（.xlsm）不能收。请另存为 .xlsx 再传。"))
    if ending not in (".xlsx", ".xls", ".csv"):
        raise BadSheet(_("请上传 Excel 工作簿（.xlsx 或 .xls）或 CSV 文件。"))
    if ending == ".csv":
        look_over_text(file, head)
        return
    if head.startswith(b"\xd0\xcf\x11\xe0"):  # the old format, or a new one behind a password
        if b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e" in file.read():
            raise BadSheet(_("工作簿加了密码。请去掉密码再传。"))
        file.seek(0)
        return
    if not head.startswith(b"PK"):
        raise BadSheet(_("内容不是 Excel 工作簿（只改扩展名不行）。请用 Excel 或 WPS 打开后另存为 .xlsx。"))
    try:
        with zipfile.ZipFile(file) as archive:
            look_into(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, BadSheet):
            raise
        raise BadSheet(_("工作簿打不开，可能没有传完整。请重新保存后再传。")) from error
    finally:
        file.seek(0)


def look_over_text(file, head: bytes) -> None:
    """A file of commas: text in an encoding that Excel writes, not a workbook with another ending."""
    if head.startswith(BOOKS):
        raise BadSheet(_("内容是 Excel 工作簿，不是 CSV。请把扩展名改回 .xlsx 或 .xls 再传。"))
    content = file.read()
    file.seek(0)
    if encoding_of(content) is None:
        raise BadSheet(_("CSV 的文字编码认不出来。请用 Excel 打开后另存为“CSV UTF-8”，或另存为 .xlsx。"))


def encoding_of(content: bytes) -> str | None:
    """How a file of commas is written: as Excel does with a mark at its beginning, else UTF-8, else GBK with all that
    GB 18030 adds to it."""
    if content.startswith(b"\xff\xfe"):
        return "utf-16"
    if b"\0" in content:
        return None
    for name in ("utf-8-sig", "gb18030"):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None


def look_into(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [m.filename for m in members]
    if len(members) > MEMBERS or len(set(names)) < len(names):
        raise BadSheet(_("工作簿的内部结构不正常。请复制到新的工作簿里再传。"))
    if any(".." in n.split("/") or n.startswith("/") for n in names) or "xl/workbook.xml" not in names:
        raise BadSheet(_("内容不是 Excel 工作簿。请用 Excel 或 WPS 打开后另存为 .xlsx。"))
    lower = [n.lower() for n in names]
    if any(n.endswith("vbaproject.bin") for n in lower):
        raise BadSheet(_("工作簿里有宏。请另存为不带宏的 .xlsx 再传。"))
    if any(n.startswith(("xl/externallinks/", "xl/embeddings/", "xl/activex/")) for n in lower):
        raise BadSheet(_("工作簿里有外部链接或嵌入的对象。请复制为数值后再传。"))
    total = 0
    for member in members:
        total += member.file_size
        thick = member.file_size > MB and member.file_size > RATIO * max(member.compress_size, 1)
        if member.file_size > MEMBER or total > TOTAL or thick:
            raise BadSheet(_("工作簿展开后太大。请只保留要导入的一张表，删去空行空列后再传。"))


def read(path: str) -> Sheet:
    """The cells of a workbook that was looked over. Raises BadSheet."""
    content = Path(path).read_bytes()
    encoding = "" if content.startswith(BOOKS) else encoding_of(content) or ""
    command = [sys.executable, "-I", str(READER), path, str(ROWS), encoding]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True)
        found = json.loads(done.stdout)
        del done
    except subprocess.TimeoutExpired as error:
        raise BadSheet(_("读这个工作簿用的时间太长。请只保留要导入的一张表再传。")) from error
    except (subprocess.CalledProcessError, ValueError) as error:
        raise BadSheet(_("工作簿读不出来，可能已损坏，或展开后太大。请用 Excel 或 WPS 另存为 .xlsx 再传。")) from error
    told = {
        "columns": _("CSV 的分列读不出来：引号没有成对，或一格太长。请用 Excel 打开后另存为 .xlsx 再传。"),
        "password": _("工作簿加了密码。请去掉密码再传。"),
        "rows": _("一次最多导入 %(limit)s 行。请分成几个文件。") % {"limit": ROWS},
        "empty": _("工作簿里没有内容。"),
        "no sheet": _("工作簿里没有看得见的工作表。"),
    }
    if problem := found.get("problem"):
        raise BadSheet(told[problem])
    same: dict[str, str] = {}  # half of what stands in a ledger stands there twice
    rows = [[same.setdefault(cell, cell) for cell in row] for row in found["rows"]]
    return Sheet(found["sheet"], rows, found["others"])
