# shellcheck shell=sh
# The tool's container: one for each command, beside the local cloud where that runs.

# Exchanges' recorded messages, which tests read in place where they are there.
RECORDED=$(dirname "$CHECKOUT")/shared/data

# Says what it is at, as long as it is: others wait for that.
run_alone() {
    at_work="$1 (pid $$)"
    shift
    run "$@"
}

refuse_beside_another() {
    refuse_while_busy --filter "label=tidemark.port=$LOCALSTACK_PORT"
}

refuse_while_busy() {
    busy=$(ours tidemark --format '{{.Label "tidemark.command"}}' "$@" | sed '/^$/d' | head -n 1)
    [ -z "$busy" ] || fail "Another command is at work here: $busy. Let it finish."
}

# A command of the tool, or of Python after `--python`.
run() {
    network=$(cloud --quiet | head -n 1)
    TIDEMARK_NETWORK=${network:+container:$network}
    TIDEMARK_NETWORK=${TIDEMARK_NETWORK:-bridge}
    TIDEMARK_CHECKOUT=$CHECKOUT
    TIDEMARK_USER=$(owner)
    export TIDEMARK_NETWORK TIDEMARK_CHECKOUT TIDEMARK_USER
    container=$PROJECT-$$
    if [ "$1" = --python ]; then
        shift
        set -- --entrypoint python tidemark "$@"
    else
        set -- tidemark "$@"
    fi
    for name in $(passed_on); do
        set -- -e "$name" "$@"
    done
    IFS='
'
    for mount in $(mounts "$@"); do
        set -- -v "$mount" "$@"
    done
    unset IFS
    [ -z "${at_work:-}" ] || set -- --label "tidemark.command=$at_work" "$@"
    # Compose may end without its container.
    trap 'docker kill "$container" > /dev/null 2>&1; exit 143' TERM HUP
    if [ -t 0 ] && [ -t 1 ]; then
        on_a_terminal compose run --rm --name "$container" "$@"
    else
        without_announcement compose run --rm --name "$container" -T "$@"
    fi
}

# In rootless Docker, and only there, root inside is who runs it outside.
owner() {
    case $(docker info --format '{{.SecurityOptions}}') in
        *name=rootless*) echo 0:0 ;;
        *) echo "$(id -u):$(id -g)" ;;
    esac
}

# What a command reads outside the checkout lies where it lies on the machine.
mounts() {
    [ ! -d "${HOME:-}/.aws" ] || echo "$HOME/.aws:/tmp/.aws"
    for path in "$(setting TERRAFORM_PLUGIN_DIR '')" "$(given_file "$@")" "$RECORDED" \
        "${AWS_CONFIG_FILE:-}" "${AWS_SHARED_CREDENTIALS_FILE:-}" "${AWS_CA_BUNDLE:-}"; do
        case $path in
            "$CHECKOUT"/*) ;;
            /*) [ ! -e "$path" ] || echo "$path:$path:ro" ;;
        esac
    done
}

# The absolute path of what follows `--file`.
given_file() {
    while [ $# -gt 1 ]; do
        if [ "$1" = --file ] && [ -f "$2" ]; then
            echo "$(cd "$(dirname "$2")" && pwd)/$(basename "$2")"
        fi
        shift
    done
}

# The settings, and what else a command may read of the user's environment.
passed_on() {
    names=$(sed -n 's/^\([A-Z_]*\)=.*/\1/p' .env.example | tr '\n' ' ')
    env | sed -n 's/^\([A-Za-z_]*\)=.*/\1/p' | while read -r name; do
        case " $names" in *" $name "*) echo "$name" ;; esac
        case $name in
            AUTO_APPROVE | COLUMNS | NO_COLOR | UV_DEFAULT_INDEX | *_PROXY | *_proxy) echo "$name" ;;
            AWS_*) echo "$name" ;;
        esac
    done
}

# There the command has both streams on standard output, and Compose alone the other.
on_a_terminal() {
    mkdir -p "$LOGS"
    "$@" 2> "$LOGS/run.log" && return
    status=$?
    drop_announcement < "$LOGS/run.log" >&2
    return "$status"
}

# Elsewhere Compose 1.29 says what it makes among what the command says.
without_announcement() {
    { { { "$@" 2>&1 >&3 3>&- || echo $? >&4; } | drop_announcement >&2; } 4>&1 |
        { read -r status || status=0; return "$status"; }; } 3>&1
}

# Nor its last word, which is the exit status.
drop_announcement() {
    number=
    while IFS= read -r line || [ -n "$line" ]; do
        [ -z "$number" ] || printf '%s\n' "$number"
        number=
        case $line in
            Creating*_run*) ;;
            '' | *[!0-9]*) printf '%s\n' "$line" ;;
            *) number=$line ;;
        esac
    done
}
