#!/bin/sh
# Make the Python environment of this checkout: venv.sh FOLDER [PYTHON]
set -eu

sorry() {
  printf '%s\n' "$@" >&2
  exit 1
}

folder=$1
enough='import sys; sys.exit(sys.version_info < (3, 11))'
found=
for python in ${2:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
  if "$python" -c "$enough" 2>/dev/null; then
    found=$python
    break
  fi
done
[ -n "$found" ] || sorry \
  '需要 Python 3.11 或更新版本：apt-get install python3 python3-venv，或用 make PY=/path/to/python3 指定。' \
  'Python 3.11 or newer is needed: install it, or name it with make PY=/path/to/python3.'

echo "Python 环境 $folder（$("$found" --version)）"
rm -rf "$folder" 2>/dev/null || sorry \
  "无法改写 $folder：它属于另一用户；请用该用户运行，或另取一份代码。" \
  "Can not replace $folder: it belongs to another user; run as that one, or take a checkout of your own."

# Without its ensurepip (Debian ships it apart) Python leaves half an environment behind.
"$found" -m venv "$folder" >/dev/null || {
  rm -rf "$folder"
  sorry '缺少 Python 的 venv 模块：apt-get install python3-venv' \
    'Python lacks its venv module: install the package python3-venv.'
}
