#!/usr/bin/env sh
# Make up the secrets that are missing in deploy/secrets; those that are there stay as they are.
# The folder is closed to others; the files are readable, since Docker gives them to accounts that differ by container.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets

word() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
keep() {
  if [ -e "$1" ]; then echo "保留 kept      deploy/secrets/$1"; cat >/dev/null; else cat >"$1"; echo "新建 created   deploy/secrets/$1"; fi
  chmod 444 "$1"
}

printf %s "$(word)$(word)" | keep secret_key
printf %s "$(word)$(word)" | keep data_key
printf %s "$(word)$(word)" | keep index_key
printf %s "$(word)" | keep database_password
redis=$(sed -n 's/^requirepass //p' redis_password 2>/dev/null || true)
redis=${redis:-$(word)}
printf 'requirepass %s\nrename-command FLUSHALL ""\nrename-command FLUSHDB ""\nrename-command CONFIG ""\n' "$redis" | keep redis_password
printf %s "redis://:$redis@redis:6379/0" | keep redis_url
printf %s "${EMAIL_URL:-consolemail:}" | keep email_url
for name in tls_certificate tls_key; do
  [ -e "$name" ] || echo "缺少 missing   deploy/secrets/$name（PEM）"
done
