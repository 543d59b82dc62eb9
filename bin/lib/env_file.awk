# Print the value of the setting NAME in an env file, by the rules of infra/env_file.py.
# tests/payloads/env_files.json has the cases with which both are tested.
{ text = text $0 "\n" }

END {
    sub(/^\357\273\277/, "", text)  # a byte order mark
    value = ""
    while (skip("[ \t\r\n]+") || text != "") {
        skip("export[ \t]+")
        name = take("[^=# \t\r\n]+")
        skip("[ \t]+")
        found = skip("=") ? read_value() : ""
        skip("[ \t]*#[^\r\n]*")
        skip("[ \t]+")
        if (name == NAME && text ~ /^\r?(\n|$)/) value = found
        skip("[^\n]+")
    }
    print value
}

function read_value(    spaced, found) {
    spaced = skip("[ \t]+")
    if (text ~ /^'/) return unquoted(take("'(\\\\'|[^'])*'"))
    if (text ~ /^"/) return unquoted(take("\"(\\\\\"|[^\"])*\""))
    if (spaced && text ~ /^#/) return ""
    found = take("[^\r\n]*")
    sub(/[ \t]+#.*/, "", found)
    sub(/[ \t]+$/, "", found)
    return found
}

function unquoted(quoted,    found) {
    found = substr(quoted, 2, length(quoted) - 2)
    gsub(/\\\\/, "\001", found)
    gsub(/\\'/, "'", found)
    gsub(/\\"/, "\"", found)
    gsub(/\001/, "\\", found)
    return found
}

# Remove what matches at the beginning of the text, and return it.
function take(pattern,    taken) {
    if (!match(text, "^(" pattern ")")) return ""
    taken = substr(text, 1, RLENGTH)
    text = substr(text, RLENGTH + 1)
    return taken
}

function skip(pattern) {
    return take(pattern) != ""
}
