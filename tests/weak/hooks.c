/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * What the compiler calls with -fsanitize=thread: the interface of gcc and clang to the
 * library of ThreadSanitizer, which is not linked.
 */
#include "explore.h"

/* The numbers of memory orders are those of __ATOMIC_... */
_Static_assert(__ATOMIC_RELAXED == 0 && __ATOMIC_SEQ_CST == 5, "the order of the hooks");

#define HOOK __attribute__((visibility("default")))

void __tsan_init(void);
void __tsan_func_entry(void *);
void __tsan_func_exit(void);
HOOK void __tsan_init(void)
{
}

HOOK void __tsan_func_entry(void *caller)
{
	(void)caller;
}

HOOK void __tsan_func_exit(void)
{
}

static void plain(const volatile void *object, size_t size, bool write)
{
	if (explore_running())
		explore_plain(object, size, write);
}

#define PLAIN(name, size, write)                                                                   \
	void __tsan_##name(void *object);                                                          \
	HOOK void __tsan_##name(void *object)                                                      \
	{                                                                                          \
		plain(object, size, write);                                                        \
	}
#define PLAINS(size)                                                                               \
	PLAIN(read##size, size, false)                                                             \
	PLAIN(write##size, size, true)                                                             \
	PLAIN(unaligned_read##size, size, false)                                                   \
	PLAIN(unaligned_write##size, size, true)                                                   \
	PLAIN(volatile_read##size, size, false)                                                    \
	PLAIN(volatile_write##size, size, true)
PLAINS(1)
PLAINS(2)
PLAINS(4)
PLAINS(8)
PLAINS(16)

void __tsan_read_range(void *object, size_t size);
HOOK void __tsan_read_range(void *object, size_t size)
{
	plain(object, size, false);
}

void __tsan_write_range(void *object, size_t size);
HOOK void __tsan_write_range(void *object, size_t size)
{
	plain(object, size, true);
}

#define CHANGE(name, expression)                                                                   \
	static uint64_t name(uint64_t old, uint64_t operand)                                       \
	{                                                                                          \
		(void)old;                                                                         \
		return expression;                                                                 \
	}
CHANGE(exchange, operand)
CHANGE(fetch_add, old + operand)
CHANGE(fetch_sub, old - operand)
CHANGE(fetch_and, old &operand)
CHANGE(fetch_or, old | operand)
CHANGE(fetch_xor, old ^ operand)

#define MODIFY(bits, name)                                                                         \
	uint##bits##_t __tsan_atomic##bits##_##name(volatile uint##bits##_t *object,               \
						    uint##bits##_t operand, int order);            \
	HOOK uint##bits##_t __tsan_atomic##bits##_##name(volatile uint##bits##_t *object,          \
							 uint##bits##_t operand, int order)        \
	{                                                                                          \
		uint##bits##_t old = *object;                                                      \
                                                                                                   \
		if (explore_running())                                                             \
			return (uint##bits##_t)explore_exchange(object, bits / 8, name, operand,   \
								(unsigned)order);                  \
		*object = (uint##bits##_t)name(old, operand);                                      \
		return old;                                                                        \
	}

#define COMPARE(bits, name)                                                                        \
	int __tsan_atomic##bits##_compare_exchange_##name(                                         \
		volatile uint##bits##_t *object, uint##bits##_t *expected, uint##bits##_t desired, \
		int success, int failure);                                                         \
	HOOK int __tsan_atomic##bits##_compare_exchange_##name(                                    \
		volatile uint##bits##_t *object, uint##bits##_t *expected, uint##bits##_t desired, \
		int success, int failure)                                                          \
	{                                                                                          \
		uint64_t old = *expected;                                                          \
		bool done;                                                                         \
                                                                                                   \
		if (explore_running()) {                                                           \
			done = explore_compare(object, bits / 8, &old, desired, (unsigned)success, \
					       (unsigned)failure);                                 \
		} else {                                                                           \
			done = *object == old;                                                     \
			old = *object;                                                             \
			if (done)                                                                  \
				*object = desired;                                                 \
		}                                                                                  \
		if (!done)                                                                         \
			*expected = (uint##bits##_t)old;                                           \
		return done;                                                                       \
	}

#define ATOMICS(bits)                                                                              \
	uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *object,           \
						  int order);                                      \
	HOOK uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *object,      \
						       int order)                                  \
	{                                                                                          \
		if (!explore_running())                                                            \
			return *object;                                                            \
		return (uint##bits##_t)explore_load(object, bits / 8, (unsigned)order);            \
	}                                                                                          \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *object, uint##bits##_t value,    \
					 int order);                                               \
	HOOK void __tsan_atomic##bits##_store(volatile uint##bits##_t *object,                     \
					      uint##bits##_t value, int order)                     \
	{                                                                                          \
		if (explore_running())                                                             \
			explore_store(object, bits / 8, value, (unsigned)order);                   \
		else                                                                               \
			*object = value;                                                           \
	}                                                                                          \
	MODIFY(bits, exchange)                                                                     \
	MODIFY(bits, fetch_add)                                                                    \
	MODIFY(bits, fetch_sub)                                                                    \
	MODIFY(bits, fetch_and)                                                                    \
	MODIFY(bits, fetch_or)                                                                     \
	MODIFY(bits, fetch_xor)                                                                    \
	COMPARE(bits, strong)                                                                      \
	COMPARE(bits, weak)
ATOMICS(8)
ATOMICS(16)
ATOMICS(32)
ATOMICS(64)

/* What clang calls for a compare-and-exchange. */
#define COMPARE_VALUE(bits)                                                                        \
	uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                 \
		volatile uint##bits##_t *object, uint##bits##_t expected, uint##bits##_t desired,  \
		int success, int failure);                                                         \
	HOOK uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                            \
		volatile uint##bits##_t *object, uint##bits##_t expected, uint##bits##_t desired,  \
		int success, int failure)                                                          \
	{                                                                                          \
		__tsan_atomic##bits##_compare_exchange_strong(object, &expected, desired, success, \
							      failure);                            \
		return expected;                                                                   \
	}
COMPARE_VALUE(8)
COMPARE_VALUE(16)
COMPARE_VALUE(32)
COMPARE_VALUE(64)

void __tsan_atomic_thread_fence(int order);
HOOK void __tsan_atomic_thread_fence(int order)
{
	if (explore_running())
		explore_fence((unsigned)order);
}

void __tsan_atomic_signal_fence(int order);
HOOK void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}
