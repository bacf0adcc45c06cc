# What the tests of the commands that work on the store share. $TANDEM is the program; each test has
# a store of its own, $store. To be read with "."; then ends() says how many passed.
: "${TANDEM:=$PWD/build-test/tandem}"
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
store="lmdb:$work/store"
# Central Europe, by rule and without a table: summer from the last Sunday of March, winter from that
# of October
export TZ=CET-1CEST,M3.5.0,M10.5.0/3
unset XDG_STATE_HOME
export HOME="$work/home"

# verdict SENTENCE STATUS: counts one test; STATUS 0 means that what it says is so.
verdict() {
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        sed 's/^/  out: /' "$work/out" | head -n 20
        sed 's/^/  err: /' "$work/err" | head -n 20
    fi
}

# run STATUS SENTENCE ARGUMENT...: the program, given $work/in, ends with STATUS.
run() {
    expected=$1
    sentence=$2
    shift 2
    timeout 120 "$TANDEM" "$@" >"$work/out" 2>"$work/err" <"$work/in"
    status=$?
    [ "$status" -eq "$expected" ]
    verdict "$sentence: exit status $expected, not $status" $?
}

# says SENTENCE LINE...: standard output is these lines, and standard error is empty.
says() {
    sentence=$1
    shift
    printf '%s\n' "$@" | diff - "$work/out" >>"$work/err" && [ ! -s "$work/err" ]
    verdict "$sentence" $?
}

# fails SENTENCE LINE: standard error is this one line, and standard output is empty.
fails() {
    [ "$(cat "$work/err")" = "tandem: $2" ] && [ ! -s "$work/out" ]
    verdict "$1" $?
}

# json SENTENCE EXPRESSION: what was printed last is JSON, and EXPRESSION is true of o.
json() {
    python3 -c "import json, sys; o = json.load(open(sys.argv[1])); sys.exit(not ($2))" \
        "$work/out" 2>>"$work/err"
    verdict "$1" $?
}

# wrong COMMAND ARGUMENT...: wrong usage, told in one line that names the help.
wrong() {
    run 2 "usage: tandem $*" "$@"
    [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" -eq 1 ] &&
        grep -q "^tandem: $1.*tandem $1 --help" "$work/err"
    verdict "one line says what is wrong: tandem $*" $?
}

# helps COMMAND: tells what it does, and is in the list of commands.
helps() {
    run 0 "help of the command" "$1" --help
    grep -q '^Exit status: 0 ' "$work/out"
    verdict "tells the exit statuses" $?
    run 0 "help" help
    grep -q "^  $1 " "$work/out"
    verdict "names the command" $?
}

ends() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

: >"$work/in"
