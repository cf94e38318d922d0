/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * The screen: a frame buffer of 32 bits a pixel, or VGA text.  It does not
 * scroll, since reading a frame buffer back is slow: behind the last line it goes
 * on at the first one, with the line after it blank.
 */
#include "screen.h"
#include "boot.h"

#define CELL_WIDTH 6
#define CELL_HEIGHT 9
#define GLYPH_WIDTH 5
#define GLYPH_HEIGHT 7
#define FIRST_GLYPH ' '
#define LAST_GLYPH '_'
#define GREY 0xb0b0b0
#define VGA_GREY 0x0700

/* 5 by 7 pixels each, drawn for this: bit 5 * y + x.  There are capitals only. */
static const uint64_t glyphs[LAST_GLYPH - FIRST_GLYPH + 1] = {
	/* clang-format off */
	0x000000000, 0x100421084, 0x00000294a, 0x295f57d4a, /*   ! " # */
	0x11f4717c4, 0x672222273, 0x593511526, 0x000001084, /* $ % & ' */
	0x208210888, 0x088842082, 0x009575480, 0x0084f9080, /* ( ) * + */
	0x088c00000, 0x0000f8000, 0x18c000000, 0x042222210, /* , - . / */
	0x3a33ae62e, 0x3884210c4, 0x7c444422e, 0x3a304111f, /* 0 1 2 3 */
	0x211f4a988, 0x3a3083c3f, 0x3a317844c, 0x08422221f, /* 4 5 6 7 */
	0x3a317462e, 0x1910f462e, 0x00c6018c0, 0x0886018c0, /* 8 9 : ; */
	0x208208888, 0x001f07c00, 0x088882082, 0x10044422e, /* < = > ? */
	0x3ab5b422e, 0x463f8c544, 0x3e317c62f, 0x3a210862e, /* @ A B C */
	0x1d318c527, 0x7c217843f, 0x04217843f, 0x7a31e862e, /* D E F G */
	0x4631fc631, 0x38842108e, 0x19284211c, 0x452519531, /* H I J K */
	0x7c2108421, 0x4631ad771, 0x4631cd671, 0x3a318c62e, /* L M N O */
	0x04217c62f, 0x59358c62e, 0x45257c62f, 0x3e107043e, /* P Q R S */
	0x10842109f, 0x3a318c631, 0x11518c631, 0x2ab5ac631, /* T U V W */
	0x462a22a31, 0x108454631, 0x7c222221f, 0x38421084e, /* X Y Z [ */
	0x420820821, 0x39084210e, 0x000004544, 0x7c0000000, /* \ ] ^ _ */
	/* clang-format on */
};

static uint32_t columns, rows, column, row;

uint64_t screen_end(void)
{
	uint64_t size = boot_info.screen.text
				? (uint64_t)boot_info.screen.width * boot_info.screen.height *
					  sizeof(uint16_t)
				: (uint64_t)boot_info.screen.pitch * boot_info.screen.height;
	uint64_t end = boot_info.screen.address + size;

	if (!boot_info.screen.address)
		return 0;
	return end < boot_info.screen.address ? UINT64_MAX : end;
}

void screen_start(uint64_t map_end)
{
	if (!boot_info.screen.address || screen_end() > map_end)
		return;
	columns = boot_info.screen.width;
	rows = boot_info.screen.height;
	if (!boot_info.screen.text) {
		columns /= CELL_WIDTH;
		rows /= CELL_HEIGHT;
	}
}

static void draw_glyph(uint64_t bits)
{
	uint8_t *line = (uint8_t *)boot_info.screen.address +
			(uint64_t)row * CELL_HEIGHT * boot_info.screen.pitch +
			(uint64_t)column * CELL_WIDTH * sizeof(uint32_t);

	for (uint32_t y = 0; y < CELL_HEIGHT; y++, line += boot_info.screen.pitch)
		for (uint32_t x = 0; x < CELL_WIDTH; x++) {
			bool lit = x < GLYPH_WIDTH && y < GLYPH_HEIGHT &&
				   (bits >> (GLYPH_WIDTH * y + x) & 1);

			((volatile uint32_t *)line)[x] = lit ? GREY : 0;
		}
}

static void draw(char c)
{
	if (boot_info.screen.text) {
		((volatile uint16_t *)boot_info.screen.address)[row * columns + column] =
			VGA_GREY | (uint8_t)c;
		return;
	}
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	draw_glyph(c >= FIRST_GLYPH && c <= LAST_GLYPH ? glyphs[c - FIRST_GLYPH] : 0);
}

static void clear_line(void)
{
	for (column = 0; column < columns; column++)
		draw(' ');
	column = 0;
}

static void new_line(void)
{
	uint32_t next = (row + 1) % rows;

	row = (next + 1) % rows;
	clear_line();
	row = next;
	clear_line();
}

void screen_put(char c)
{
	if (!rows || !columns)
		return;
	if (c == '\n') {
		new_line();
		return;
	}
	if (column == columns)
		new_line();
	draw(c);
	column++;
}
