# shellcheck shell=sh
# What the scripts share: settings, what is on this machine, and how to fail.

# The environment's value, else .env's, else the default, as the tool itself reads it.
setting() {
    eval "value=\${$1:-}"
    if [ -z "$value" ] && [ -f .env ]; then
        value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$1[[:space:]]*=[[:space:]]*//p" \
            .env | tail -n 1 | tr -d '\r' | unquoted)
    fi
    printf '%s\n' "${value:-$2}"
}

# What stands between quotes; without any, what stands before a comment.
unquoted() {
    sed "s/^'\([^']*\)'.*/\1/
        t
        s/^\"\([^\"]*\)\".*/\1/
        t
        s/[[:space:]]#.*//
        s/[[:space:]]*\$//"
}

# There while a local cloud of this checkout runs in a container, for all that is known.
# shellcheck disable=SC2034  # used where this is read
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
