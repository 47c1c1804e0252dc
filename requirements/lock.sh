#!/usr/bin/env bash
# Compile the locks: hashes in, no registry address in. Needs uv; only whoever changes a dependency runs it.
set -euo pipefail
cd "$(dirname "$0")"
options=(--quiet --generate-hashes --no-emit-index-url --no-header --no-config --python-version 3.11)
for name in runtime test node bench; do
  uv pip compile "$name.in" -o "$name.txt" --universal "${options[@]}" "$@"
done
uv pip compile --no-deps ../servers/redis.in -o ../servers/redis.txt "${options[@]}" "$@"
if grep -nE 'https?://' ./*.txt ../servers/redis.txt; then
  echo "a lock names a registry address" >&2
  exit 1
fi
