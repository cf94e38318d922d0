/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "tap.h"
#include <stdarg.h>
#include <stddef.h>
#include "lib/format.h"
#include "console.h"
#include "end.h"

#define TEXT_MAX 256
#define FAILURES_MAX 64
#define FAULTS_SHOWN 8 /* of one check: the rest is counted */

static const struct check *current;
static unsigned checks, skipped, faults;
static char first_fault[TEXT_MAX];

static struct {
	const struct check *check;
	char fault[TEXT_MAX]; /* the first one */
} failures[FAILURES_MAX];
static unsigned nfailures;

void tap_begin(const struct check *check)
{
	if (current)
		tap_end();
	current = check;
	faults = 0;
	first_fault[0] = 0;
}

void tap_fault(const char *text, ...)
{
	char line[TEXT_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	if (!faults)
		__builtin_memcpy(first_fault, line, sizeof(first_fault));
	if (++faults <= FAULTS_SHOWN)
		print("# %s\n", line);
}

bool tap_good(void)
{
	return !faults;
}

static void print_result(const char *result)
{
	print("%s %u - %s: %s [%s]", result, ++checks, current->name, current->what, current->spec);
}

void tap_end(void)
{
	if (!current)
		return;
	if (faults > FAULTS_SHOWN)
		print("# ... and %u more\n", faults - FAULTS_SHOWN);
	print_result(faults ? "not ok" : "ok");
	print("\n");
	if (faults && nfailures < FAILURES_MAX) {
		failures[nfailures].check = current;
		__builtin_memcpy(failures[nfailures].fault, first_fault, sizeof(first_fault));
		nfailures++;
	}
	current = NULL;
}

void tap_skip(const char *why)
{
	if (faults) {
		tap_end();
		return;
	}
	print_result("ok");
	print(" # SKIP %s\n", why);
	skipped++;
	current = NULL;
}

void tap_skipped(const struct check *check, const char *why)
{
	tap_begin(check);
	tap_skip(why);
}

void tap_remark(const char *text, ...)
{
	char line[TEXT_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	print("# %s\n", line);
}

static void summary(const char *verdict)
{
	print("# %u checks: %u passed, %u failed, %u skipped\n", checks,
	      checks - nfailures - skipped, nfailures, skipped);
	for (unsigned i = 0; i < nfailures; i++)
		print("# failed: %s [%s]: %s\n", failures[i].check->name, failures[i].check->spec,
		      failures[i].fault);
	print("# verdict: %s\n", verdict);
}

_Noreturn void tap_bail_out(const char *text, ...)
{
	char line[TEXT_MAX];
	va_list arguments;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	if (current) {
		tap_fault("%s", line);
		tap_end();
	}
	print("Bail out! %s\n", line);
	summary("fails, and it is not safe to go on");
	end_probe();
}

bool tap_finish(void)
{
	tap_end();
	print("1..%u\n", checks);
	summary(nfailures ? "fails" : "passes");
	return !nfailures;
}
