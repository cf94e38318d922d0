/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * stage/bzimage: what a loader has put into memory (bootparams.c), the kernel
 * command line (cmdline.c), and where the root pointer of ACPI is (rsdp.c).
 */
#include "unit.h"

#include "stage/x86_64/bzimage/bootparams.h"
#include "stage/x86_64/bzimage/cmdline.h"
#include "stage/x86_64/bzimage/rsdp.h"
#include <string.h>

#define MIB (1ull << 20)
#define MEMORY (2 * MIB)

static uint8_t memory[MEMORY];
static struct boot_params params;
static struct e820 map;
static struct range ranges[80];
static struct ranges used;

/* Nothing but memory is asked for, unless the map is known to be incomplete. */
static void *at(uint64_t address, uint64_t length)
{
	bool in_memory = address < MEMORY && length <= MEMORY - address;

	assert_true(in_memory || params.e820_entries == E820_PARAMS_MAX);
	return in_memory ? memory + address : NULL;
}

static int start(void **state)
{
	(void)state;
	memset(memory, 0, sizeof(memory));
	memset(&params, 0, sizeof(params));
	params.e820_entries = 1;
	params.e820_table[0] = (struct boot_e820_entry){0, MEMORY, E820_RAM};
	assert_true(e820_start(&map, &params));
	used = (struct ranges){ranges, 0, sizeof(ranges) / sizeof(ranges[0])};
	return 0;
}

static void *chain(uint64_t address, uint64_t next, uint32_t type, uint32_t length)
{
	const struct setup_data data = {next, type, length};

	memcpy(memory + address, &data, sizeof(data));
	return memory + address + sizeof(data);
}

static bool is_used(uint64_t start_, uint64_t length)
{
	for (unsigned i = 0; i < used.n; i++)
		if (ranges[i].start == start_ && ranges[i].end == start_ + length)
			return true;
	return false;
}

static void efi_descriptor(uint64_t address, uint32_t type, uint64_t start_, uint64_t pages)
{
	const uint64_t d[] = {type, start_, 0, pages, 15};

	memcpy(memory + address, d, sizeof(d));
}

static void efi_maps_that_are_none(void **state)
{
	(void)state;
	params.efi_memmap = 0x7000;
	params.efi_memmap_size = 480;
	params.efi_memdesc_size = 39;
	assert_false(bootparams_used(&used, &map, 0x13000, at));
	params.efi_memdesc_size = 40;
	used.n = 0;
	assert_true(bootparams_used(&used, &map, 0x13000, at));
	params.efi_memmap_hi = 1; /* not in memory */
	used.n = 0;
	assert_false(bootparams_used(&used, &map, 0x13000, at));
}

static void lists_what_is_used(void **state)
{
	const struct {
		uint32_t type, reserved;
		uint64_t length, address;
	} __attribute__((packed)) indirect = {5, 0, 0x3000, 0x4500000};

	(void)state;
	params.hdr.cmd_line_ptr = 0x9000;
	params.hdr.cmdline_size = 2047;
	params.ext_cmd_line_ptr = 3;
	params.hdr.ramdisk_image = 0x100000;
	params.ext_ramdisk_image = 2;
	params.hdr.ramdisk_size = 0x5000;
	params.ext_ramdisk_size = 1;
	params.efi_memmap = 0x7000;
	params.efi_memmap_size = 3 * 48 + 40;
	params.efi_memdesc_size = 48;
	efi_descriptor(0x7000, 4, 0x100000, 16);
	efi_descriptor(0x7030, 7, 0x200000, 256);
	efi_descriptor(0x7060, 7, 0x700000, 1);
	efi_descriptor(0x7090, 7, 0x800000, 1); /* cut off */
	params.hdr.setup_data = 0x2000;
	chain(0x2000, 0x3000, 9, 100);
	memcpy(chain(0x3000, 0, SETUP_INDIRECT, sizeof(indirect)), &indirect, sizeof(indirect));
	assert_true(bootparams_used(&used, &map, 0x13000, at));
	assert_int_equal(used.n, 9);
	assert_true(is_used(0x200000, 0x100000));
	assert_true(is_used(0x700000, 0x1000));
	assert_true(is_used(0x13000, 0x1000));
	assert_true(is_used(0x300009000, 2048));
	assert_true(is_used(0x200100000, 0x100005000));
	assert_true(is_used(0x7000, 184));
	assert_true(is_used(0x2000, 116));
	assert_true(is_used(0x3000, 16 + sizeof(indirect)));
	assert_true(is_used(0x4500000, 0x3000));
}

