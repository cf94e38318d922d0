# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""A flattened device tree, read without libfdt: Devicetree Specification 0.4, chapter 5.

Used by test_trees, whose answers have to be other ones than the command's.
"""

import struct

MAGIC = 0xD00DFEED
BEGIN_NODE, END_NODE, PROPERTY, NOP, END = 1, 2, 3, 4, 9


class Node:
    """A node: its name, its properties (bytes), the nodes in it by their names."""

    def __init__(self, name):
        self.name, self.properties, self.nodes = name, {}, {}

    def string(self, name):
        """The first string of a property; None without it."""
        value = self.properties.get(name)
        return None if value is None else value.split(b"\0")[0].decode("ascii")

    def strings(self, name):
        return self.properties.get(name, b"").decode("ascii").split("\0")[:-1]


def text_at(data, at):
    """The string at an offset, which ends with a zero byte."""
    return data[at:data.index(b"\0", at)].decode("ascii")


def read(path):
    """The root of the tree in a file."""
    with open(path, "rb") as f:
        data = f.read()
    magic, _, at, names = struct.unpack_from(">4L", data)
    assert magic == MAGIC, path
    open_nodes = [Node("")]
    while True:
        token, = struct.unpack_from(">L", data, at)
        at += 4
        if token == BEGIN_NODE:
            node = Node(text_at(data, at))
            open_nodes[-1].nodes[node.name] = node
            open_nodes.append(node)
            at += len(node.name) + 1
        elif token == END_NODE:
            open_nodes.pop()
        elif token == PROPERTY:
            length, name = struct.unpack_from(">2L", data, at)
            open_nodes[-1].properties[text_at(data, names + name)] = data[at + 8:at + 8 + length]
            at += 8 + length
        elif token == END:
            return open_nodes[0].nodes[""]
        else:
            assert token == NOP, f"{path}: token {token}"
        at = (at + 3) & ~3
