/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* What libbaton says to people. */
#include "method.h"

const char *baton_error_text(int error)
{
	switch (error) {
	case BATON_E_ARGUMENT:
		return "an argument is not usable";
	case BATON_E_STATE:
		return "the CPU is not in a state for this: it is up, or on its way";
	case BATON_E_BUSY:
		return "another CPU uses the mailbox just now";
	case BATON_E_LIVE:
		return "a request that nobody has acknowledged stands, perhaps an earlier kernel's";
	case BATON_E_NOT_PREPARED:
		return "that was not prepared";
	case BATON_E_NOT_SUPPORTED:
		return "this machine does not offer that";
	case BATON_E_CRASHING:
		return "another CPU is dealing with a crash";
	case BATON_E_RSDP:
		return "no sound RSDP of revision 2 or later";
	case BATON_E_XSDT:
		return "the XSDT is damaged";
	case BATON_E_NO_MADT:
		return "there is no MADT";
	case BATON_E_MADT:
		return "the MADT is damaged";
	case BATON_E_BOOT_CPU:
		return "the boot CPU is not listed, or not as enabled";
	case BATON_E_WAKEUP:
		return "the MADT's wakeup structure is wrong: there are two, or the mailbox is not "
		       "page-aligned";
	case BATON_E_INVALIDATED:
		return "an earlier kernel could not return the CPUs: there is only this one";
	case BATON_E_TREE:
		return "there is no sound device tree";
	case BATON_E_CPUS:
		return "the device tree's CPUs are wrong: none, without a reg, one twice, or not "
		       "all of one enable-method that is known";
	case BATON_E_RELEASE:
		return "a release, held or return address of the device tree is not there, not "
		       "aligned, or used twice";
	case BATON_E_PSCI:
		return "the device tree names no PSCI of 0.2 or later that can be called here";
	case BATON_E_NO_METHOD:
		return "a TDX guest without a wakeup mailbox: there is only this CPU";
	case BATON_E_MAP:
		return "physical memory could not be mapped";
	case BATON_E_NO_PAGE:
		return "no page left for page tables";
	case BATON_E_OVERLAP:
		return "the kernel's leaving code is mapped where the reset vector must be";
	case BATON_E_STOPPED:
		return "not acknowledged, and given up waiting; the request stays live";
	case BATON_E_NOT_ACKNOWLEDGED:
		return "the CPU has not acknowledged its wakeup";
	case BATON_E_NOT_ENTERED:
		return "the CPU was woken, but has not come into the kernel";
	case BATON_E_NOT_UP:
		return "the CPU has come into the kernel, but not up";
	case BATON_E_NOT_RETURNED:
		return "the CPU does not say that it has left";
	case BATON_E_NO_RETURN:
		return "there is no way back for the CPU";
	case BATON_E_REFUSED:
		return "whoever holds the CPU refuses to release it so";
	default:
		return error < 0 ? "unknown error" : "no error";
	}
}

const char *baton_method_name(enum baton_method method)
{
	switch (method) {
	case BATON_MAILBOX_V0:
		return "mailbox version 0";
	case BATON_MAILBOX_V1:
		return "mailbox version 1";
	case BATON_INIT_SIPI:
		return "INIT/SIPI";
	case BATON_PSCI:
		return "PSCI";
	case BATON_SPIN_TABLE:
		return "spin-table";
	case BATON_SPIN_TABLE_RETURN:
		return "spin-table with return";
	default:
		return "none";
	}
}

static char *append(char *to, const char *end, const char *text)
{
	while (*text && to < end)
		*to++ = *text++;
	return to;
}

static char *append_number(char *to, const char *end, uint64_t number)
{
	char digits[24];
	char *digit = digits + sizeof(digits) - 1;

	*digit = 0;
	do
		*--digit = (char)('0' + number % 10);
	while (number /= 10);
	return append(to, end, digit);
}

/* Nobody is to hang without a word. */
static void print_waiting(const struct baton_cpu *cpu, uint64_t waited_us)
{
	char line[100];
	const char *end = line + sizeof(line) - 1;
	char *at = append(line, end, "baton: waiting for ");

	if (cpu) {
		at = append(at, end, "CPU ");
		at = append_number(at, end, cpu->id);
	} else {
		at = append(at, end, "all CPUs");
	}
	at = append(at, end, " to acknowledge the wakeup, for ");
	at = append_number(at, end, waited_us / 1000000);
	at = append(at, end, " s so far");
	*at = 0;
	baton_port_print(line);
}

bool report_waiting(struct baton_machine *machine, const struct baton_cpu *cpu, uint64_t waited_us)
{
	struct baton_waiting waiting = {cpu, waited_us};

	if (machine->waiting)
		return machine->waiting(machine, &waiting);
	print_waiting(cpu, waited_us);
	return true;
}
