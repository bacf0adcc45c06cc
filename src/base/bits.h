/* Bits of words. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stddef.h>
#include <stdint.h>

/* Where the lowest bit of word is, which is not 0. */
static inline size_t tnd_lowest_bit(uint64_t word)
{
#if defined(__x86_64__) && !defined(__clang__)
    /* gcc makes an int of what the instruction has in 64 bits, and extends it again. Where a
     * reader hops from mark to mark, each next step waits for that. Called with "rep", the
     * instruction is TZCNT to processors that know it: faster, and the same but for 0. */
    size_t bit;

    __asm__("rep bsf %1, %0" : "=r"(bit) : "r"(word) : "cc");
    return bit;
#else
    return (size_t)__builtin_ctzll(word);
#endif
}

/* Where the highest one is. */
static inline size_t tnd_highest_bit(uint64_t word)
{
    return 63 - (size_t)__builtin_clzll(word);
}

#endif
