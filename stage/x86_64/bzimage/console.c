/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "console.h"
#include "stage/say.h"
#include "lib/x86_64/guest.h"
#include "lib/x86_64/serial.h"
#include "cmdline.h"

/* Linux, include/uapi/linux/screen_info.h: bytes of it. */
#define ORIG_X 0
#define ORIG_Y 1
#define ORIG_VIDEO_MODE 6
#define ORIG_VIDEO_COLS 7
#define ORIG_VIDEO_LINES 14
#define ORIG_VIDEO_ISVGA 15
#define VIDEO_TYPE_VGAC 0x22 /* in colour; 1 in the protocol: any VGA text mode */

#define MONOCHROME_MODE 7
#define SCREEN_COLOUR 0xb8000
#define SCREEN_MONOCHROME 0xb0000
#define LIGHT_GREY 0x0700

static uint8_t *screen_info;
static unsigned serial_port;

/* In a TDX guest the screen's memory could not be reached like this: it is the host's. */
static bool is_text_screen(void)
{
	uint8_t type = screen_info[ORIG_VIDEO_ISVGA];

	return !guest_is_tdx() && (type == 1 || type == VIDEO_TYPE_VGAC) &&
	       screen_info[ORIG_VIDEO_COLS] && screen_info[ORIG_VIDEO_LINES];
}

static void scroll(volatile uint16_t *screen, unsigned columns, unsigned lines)
{
	for (unsigned i = 0; i < columns * (lines - 1); i++)
		screen[i] = screen[i + columns];
	for (unsigned i = columns * (lines - 1); i < columns * lines; i++)
		screen[i] = LIGHT_GREY | ' ';
}

static void put_on_screen(const char *text)
{
	volatile uint16_t *screen =
		(volatile uint16_t *)(uintptr_t)(screen_info[ORIG_VIDEO_MODE] == MONOCHROME_MODE
							 ? SCREEN_MONOCHROME
							 : SCREEN_COLOUR);
	unsigned columns = screen_info[ORIG_VIDEO_COLS], lines = screen_info[ORIG_VIDEO_LINES];
	unsigned x = screen_info[ORIG_X], y = screen_info[ORIG_Y];

	for (; *text; text++) {
		if (*text == '\r')
			x = 0;
		else if (*text == '\n')
			y++;
		else if (x < columns && y < lines)
			screen[y * columns + x++] = LIGHT_GREY | (uint8_t)*text;
		if (y >= lines) {
			scroll(screen, columns, lines);
			y = lines - 1;
		}
	}
	screen_info[ORIG_X] = x;
	screen_info[ORIG_Y] = y;
}

static void put_line(const char *line)
{
	if (serial_port)
		serial_write(serial_port, line);
	if (is_text_screen())
		put_on_screen(line);
}

void console_bzimage(struct boot_params *params, const char *command_line)
{
	unsigned baud;

	screen_info = params->screen_info;
	serial_port = cmdline_serial(command_line, &baud);
	if (serial_port && baud)
		serial_set_baud(serial_port, baud);
	say_start(put_line);
}
