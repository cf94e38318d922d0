# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""What the tests of inspect, ledger and report share: inputs and wanted outputs.

Inputs are in tests/cli/data: NAME.hex and NAME.base64 are the bytes of a file,
NAME.dts are compiled by dtc.  What the command shall print is in tests/cli/golden, one file
for each call; UPDATE=1 in the environment writes them anew, to be read before
they are committed.
"""

import base64
import difflib
import json
import os
import subprocess

from rig.command import baton

HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(HERE, "../../docs")
SPDX = "# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later\n"
UPDATE = os.environ.get("UPDATE") == "1"


def hex_file(name):
    """The bytes of tests/cli/data/NAME.hex."""
    with open(f"{HERE}/data/{name}.hex", encoding="ascii") as f:
        return bytes.fromhex("".join(line for line in f if not line.startswith("#")))


def data_file(name):
    """The bytes of tests/cli/data/NAME.base64."""
    with open(f"{HERE}/data/{name}.base64", encoding="ascii") as f:
        return base64.b64decode("".join(line for line in f if not line.startswith("#")))


def device_tree(name, folder):
    """Compile tests/cli/data/NAME.dts; the file in the folder."""
    subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", f"{folder}/{name}.dtb",
                    f"{HERE}/data/{name}.dts"], check=True)
    return f"{name}.dtb"


def write(folder, name, data):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return name


def compare(name, text):
    """The text is what golden/NAME has."""
    path = f"{HERE}/golden/{name}"
    text = SPDX + text
    if UPDATE:
        os.makedirs(f"{HERE}/golden", exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
    with open(path, encoding="utf-8") as f:
        wanted = f.read()
    difference = "\n".join(difflib.unified_diff(
        wanted.splitlines(), text.splitlines(), f"golden/{name}", "printed", lineterm=""))
    assert text == wanted, difference


def golden(name, folder, *words, code=0):
    """Called with these words in the folder, the command prints what golden/NAME has."""
    result = baton(*words, code=code, folder=folder)
    text = f"$ baton {' '.join(words)}\n{result.stdout}"
    if result.stderr:
        text += f"[stderr]\n{result.stderr}"
    compare(name, text + (f"[exit code {code}]\n" if code else ""))


def schema(name):
    """The validator of docs/NAME.schema.json."""
    import jsonschema

    schemas = {}
    for each in ("inspect", "ledger"):
        with open(f"{DOCS}/{each}.schema.json", encoding="utf-8") as f:
            schemas[f"{each}.schema.json"] = json.load(f)
            jsonschema.Draft7Validator.check_schema(schemas[f"{each}.schema.json"])
    wanted = schemas[f"{name}.schema.json"]
    return jsonschema.Draft7Validator(
        wanted, resolver=jsonschema.RefResolver("", wanted, store=schemas))


def conforms(name, *words, folder=None, code=0):
    """The command prints JSON that keeps to the schema; what it says."""
    said = json.loads(baton(*words, code=code, folder=folder).stdout)
    errors = [f"{list(error.path)}: {error.message}" for error in schema(name).iter_errors(said)]
    assert not errors, "\n".join(errors[:10])
    return said