static void lists_no_more_than_there_is_room_for(void **state)
{
	(void)state;
	params.hdr.ramdisk_size = 1;
	for (used.max = 0; used.max < 3; used.max++) {
		used.n = 0;
		assert_false(bootparams_used(&used, &map, 0x13000, at));
	}
	used.n = 0;
	assert_true(bootparams_used(&used, &map, 0x13000, at)); /* no initrd address is 0, too */
}

static void chains_that_lead_nowhere(void **state)
{
	(void)state;
	params.hdr.setup_data = 0x2000;
	chain(0x2000, 0x2000, 9, 8); /* a circle */
	assert_false(bootparams_used(&used, &map, 0x13000, at));
	assert_false(bootparams_extend(&map, at));
	chain(0x2000, MEMORY, 9, 8); /* out of memory */
	used.n = 0;
	assert_false(bootparams_used(&used, &map, 0x13000, at));
	chain(0x2000, MEMORY - 8, 9, 8); /* half of it */
	used.n = 0;
	assert_false(bootparams_used(&used, &map, 0x13000, at));
	chain(0x2000, 0, 9, 0xffffffff); /* a length beyond */
	used.n = 0;
	assert_false(bootparams_used(&used, &map, 0x13000, at));
	chain(0x2000, 0, 9, MEMORY - 0x2000 - 16);
	used.n = 0;
	assert_true(bootparams_used(&used, &map, 0x13000, at));
}

static void entries_beyond_128(void **state)
{
	const struct boot_e820_entry further[] = {{4 * MIB, MIB, E820_RAM},
						  {8 * MIB, MIB, E820_RESERVED}};
	struct range none = {0, 0};

	(void)state;
	params.hdr.setup_data = 0x2000;
	chain(0x2000, 0x3000, 9, 16);
	memcpy(chain(0x3000, 0, SETUP_E820_EXT, sizeof(further) + 3), further, sizeof(further));
	assert_int_equal(e820_find(&map, MIB, MIB, 16 * MIB, &none, 0), MIB);
	assert_true(bootparams_extend(&map, at));
	assert_int_equal(map.n, 3);
	assert_int_equal(e820_find(&map, MIB, MIB, 16 * MIB, &none, 0), 4 * MIB);
	/* They are cut where they are. */
	assert_true(e820_reserve(&map, 4 * MIB, MIB / 2, E820_RESERVED, NULL, 0));
	memcpy(&none, memory + 0x3010, sizeof(none));
	assert_int_equal(none.start, 4 * MIB + MIB / 2);
	assert_int_equal(none.end, MIB / 2); /* its size */

	assert_true(e820_start(&map, &params));
	chain(0x3000, 0, SETUP_E820_EXT, E820_MAX * sizeof(further[0]));
	assert_false(bootparams_extend(&map, at));
}

/*
 * The entries in boot_params are those of the lowest memory: the chain, and all else, may
 * be above that.
 */
static void chain_in_memory_that_it_tells_of(void **state)
{
	const struct boot_e820_entry rest = {MIB, MIB, E820_RAM};
	const uint64_t low = MIB / E820_PARAMS_MAX;

	(void)state;
	params.hdr.setup_data = MIB + 0x2000;
	chain(MIB + 0x2000, MIB + 0x3000, 9, 16);
	memcpy(chain(MIB + 0x3000, 0, SETUP_E820_EXT, sizeof(rest)), &rest, sizeof(rest));
	for (unsigned i = 0; i < E820_PARAMS_MAX; i++)
		params.e820_table[i] = (struct boot_e820_entry){i * low, low, E820_RAM};

	params.e820_entries = E820_PARAMS_MAX;
	assert_true(e820_start(&map, &params));
	assert_true(bootparams_extend(&map, at));
	assert_int_equal(map.n, E820_PARAMS_MAX + 1);
	assert_true(bootparams_used(&used, &map, 0x13000, at));
	assert_true(is_used(MIB + 0x2000, 32));

	/* But not if it does not tell of it, */
	chain(MIB + 0x3000, 0, SETUP_E820_EXT, 0);
	assert_true(e820_start(&map, &params));
	assert_false(bootparams_extend(&map, at));
	memcpy(chain(MIB + 0x3000, MEMORY + 0x2000, SETUP_E820_EXT, sizeof(rest)), &rest,
	       sizeof(rest));
	assert_true(e820_start(&map, &params));
	assert_false(bootparams_extend(&map, at));
	chain(MIB + 0x3000, MIB + 0x2000, 9, 16); /* or is a circle, */
	assert_true(e820_start(&map, &params));
	assert_false(bootparams_extend(&map, at));

	/* nor if boot_params had room for more. */
	memcpy(chain(MIB + 0x3000, 0, SETUP_E820_EXT, sizeof(rest)), &rest, sizeof(rest));
	params.e820_entries = E820_PARAMS_MAX - 1;
	assert_true(e820_start(&map, &params));
	assert_false(bootparams_extend(&map, at));
}

