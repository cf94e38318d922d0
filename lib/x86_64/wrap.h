/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * A wrapped kernel: a Linux bzImage with the stage in front of its
 * protected-mode part.  Any Linux loader accepts it as a kernel.
 *
 *	setup sectors			the payload's, with some header fields changed
 *	protected-mode part
 *	    the blob			the stage, position-independent
 *	    the saved parts		the payload's own setup sectors, and the bytes after
 *					its protected-mode part (a signature)
 *	    0 up to stage_size		a multiple of the payload's kernel_alignment
 *	    the payload's own		protected-mode part, as it was
 *	perhaps a signature
 *
 * The payload is the kernel that was wrapped.  Its protected-mode part runs where
 * the loader has put it, stage_size behind the blob; so init_size is larger by
 * that.  Nothing lies behind it, since it takes its memory there to be free.
 *
 * "baton wrap" makes such files, "baton unwrap" restores the payload, and the
 * blob reads its own struct baton_wrap.
 */
#ifndef LIB_X86_64_WRAP_H
#define LIB_X86_64_WRAP_H

/*
 * The blob's entries, as offsets from its start.  They are those of the boot
 * protocol.  The header's handover_offset sets the handover entry's, the PE header
 * the PE entry's.
 */
#define WRAP_ENTRY32 0
#define WRAP_INFO 0x40
#define WRAP_ENTRY64 0x200
#define WRAP_HANDOVER 0x600
#define WRAP_PE_ENTRY 0x700

#define WRAP_STAGE_SIZE 20 /* in struct baton_wrap */

#define WRAP_MAGIC "BATNWRAP"
#define WRAP_VERSION 1

/* flags */
#define WRAP_VERBOSE 1

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/*
 * At WRAP_INFO of the blob; sizes in bytes, offsets from the start of the blob.
 * The build fills in the first group, "baton wrap" the rest.
 */
struct baton_wrap {
	char magic[8];
	uint32_t version;
	uint32_t blob_size;  /* all of it, zero-initialised data included */
	uint32_t text_size;  /* code and constants, whole pages; writable data follows */
	uint32_t stage_size; /* offset of the payload's protected-mode part */

	uint32_t payload_size; /* of that part */
	uint32_t saved;	       /* offset of the saved parts: the setup sectors ... */
	uint32_t saved_setup;  /* their size */
	uint32_t saved_tail;   /* ... and behind them the bytes after the payload: their size */
	uint32_t crc32;	       /* of the whole file that was wrapped (ISO 3309, as zlib has it) */
	uint32_t flags;
	uint32_t wait; /* how held CPUs sleep, BATON_WAIT_...; 0: as the processor allows */
};
_Static_assert(WRAP_INFO + sizeof(struct baton_wrap) <= WRAP_ENTRY64, "room between the entries");
_Static_assert(offsetof(struct baton_wrap, stage_size) == WRAP_STAGE_SIZE, "entry.S");

#endif /* __ASSEMBLER__ */
#endif /* LIB_X86_64_WRAP_H */
