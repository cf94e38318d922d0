/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "probe/end.h"
#include <efi.h>
#include "probe/options.h"
#include "probe/time.h"
#include "boot.h"
#include "x86.h"

#define RESET_CONTROL 0xcf9 /* of PC chipsets since PCI */
#define RESET_HARD 0x06
#define GRACE_US 1000000

/* By the firmware, by the chipset, and, if neither works, by a triple fault. */
static _Noreturn void reset(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) none = {0, 0};
	EFI_RUNTIME_SERVICES *runtime = boot_info.runtime;

	if (runtime)
		runtime->ResetSystem(EfiResetCold, EFI_SUCCESS, 0, NULL);
	out8(RESET_CONTROL, RESET_HARD);
	time_delay_us(GRACE_US);
	__asm__ volatile("lidt %0; int3" : : "m"(none));
	__builtin_unreachable();
}

void end_probe(void)
{
	if (options.reset)
		reset();
	for (;;)
		__asm__ volatile("cli; hlt");
}