/* The command line. */

static void words_of_the_command_line(void **state)
{
	const char *line = "root=/dev/vda quiet console=tty0 \"x=a b\" dyndbg=\"file c +p\" "
			   "console=ttyS1 consoleblank=0 console";
	char value[16];

	(void)state;
	assert_true(cmdline_value(line, "console", 0, value, sizeof(value)));
	assert_string_equal(value, "tty0");
	assert_true(cmdline_value(line, "console", 1, value, sizeof(value)));
	assert_string_equal(value, "ttyS1");
	assert_true(cmdline_value(line, "console", 2, value, sizeof(value)));
	assert_string_equal(value, "");
	assert_false(cmdline_value(line, "console", 3, value, sizeof(value)));
	assert_true(cmdline_value(line, "quiet", 0, value, sizeof(value)));
	assert_false(cmdline_value(line, "qui", 0, value, sizeof(value)));
	assert_false(cmdline_value(line, "c", 0, value, sizeof(value)));
	assert_true(cmdline_value(line, "root", 0, value, 5));
	assert_string_equal(value, "/dev");
	assert_false(cmdline_value("", "console", 0, value, sizeof(value)));
}

static void serial_consoles(void **state)
{
	static const struct {
		const char *line;
		unsigned port, baud;
	} cases[] = {
		{"console=ttyS0", 0x3f8, 0},
		{"console=ttyS0,115200n8", 0x3f8, 115200},
		{"console=tty0 console=ttyS1,9600", 0x2f8, 9600},
		{"console=ttyS9", 0, 0},
		{"console=tty0", 0, 0},
		{"console=hvc0 quiet", 0, 0},
		{"earlyprintk=ttyS2,57600,keep", 0x3e8, 57600},
		{"console=ttyS0 earlyprintk=serial,ttyS1,115200", 0x2f8, 115200},
		{"earlyprintk=serial,0x2e8,38400", 0x2e8, 38400},
		{"earlyprintk=serial", 0, 0},
		{"earlyprintk=vga", 0, 0},
		{"earlycon=uart8250,io,0x3f8,115200n8", 0x3f8, 115200},
		{"earlycon=uart8250,mmio,0xfedc9000,115200", 0, 0},
		{"earlycon=uart,io,0x12345", 0, 0},
		{"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned baud = 7, port = cmdline_serial(cases[i].line, &baud);

		if (port != cases[i].port || (port && baud != cases[i].baud))
			fail_msg("%s: 0x%x, %u", cases[i].line, port, baud);
	}
}

static void crash_kernels(void **state)
{
	uint64_t where, size;

	(void)state;
	assert_true(cmdline_crashkernel("a crashkernel=64M@16M b", 0, &where, &size));
	assert_int_equal(where, 16 * MIB);
	assert_int_equal(size, 64 * MIB);
	assert_true(cmdline_crashkernel("crashkernel=256M", 0, &where, &size));
	assert_int_equal(size, 0);
	assert_true(cmdline_crashkernel("crashkernel=1G,high crashkernel=0x10k@0x400k", 1, &where,
					&size));
	assert_int_equal(size, 0x4000);
	assert_int_equal(where, 0x100000);
	assert_false(cmdline_crashkernel("crash", 0, &where, &size));
	assert_true(cmdline_is_crash("a elfcorehdr=0x1234K b"));
	assert_false(cmdline_is_crash("a noelfcorehdr=1"));
	assert_true(cmdline_has_own_map("memmap=1M@2M memmap=exactmap"));
	assert_false(cmdline_has_own_map("memmap=1M$2M"));
}

/* The root pointer. */

static void put_rsdp(uint64_t address)
{
	memcpy(memory + address, "RSD PTR ", 8);
}

static void rsdp_of_boot_params(void **state)
{
	(void)state;
	put_rsdp(0xf0000);
	params.acpi_rsdp_addr = 0x123456;
	assert_int_equal(rsdp_find(&map, at, true), 0x123456);
}

static void rsdp_of_the_bios(void **state)
{
	(void)state;
	assert_int_equal(rsdp_find(&map, at, true), 0);
	put_rsdp(0xfff08); /* not every 16 bytes */
	assert_int_equal(rsdp_find(&map, at, true), 0);
	put_rsdp(0xf5a40);
	assert_int_equal(rsdp_find(&map, at, true), 0xf5a40);
	assert_int_equal(rsdp_find(&map, at, false), 0); /* as in a TDX guest */
	memory[0x40f] = 0x9f;				 /* the EBDA is at 0x9f000 */
	put_rsdp(0x9f400);
	assert_int_equal(rsdp_find(&map, at, true), 0xf5a40);
	put_rsdp(0x9f3f0);
	assert_int_equal(rsdp_find(&map, at, true), 0x9f3f0);
}

static void put64(uint64_t address, uint64_t value)
{
	memcpy(memory + address, &value, sizeof(value));
}

static void put_efi(uint64_t systab, uint64_t tables)
{
	static const uint8_t guid[] = {0x71, 0xe8, 0x68, 0x88, 0xf1, 0xe4, 0xd3, 0x11,
				       0xbc, 0x22, 0x00, 0x80, 0xc7, 0x3c, 0x88, 0x81};

	memcpy(&params.efi_loader_signature, "EL64", 4);
	params.efi_systab = systab;
	memcpy(memory + systab, "IBI SYST", 8);
	put64(systab + 104, 2);
	put64(systab + 112, tables);
	memcpy(memory + 0x8018, guid, sizeof(guid));
	put64(0x8028, 0xabc0);
}

static void rsdp_of_efi(void **state)
{
	(void)state;
	put_efi(0x6000, 0x8000);
	assert_int_equal(rsdp_find(&map, at, true), 0xabc0);
	/* After kexec the pointer is virtual, and the address is in setup_data. */
	put_efi(0x6000, 0xfffffffeee008000);
	assert_int_equal(rsdp_find(&map, at, true), 0);
	params.hdr.setup_data = 0x2000;
	memcpy(chain(0x2000, 0, SETUP_EFI, 32), (uint64_t[]){1, 2, 0x8000, 3}, 32);
	assert_int_equal(rsdp_find(&map, at, true), 0xabc0);

	put64(0x6000 + 104, 1); /* too few tables */
	assert_int_equal(rsdp_find(&map, at, true), 0);
	put64(0x6000 + 104, 0x0aaaaaaaaaaaaaab); /* of 24 bytes each: 8, modulo 2^64 */
	assert_int_equal(rsdp_find(&map, at, true), 0);
	put64(0x6000 + 104, 2);
	memory[0x6000] = 'X';
	assert_int_equal(rsdp_find(&map, at, true), 0);
	memory[0x6000] = 'I';
	assert_int_equal(rsdp_find(&map, at, true), 0xabc0);
	assert_int_equal(rsdp_efi_table(&map, at, memory + 0x8018), 0xabc0);
	assert_int_equal(rsdp_efi_table(&map, at, memory + 0x8019), 0);
	params.efi_systab = MEMORY - 100; /* it does not end in memory */
	assert_int_equal(rsdp_find(&map, at, true), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lists_what_is_used, start),
		cmocka_unit_test_setup(efi_maps_that_are_none, start),
		cmocka_unit_test_setup(lists_no_more_than_there_is_room_for, start),
		cmocka_unit_test_setup(chains_that_lead_nowhere, start),
		cmocka_unit_test_setup(entries_beyond_128, start),
		cmocka_unit_test_setup(chain_in_memory_that_it_tells_of, start),
		cmocka_unit_test(words_of_the_command_line),
		cmocka_unit_test(serial_consoles),
		cmocka_unit_test(crash_kernels),
		cmocka_unit_test_setup(rsdp_of_boot_params, start),
		cmocka_unit_test_setup(rsdp_of_the_bios, start),
		cmocka_unit_test_setup(rsdp_of_efi, start),
	};

	return cmocka_run_group_tests_name("bootparams", tests, NULL, NULL);
}
