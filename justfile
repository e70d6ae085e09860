# The project's commands. They use the tools of the active environment, which `pip install -e '.[dev]'` brings.

set shell := ["bash", "-euo", "pipefail", "-c"]

words := "guest_examples/count_words/c/count_words"
hello := "guest_examples/hello_world"
text := "guest_examples/quickstart/text.txt"

# List the recipes.
default:
    @just --list --unsorted

# Build every guest written in C, each beside its source: the examples, the probe and others that the tests drive.
guests:
    for source in guest_examples/*/c/*.c sdk/c/probe/*.c tests/guests/c/*/*.c; do python3 sdk/c/wardian-cc "$source"; done

# Compile what the quickstart's pipeline is made of, and copy a text that every Python has for it to read.
quickstart:
    @for name in split_words measure_words average; do python3 sdk/c/wardian-cc guest_examples/$name/c/$name.c; done
    @cp "$(python3 -c 'import importlib.util as u; print(u.find_spec("pydoc_data.topics").origin)')" {{ text }}.new
    @mv {{ text }}.new {{ text }}

# Count the words of a text that every Python has with the example plugin; its totals go on from run to run.
words:
    @python3 sdk/c/wardian-cc {{ words }}.c
    @text=$(python3 -c 'import importlib.util as u; print(u.find_spec("pydoc_data.topics").origin)'); \
        echo "The words of $text:"; \
        wardian call {{ words }}.wasm count "@$text" --text --grant state --receipt

# Run the task of the example plugin that greets; words go to the task: `just hello --var name=Bob`.
hello *WORDS:
    @python3 sdk/c/wardian-cc {{ hello }}/c/hello_world.c
    @cd {{ hello }} && wardian task hello-world {{ WORDS }}

# Everything that must pass before a change is shared; CI runs this and nothing else.
check: lint (test "-n" "2")

# Rules, format, types, layers.
lint:
    ruff check
    ruff format --check
    mypy
    lint-imports --no-logo

# The tests; arguments go to pytest: `just test -k deadline`.
test *ARGS:
    python3 -m pytest {{ ARGS }}

# Take each guard of the sandbox out, one at a time, and see its tests fail; words choose some: `just guards cache`.
guards *WORDS:
    python3 tests/guards.py {{ WORDS }}

# Do all that a runtime does, then run a hundred pipelines; nothing grows: ten minutes each, or `just soak --seconds 60`.
soak *ARGS:
    python3 tests/soak.py {{ ARGS }}
    python3 tests/crowd.py {{ ARGS }}

# Mend what can be mended by itself: format, order of imports.
format:
    ruff check --fix
    ruff format

# Write the tables of wasmtime's C functions anew, after a change of their declarations.
native:
    python3 -m wardian.sandbox.prototypes

# Measure speed and size against their budgets, on an idle machine: `just bench --only fresh_call`, `just bench --list`.
bench *ARGS:
    python3 tests/bench/run.py {{ ARGS }}

# Measure plugins in each language, and write the table of docs/languages.md.
bench-languages *ARGS:
    python3 tests/bench/languages.py --page docs/languages.md {{ ARGS }}

# Install the compilers that the tests of the SDKs need and that are not there.
toolchains *LANGUAGES:
    python3 tests/toolchains.py {{ LANGUAGES }}
