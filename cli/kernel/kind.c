/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "kind.h"

#include <string.h>

#include "little.h"

/*
 * Formats by the bytes at an offset: those of the compressors; U-Boot's image.h; the
 * flattened device tree (a FIT is one); Android's bootimg.h; Linux's
 * drivers/firmware/efi/libstub/zboot-header.S, arch/riscv/include/asm/image.h and
 * arch/arm/boot/compressed/head.S.
 */
static const struct {
	size_t offset;
	const char *bytes;
	size_t length;
	const char *what;
} kinds[] = {
	{0,
	 "\xfd"
	 "7zXZ\0",
	 6, "compressed by xz: give the Image in it (xz -dc)"},
	{0, "\x28\xb5\x2f\xfd", 4, "compressed by zstd: give the Image in it (zstd -dc)"},
	{0, "\x04\x22\x4d\x18", 4, "compressed by lz4: give the Image in it (lz4 -dc)"},
	{0, "\x02\x21\x4c\x18", 4, "compressed by lz4: give the Image in it (lz4 -dc)"},
	{0, "\x89LZO\0\r\n\x1a\n", 9, "compressed by lzop: give the Image in it (lzop -dc)"},
	{0, "BZh", 3, "compressed by bzip2: give the Image in it (bzip2 -dc)"},
	{0, "\x5d\0\0", 3, "compressed by lzma: give the Image in it (xz --format=lzma -dc)"},
	{0, "\x27\x05\x19\x56", 4,
	 "a uImage of U-Boot: give the Image that it was made of, and make the uImage anew from "
	 "what \"baton wrap\" writes"},
	{0, "\xd0\x0d\xfe\xed", 4,
	 "a FIT of U-Boot, or another device tree: give the Image that it was made of, and make "
	 "the FIT anew from what \"baton wrap\" writes"},
	{0, "ANDROID!", 8,
	 "an Android boot image: give the kernel in it (unpack_bootimg), and make the boot image "
	 "anew from what \"baton wrap\" writes"},
	{4, "zimg", 4,
	 "an EFI zboot image, which is a compressed kernel in an EFI program: give the Image that "
	 "it was made of (CONFIG_EFI_ZBOOT). The 32-bit numbers at bytes 8 and 12 are its offset "
	 "and size in the file, the text at byte 24 is its compression"},
	{0x38, "RSC\x05", 4,
	 "a kernel for riscv64: baton has no stage for it: give one for x86-64 or arm64"},
	{0x24, "\x18\x28\x6f\x01", 4,
	 "a zImage, a kernel for 32-bit Arm: baton has no stage for it: give an Image for arm64"},
};

/* Where the PE header is, all 24 bytes of it; 0: there is none. */
static uint32_t find_pe(const uint8_t *file, size_t size)
{
	uint32_t pe;

	if (size < 0x40 || memcmp(file, "MZ", 2))
		return 0;
	pe = get32(file + 0x3c);
	return pe <= size && size - pe >= 24 && !memcmp(file + pe, "PE\0\0", 4) ? pe : 0;
}

/* systemd's stub looks for the kernel in a section ".linux". */
bool kind_is_uki(const uint8_t *file, size_t size)
{
	uint32_t pe = find_pe(file, size), sections, at;

	if (!pe)
		return false;
	sections = get16(file + pe + 6);
	at = pe + 24 + get16(file + pe + 20);
	for (; sections && at <= size && size - at >= 40; sections--, at += 40)
		if (!memcmp(file + at, ".linux\0\0", 8))
			return true;
	return false;
}

/* Linux's mark in an EFI program, include/linux/pe.h, stands in a kernel for x86, too. */
static bool is_loongarch(const uint8_t *file, uint32_t pe)
{
	return get32(file + 0x38) == 0x818223cd && get16(file + pe + 4) == 0x6264;
}

/* By the machine in its PE header.  On arm64 the stage is no EFI program. */
static const char *uki(uint16_t machine)
{
	switch (machine) {
	case 0x8664:
		return "a unified kernel image (UKI): wrap the kernel in it, which \"objcopy -O "
		       "binary --only-section=.linux\" takes out, and make the UKI anew from that; "
		       "or have baton.efi start the UKI: docs/use-pc.md";
	case 0xaa64:
		return "a unified kernel image (UKI) for arm64, whose kernel has to be an EFI "
		       "program, which a wrapped one is not: take the kernel out (\"objcopy -O "
		       "binary --only-section=.linux\"), and start it by kexec (\"baton kexec "
		       "--wrap\")";
	default:
		return "a unified kernel image (UKI) for another processor than x86-64 and arm64, "
		       "for which baton has no stage";
	}
}

const char *kind_of(const uint8_t *file, size_t size)
{
	uint32_t pe = find_pe(file, size);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (size >= kinds[i].offset + kinds[i].length &&
		    !memcmp(file + kinds[i].offset, kinds[i].bytes, kinds[i].length))
			return kinds[i].what;
	if (pe && is_loongarch(file, pe))
		return "a kernel for LoongArch: baton has no stage for it: give one for x86-64 or "
		       "arm64";
	if (kind_is_uki(file, size))
		return uki(get16(file + pe + 4));
	return NULL;
}

const char *kind_in_gzip(const uint8_t *file, size_t size)
{
	static const struct {
		size_t offset;
		const char *bytes, *what;
	} packed[] = {
		{0x202, "HdrS",
		 "a kernel for x86, compressed by gzip: give it unpacked (gzip -dc)"},
		{0x38, "RSC\x05",
		 "compressed by gzip, and in it is a kernel for riscv64: baton has no stage for "
		 "it: "
		 "give one for x86-64 or arm64"},
	};

	for (size_t i = 0; i < sizeof(packed) / sizeof(*packed); i++)
		if (size >= packed[i].offset + 4 &&
		    !memcmp(file + packed[i].offset, packed[i].bytes, 4))
			return packed[i].what;
	return "compressed by gzip, and what is in it is no Image for arm64: give that file "
	       "unpacked (gzip -dc)";
}
