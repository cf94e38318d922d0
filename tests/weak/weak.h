/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later */
/*
 * An explorer of C under the C11 memory model.  A test is some threads; every execution
 * that the model allows is tried: every order of the threads, and every value that a read
 * may return.  The code is compiled as it is, with -fsanitize=thread: the compiler calls
 * the explorer (hooks.c) in place of every atomic access and before every other one.
 *
 * How it searches, and what it takes for C11: explore.c and graph.h.
 */
#ifndef TESTS_WEAK_WEAK_H
#define TESTS_WEAK_WEAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * For functions and variables of a test that are not part of what is explored: results that
 * a thread keeps for finish().  Each thread may write only its own.
 */
#define APART __attribute__((no_sanitize("thread"), noinline))

struct weak_test {
	const char *name;
	unsigned threads;
	void (*setup)(void);	       /* before each execution: all memory as it is at first */
	void (*thread)(unsigned self); /* 0 ... threads - 1 */
	void (*finish)(void);	       /* after each: memory is as it is at the end; or NULL */
	uint64_t must, never;	       /* of the results: those that must be reached, or never */
	unsigned limit;		       /* executions at most; 0: DEFAULT_LIMIT */
	const char *fails;	       /* what must be found, of a test of the explorer itself */
};

/* In setup().  The 8 bytes at @word are accessed as a whole and by parts. */
void weak_word(const volatile void *word);
/* Atomic accesses to it must be ordered by others, as those to plain data must. */
void weak_data(const volatile void *object, size_t size);
/* For the report of a failure. */
void weak_name(const volatile void *object, size_t size, const char *name);

/* In a thread.  A number below @n: each is tried. */
unsigned weak_choose(unsigned n);
/*
 * The end of one round of a loop that waits: until one of the locations that the thread has
 * looked at in this round has another value.  weak_wait_for(): until that one has.
 */
void weak_wait(void);
void weak_wait_for(const volatile void *object);
/* Which thread this is. */
unsigned weak_self(void);
/* The thread ends here. */
_Noreturn void weak_end(void);

/* In a thread or in finish(): report @what unless @good. */
void weak_check(bool good, const char *what);

/* In finish(): whether the thread waits for ever; the result of this execution, 0 to 63. */
bool weak_stuck(unsigned thread);
void weak_result(unsigned result);

/* Run all, or those of which argv has a part of the name; print TAP.  0 if all is good. */
int weak_main(const struct weak_test *tests, unsigned ntests, int argc, char **argv);

#endif /* TESTS_WEAK_WEAK_H */
