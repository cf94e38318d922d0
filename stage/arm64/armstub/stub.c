/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The stage as the stub of a Raspberry Pi: the firmware's last step, at EL3, where
 * the resident stays.  The kernel gets EL2, and PSCI by SMC.
 */
#include <baton/arm64/registers.h>
#include <baton/string.h>
#include "stage/arm64/console.h"
#include "stage/arm64/handover.h"
#include "stage/say.h"
#include "lib/arm64/cache.h"
#include "board.h"
#include "stub.h"

#define TREE_MAX 0x200000 /* Linux, Documentation/arch/arm64/booting */

/* Implementation-defined registers that are the same in Cortex-A53 and A72. */
#define L2CTLR_EL1 S3_1_C11_C0_2
#define CPUECTLR_EL1 S3_1_C15_C2_1
#define L2CTLR_LATENCY 0x22	/* data and tag RAM: 3 cycles */
#define CPUECTLR_SMPEN (1 << 6) /* coherent with the others, before any cache is on */
#define ACTLR_LOWER 0x73	/* EL2 may write CPUACTLR, CPUECTLR, L2CTLR, L2ECTLR, L2ACTLR */

extern const uint8_t stub_head_resident[]; /* in stub_head.S */
extern const uint64_t stub_head_resident_size;
extern uint64_t stub_head_gate;
extern const uint8_t stub_head_plain_arrive[], stub_head_plain_depart[];

/* Called from stub_head.S: on each CPU, MMU off; and on the first one, MMU on. */
void stub_cpu(void);
const struct way_out *stub_main(uint64_t fdt, uint64_t kernel);

static struct way_out way_out;

void stub_cpu(void)
{
	const struct board *board = board_find(read_register(midr_el1));

	if (!board)
		return;
	board_start(board);
	write_register(cntfrq_el0, board->clock);
	write_register(L2CTLR_EL1, read_register(L2CTLR_EL1) | L2CTLR_LATENCY);
	write_register(actlr_el3, ACTLR_LOWER);
	write_register(CPUECTLR_EL1, CPUECTLR_SMPEN);
	isb();
}

/* They wait at the gate, and read it without caches. */
static void open_gate(uint64_t entry)
{
	stub_head_gate = entry;
	cache_clean(&stub_head_gate, sizeof(stub_head_gate));
	__asm__ volatile("sev" ::: "memory"); /* after the dsb of cache_clean() */
}

static void send_cpus(const struct devicetree_cpus *cpus, uint32_t boot, uint64_t entry)
{
	(void)cpus;
	(void)boot;
	open_gate(entry);
}

/* Check what the firmware has filled in, as far as that is possible. */
static devicetree_error check(uint64_t fdt)
{
	if (fdt < STUB_SIZE)
		return "the firmware has put no device tree behind the stub";
	return devicetree_check((const void *)fdt, TREE_MAX);
}

const struct way_out *stub_main(uint64_t fdt, uint64_t kernel)
{
	const struct handover h = {
		.fdt = (const void *)fdt,
		.kernel = kernel,
		.image = STUB_PAGE,
		.image_end = STUB_SIZE,
		.area = STUB_AREA,
		.area_max = STUB_AREA_MAX,
		.tree = STUB_TREE,
		.tree_max = STUB_TREE_MAX,
		.resident = stub_head_resident,
		.resident_size = stub_head_resident_size,
		.send_cpus = send_cpus,
	};
	devicetree_error error = check(fdt);

	if (!error)
		console_find(h.fdt); /* else there is none */
	if (error || !handover(&h, &way_out)) {
		say("the kernel starts as without baton");
		open_gate((uintptr_t)stub_head_plain_arrive);
		way_out = (struct way_out){
			.entry = (uintptr_t)stub_head_plain_depart, .x0 = kernel, .x1 = fdt};
	}
	return &way_out;
}
