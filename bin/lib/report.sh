# shellcheck shell=sh
# Progress on standard error, logs, and the cause of a failure.

LOGS=.tidemark/logs

# Run a command with its output in the log $1, after `make_folders`.
logged() {
    log=$LOGS/$1.log
    shift
    { rm -f "$log" && touch "$log" && as_owner "$log" &&
        "$@" > "$log" 2>&1 < /dev/null; } 2> /dev/null
}

make_folders() {
    { mkdir -p "$LOGS" && as_owner .tidemark "$LOGS"; } 2> /dev/null ||
        fail "$(pwd -P)/$LOGS cannot be written."
}

# Print why the command of the log $1 failed: the most useful line, and the log's path.
# tidemark/machine/subprocesses.py does the same for what the tool runs.
cause() {
    log=$LOGS/$1.log
    if no_space_is_left || grep -qi 'no space left on device' "$log" 2> /dev/null; then
        line="No space left on device"
    else
        lines=$(telling_lines "$log") || lines=
        line=$(printf '%s\n' "$lines" | sed -n '/[Ee]rror\|ERROR\|[Ff]ailed\|denied/p' | tail -n 1)
        line=${line:-$(last_line "$lines")}
    fi
    printf '%s (all of it: %s)' "${line:-it printed nothing}" "$(pwd -P)/$log"
}

# Print a log without the numbers and times of BuildKit, and without the lines that say
# only that something failed.
telling_lines() {
    sed 's/^#[0-9]* //
        s/^[0-9.]* //
        /^Encountered errors/d
        /^Service /d
        /did not complete successfully/d' "$1"
} 2> /dev/null

no_space_is_left() {
    [ "$(df -P . | awk 'NR == 2 { print $4 }')" = 0 ]
}

step_begins() {
    began=$(date +%s) step=$1
    if [ -t 2 ]; then
        printf '  %s' "$step" >&2
    else
        echo "$step …" >&2
    fi
}

step_ends() {
    [ ! -t 2 ] || printf '\r✓ %s %s s\n' "$step" "$(($(date +%s) - began))" >&2
}

step_fails() {
    [ ! -t 2 ] || printf '\r\033[K' >&2
    fail "$step failed: $1"
}
