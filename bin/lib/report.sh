# shellcheck shell=sh
# How it goes: steps on standard error, logs, and why something failed.

LOGS=.tidemark/logs

# Run a command that is only worth reading where it fails.
logged() {
    log=$LOGS/$1.log
    shift
    mkdir -p "$LOGS" && "$@" > "$log" 2>&1 < /dev/null
}

cause() {
    log=$LOGS/$1.log
    # Without BuildKit's numbers and times, and what says only that something failed.
    said=$(sed 's/^#[0-9]* //; s/^[0-9.]* //' "$log" |
        grep -v "^Encountered errors\|^Service '\|did not complete successfully")
    line=$(printf '%s\n' "$said" | grep -i 'error\|failed\|denied' | tail -n 1)
    if grep -qi 'no space left on device' "$log"; then
        line="No space left on device"
    fi
    printf '%s (all of it: %s)' "${line:-$(last_line "$said")}" "$CHECKOUT/$log"
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
