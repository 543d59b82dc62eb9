# shellcheck shell=sh
# The settings, as the tool reads them.

# The environment's value, else .env's, else the default.
setting() {
    eval "value=\${$1:-}"
    if [ -z "$value" ] && [ -f .env ]; then
        value=$(LC_ALL=C awk -v NAME="$1" -f bin/lib/env_file.awk .env)
    fi
    printf '%s\n' "${value:-$2}"
}
