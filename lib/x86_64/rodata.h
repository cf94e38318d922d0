/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* The section of constants, for assembly: the stage is built as PE and as ELF. */
#ifdef _WIN32
#define RODATA_SECTION .rdata, "dr"
#else
#define RODATA_SECTION .rodata, "a"
#endif
