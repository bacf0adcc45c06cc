/* What a function says when it dies of an assertion. */
#ifndef TESTS_DYING_H
#define TESTS_DYING_H

#include <stddef.h>

/* Runs die(ctx) in a child and puts what it wrote to standard error into text, terminated.
 * Fails the test unless the child ended by abort(). */
void dying_words(void (*die)(void *ctx), void *ctx, char *text, size_t size);

/* Fails the test unless die(ctx) ends in an assertion. */
void check_dies(void (*die)(void *ctx), void *ctx);

#endif
