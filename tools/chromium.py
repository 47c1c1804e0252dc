"""A Chromium for the browser tests: the locked package's, unpacked once into `var/`, or the machine's."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from tools.processes import Problem
from tools.servers import ROOT, SYSTEM_SERVERS

PACKAGE = ROOT / "tests/browser/node_modules/@sparticuz/chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome")


def environment() -> dict[str, str]:
    """Return CHROMIUM, its path, and CHROMIUM_ENV, the JSON of the variables to start it with."""
    if os.environ.get("CHROMIUM"):
        return {"CHROMIUM_ENV": os.environ.get("CHROMIUM_ENV", "{}")}
    installed = next((found for name in NAMES if (found := shutil.which(name))), None)
    if SYSTEM_SERVERS and installed:
        return {"CHROMIUM": installed, "CHROMIUM_ENV": "{}"}
    if not PACKAGE.exists():
        raise Problem(
            "没有 Chromium：请安装，或用 CHROMIUM=路径 指定。"
            "There is no Chromium: install one, or set CHROMIUM to its path."
        )
    home = unpacked()
    extra = {"LD_LIBRARY_PATH": str(home / "al2023/lib"), "FONTCONFIG_FILE": str(home / "fonts.conf")}
    return {"CHROMIUM": str(home / "chromium"), "CHROMIUM_ENV": json.dumps(extra)} | node_for_playwright()


def unpacked() -> Path:
    """Return the folder of the unpacked browser; it gets its name when it is whole, so two runs may race."""
    version = json.loads((PACKAGE / "package.json").read_text())["version"]
    home = ROOT / "var" / f"chromium-{version}"
    if not home.exists():
        draft = home.with_name(f"{home.name}.{os.getpid()}")
        draft.mkdir(parents=True)
        done = subprocess.run(
            ["node", ROOT / "tests/browser/unpack.mjs"],
            env=os.environ | {"TMPDIR": str(draft)},
            capture_output=True,
            text=True,
        )
        if done.returncode or not (draft / "chromium").exists():
            shutil.rmtree(draft)
            raise Problem(f"Chromium 解包失败（unpacking failed）：\n{done.stdout}{done.stderr}")
        (draft / "fonts.conf").write_text(fonts(home))
        try:
            draft.rename(home)
        except OSError:  # the other one was quicker
            shutil.rmtree(draft)
    return home


def fonts(home: Path) -> str:
    """Return a font configuration. Without any font text has no size, and Playwright takes it for hidden."""
    folders = "".join(f"<dir>{folder}</dir>" for folder in (home / "fonts", "/usr/share/fonts"))
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig>{folders}<cachedir>{home}/fonts-cache</cachedir></fontconfig>\n"
    )


def node_for_playwright() -> dict[str, str]:
    """Return the Node to drive Playwright: the one in its wheel wants libatomic, which may be missing."""
    node = shutil.which("node")
    return {"PLAYWRIGHT_NODEJS_PATH": node} if node and not os.environ.get("PLAYWRIGHT_NODEJS_PATH") else {}
