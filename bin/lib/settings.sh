# shellcheck shell=sh
# What the scripts beside this share: settings, and how to fail.

# The environment's value, else .env's, else the default, as the tool itself reads it.
setting() {
    eval "value=\${$1:-}"
    if [ -z "$value" ] && [ -f .env ]; then
        value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$1[[:space:]]*=//p" \
            .env | tail -n 1 | sed 's/[[:space:]]#.*//' | tr -d " \t\r\"'")
    fi
    printf '%s\n' "${value:-$2}"
}

last_line() {
    printf '%s\n' "$1" | sed '/^[[:space:]]*$/d' | tail -n 1
}

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}
