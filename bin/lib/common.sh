# shellcheck shell=sh
# What the scripts share: what is on this machine, and how to fail.

# There while a local cloud of this checkout runs in a container, for all that is known.
# shellcheck disable=SC2034  # used where this is read
IN_A_CONTAINER=.tidemark/in-a-container

python_is_here() {
    python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' > /dev/null 2>&1
}

last_line() {
    printf '%s\n' "$1" | sed '/^[[:space:]]*$/d' | tail -n 1
}

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}
