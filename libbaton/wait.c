/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/* Waiting for whoever holds CPUs. */
#include "method.h"

#define REPORT_US 1000000u

bool wait_acknowledged(struct baton_machine *machine, const struct baton_cpu *cpu,
		       bool (*acknowledged)(struct baton_machine *machine,
					    const struct baton_cpu *cpu))
{
	uint64_t interval = machine->report_us ? machine->report_us : REPORT_US;
	uint64_t start = baton_port_time_us();
	uint64_t next = interval;

	while (!acknowledged(machine, cpu)) {
		uint64_t waited = baton_port_time_us() - start;

		if (waited >= next) {
			next = waited + interval;
			if (!report_waiting(machine, cpu, waited))
				return false;
		}
		baton_port_relax();
	}
	return true;
}

bool wait_at_most(struct baton_machine *machine, const struct baton_cpu *cpu, uint64_t timeout_us,
		  bool (*done)(struct baton_machine *machine, const struct baton_cpu *cpu))
{
	uint64_t start = baton_port_time_us();

	for (;;) {
		/* The time first: a caller that was itself delayed looks once more. */
		bool late = baton_port_time_us() - start >= timeout_us;

		if (done(machine, cpu))
			return true;
		if (late)
			return false;
		baton_port_relax();
	}
}
