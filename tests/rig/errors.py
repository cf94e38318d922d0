# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
"""The errors that the rig raises itself; their text is one line for the user."""


class Unavailable(Exception):
    """This host lacks what a test needs: the test is skipped, and the text is the reason."""


class Misused(Exception):
    """A test, or an option, is wrong: the program ends, and the text says what is wrong where."""


class Broken(Exception):
    """A program that the rig called has failed: the test has failed, too."""
