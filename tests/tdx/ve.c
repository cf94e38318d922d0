/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
#include "ve.h"
#include "options.h"
#include "table.h"
#include "vcpu.h"

#define VECTOR_DF 8
#define VECTOR_VE 20

static void inject(struct vcpu *vcpu, const struct ve_info *info)
{
	if (vcpu->ve.pending) {
		options_trace("tdx: CPU %u: #DF: #VE %u at %llx, and #VE %u is unread\n",
			      vcpu->index, info->reason, (unsigned long long)vcpu->vmcb->rip,
			      vcpu->ve.reason);
		svm_inject(vcpu, VECTOR_DF);
		return;
	}
	vcpu->ve = *info;
	vcpu->counts.ve[info->reason % COUNT_REASONS]++;
	svm_inject(vcpu, VECTOR_VE);
}

void ve_inject(struct vcpu *vcpu, uint32_t reason, uint64_t qualification, uint32_t length)
{
	inject(vcpu, &(struct ve_info){.pending = true,
				       .reason = reason,
				       .qualification = qualification,
				       .length = length});
}

void ve_inject_memory(struct vcpu *vcpu, uint64_t qualification, uint64_t gla, uint64_t gpa)
{
	inject(vcpu, &(struct ve_info){.pending = true,
				       .reason = REASON_EPT_VIOLATION,
				       .qualification = qualification,
				       .gla = gla,
				       .gpa = gpa});
}
