/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The memory of the stub, from address 0, where the firmware loads it.  The file
 * is as long, so that neither a device tree nor an initrd is put there; kernels are
 * loaded behind it.  Shared by C and assembly.
 *
 *	0x00000	the first page: what the firmware and a plain kernel know, the way in
 *	0x01000	code, data, stacks
 *	0x30000	the area
 *	0x50000	the changed device tree
 */
#ifndef STAGE_ARM64_ARMSTUB_STUB_H
#define STAGE_ARM64_ARMSTUB_STUB_H

#define STUB_OWN_SIZE 0x30000
#define STUB_AREA 0x30000
#define STUB_AREA_MAX 0x20000
#define STUB_TREE 0x50000
#define STUB_TREE_MAX 0x30000
#define STUB_SIZE 0x80000

#define STUB_PAGE 0x1000 /* of the device tree's /memreserve/: a plain kernel leaves it alone */
#define STUB_CPUS 4
#define STUB_STACK_SIZE 0x1000

/* In the first page, as in the stub of the firmware itself. */
#define STUB_SPIN_TABLE 0xd8 /* a release address for each CPU */
#define STUB_MAGIC_AT 0xf0   /* the last of them, too: the firmware clears it */
#define STUB_MAGIC 0x5afe570b
#define STUB_FDT 0xf8 /* 32-bit words, which the firmware fills in */
#define STUB_KERNEL 0xfc

#endif /* STAGE_ARM64_ARMSTUB_STUB_H */
