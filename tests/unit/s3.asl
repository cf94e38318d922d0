// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
//
// Sleep states as firmware declares them, for the test that hides \_S3:
// its name stands alone, behind \ (WITH_ROOT) or behind ^ (WITH_PARENT).
DefinitionBlock ("s3.aml", "DSDT", 2, "BATON ", "UNITTEST", 1)
{
    Name (_S0, Package () {0, 0, 0, 0})
    Name (\_S4, Package () {2, 2, 0, 0})
#ifdef WITH_ROOT
    Name (\_S3, Package () {1, 1, 0, 0})
#else
#ifdef WITH_PARENT
    Scope (\_SB) {
        Name (^_S3, Package () {1, 1, 0, 0})
    }
#else
    Scope (\) {
        Name (_S3, Package () {1, 1, 0, 0})
    }
#endif
#endif
    // None of these is the sleep state.
    Device (\_SB.DEV0) {
        Name (_HID, "BATN0000")
        Name (_S3D, 3)
        Name (TEXT, "_S3_")
        Name (BUFF, Buffer () {0x5f, 0x53, 0x33, 0x5f, 0x12})
    }
}
