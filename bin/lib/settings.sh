# shellcheck shell=sh
# Read settings by the same rules as the tool.

# Print the value from the environment, else from .env, else the default.
setting() {
    eval "value=\${$1:-}"
    if [ -z "$value" ] && [ -f .env ]; then
        value=$(LC_ALL=C awk -v NAME="$1" -f bin/lib/env_file.awk .env)
    fi
    printf '%s\n' "${value:-$2}"
}
