# shellcheck shell=sh
# Run each command of the tool in a container, in the network of the local cloud.

# Recorded messages of exchanges; tests read them there if they exist.
RECORDED=$(dirname "$CHECKOUT")/shared/data

# Run the command $1 with a label, so that other commands see that it is running.
run_alone() {
    label="$1 (container $PROJECT-$$)"
    shift
    run "$@"
}

refuse_beside_another() {
    refuse_while_busy --filter "label=tidemark.port=$LOCALSTACK_PORT"
}

refuse_while_busy() {
    busy=$(service tidemark --format '{{.Label "tidemark.command"}}' "$@" | sed '/^$/d' | head -n 1)
    [ -z "$busy" ] || fail "Another command is running here: $busy. Wait until it has finished."
}

# Run a command of the tool, or of Python after `--python`.
run() {
    network=$(cloud --quiet | head -n 1)
    TIDEMARK_NETWORK=${network:+container:$network}
    TIDEMARK_NETWORK=${TIDEMARK_NETWORK:-bridge}
    TIDEMARK_USER=$(user)
    # Compose 5 would print its progress between the lines of the command.
    COMPOSE_PROGRESS=quiet
    export TIDEMARK_NETWORK TIDEMARK_USER COMPOSE_PROGRESS
    mounts=$(mounts "$@")
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
    for mount in $mounts; do
        set -- -v "$mount" "$@"
    done
    unset IFS
    [ -z "${label:-}" ] || set -- --label "tidemark.command=$label" "$@"
    container=$PROJECT-$$
    if [ -t 0 ] && [ -t 1 ]; then
        stop_on_signals "1"
        on_a_terminal compose run --rm --name "$container" "$@"
    else
        # In the background: a shell handles signals only while it waits.
        stop_on_signals "1 2 3"
        { without_a_terminal compose run --rm --name "$container" -T "$@" <&3 3<&- & } 3<&0
        wait $!
    fi
}

# Stop the container when this script is stopped. Compose may not have started it yet,
# hence the tries, a second apart.
stop_on_signals() {
    tries=$1
    trap 'stop 130' INT
    trap 'stop 143' TERM HUP
}

stop() {
    trap '' INT TERM HUP
    for try in $tries; do
        [ "$try" = 1 ] || sleep 1
        ! docker stop --time 75 "$container" > /dev/null 2>&1 || break
    done
    exit "$1"
}

# Print the user and group of the container. In rootless Docker, the user is root inside.
user() {
    case $(docker info --format '{{.SecurityOptions}}') in
        *name=rootless*) echo 0:0 ;;
        *) if [ "$(id -u)" = 0 ]; then owner; else echo "$(id -u):$(id -g)"; fi ;;
    esac
}

# Print the owner of the checkout: root in the container could not write to it either.
owner() {
    # shellcheck disable=SC2012  # the options of stat differ between systems
    ls -nd . | awk '{ print $3 ":" $4 }'
}

# Give files that a script has created to the owner of the checkout, if root runs it.
as_owner() {
    [ "$(id -u)" != 0 ] || chown "$(owner)" "$@"
}

# Print a mount for each path outside the checkout that the command reads.
mounts() {
    [ ! -d "${HOME:-}/.aws" ] || ! is_for_aws "$1" || echo "$HOME/.aws:/tmp/.aws"
    {
        given_files "$@"
        setting TERRAFORM_PLUGIN_DIR ''
        case $1 in --python) echo "$RECORDED" ;; esac
        env | sed -n 's/^AWS_[A-Z0-9_]*=//p'
    } | while read -r path; do
        case $path in
            "$CHECKOUT"/*) ;;
            /*) [ ! -e "$path" ] || echo "$path:$path:ro" ;;
        esac
    done
}

is_for_aws() {
    case $1 in deploy | plan | destroy) return 0 ;; esac
    [ "$(setting TARGET local)" = aws ]
}

# Return 0 if `--file` names a missing file: the tool reports it.
lacks_its_file() {
    [ "${2:-}" = --file ] && [ "${3:-}" != - ] && [ ! -f "${3:-}" ]
}

# Return 0 for `channels add`, and for `read` with `-` among its files.
reads_its_input() {
    [ "$1 ${2:-}" != "channels add" ] || return 0
    [ "$1" = read ] || return 1
    for file; do
        [ "$file" != - ] || return 0
    done
    return 1
}

# Print the absolute paths of the files that `read` names, or of the one that follows
# `--file`.
given_files() {
    if [ "$1" = read ]; then
        shift
        for file; do
            [ ! -f "$file" ] || absolute "$file"
        done
        return
    fi
    while [ $# -gt 1 ]; do
        if [ "$1" = --file ] && [ -f "$2" ]; then
            absolute "$2"
        fi
        shift
    done
}

absolute() {
    echo "$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
}

# Print the names of the variables that the container is given: the settings, and what
# else a command reads from the environment.
passed_on() {
    names=$(sed -n 's/^\([A-Z_]*\)=.*/\1/p' .env.example | tr '\n' ' ')
    env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p' | while read -r name; do
        case " $names" in *" $name "*) echo "$name" ;; esac
        case $name in
            AUTO_APPROVE | AWS_* | COLUMNS | E2E_TRADES | FEED_URL_* | NO_COLOR) echo "$name" ;;
            # What a file of trades does not say.
            TIME | PRICE | VOLUME | SIDE | ID | SYMBOL | EXCHANGE) echo "$name" ;;
            ZONE | DATES | DECIMAL | INTERVAL | MARKET) echo "$name" ;;
            UV_DEFAULT_INDEX | *_PROXY | *_proxy) echo "$name" ;;
        esac
    done | sort -u
}
