/* What a fuzz target is: one function that is given bytes. libFuzzer calls it with bytes of
 * its own making (tests/fuzz/run), replay.c with the files of a corpus (tests/run). */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the bytes are. */
#define FUZZ_CHECK(x) \
    ((x) ? (void)0 : (fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #x), abort()))

#endif
