# shellcheck shell=sh
# Shared by the scripts: a marker file, and functions that find Python and report errors.

# Exists while a local cloud of this checkout may be running in a container.
# shellcheck disable=SC2034  # the scripts that source this file use it
IN_A_CONTAINER=.tidemark/in-a-container

# Sets COMPOSE to how Compose is called, for the scripts that follow, too.
find_compose() {
    if docker compose version; then
        export COMPOSE="docker compose"
    else
        docker-compose version && export COMPOSE=docker-compose
    fi
} > /dev/null 2>&1

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
