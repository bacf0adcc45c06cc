/* The loop of a scan. Included once by each scan_*.c, behind its own
 *
 *     enum { MAKES_MARKS };
 *     static inline struct block classify(const char *bytes, struct gather *g);
 *     static inline size_t count_bits(uint64_t word);
 */
static inline void scan(struct tnd_slice text, struct tnd_scan *ret)
{
    uint64_t *const marks = ret->marks, *const line_ends = ret->line_ends;
    struct gather gather = {0};
    struct block last = {0}; /* the block before, for what spans two */
    char tail[TND_SCAN_BLOCK];
    uint64_t odd = 0;
    size_t at = 0, block = 0, header_len = 0, lines = 0;

    for (; at < text.len; at += TND_SCAN_BLOCK, block++) {
        const char *bytes = text.ptr + at;

        if (text.len - at < TND_SCAN_BLOCK) {
            memset(tail, 'a', sizeof(tail));
            memcpy(tail, bytes, text.len - at);
            bytes = tail;
        }
        struct block b = classify(bytes, &gather);
        /* + and not |: one instruction with the shift */
        uint64_t after_cr = (b.cr << 1) + (last.cr >> 63);
        uint64_t after_lf = (b.lf << 1) + (last.lf >> 63);
        uint64_t after_lf_x = (b.lf << 2) + (last.lf >> 62);

        if (MAKES_MARKS)
            marks[block] = b.mark;
        line_ends[block] = b.lf;
        odd |= after_cr ^ b.lf;
        /* RFC 3261 §7: an empty line ends the header fields: LF LF or LF CR LF */
        uint64_t empty = b.lf & (after_lf | (after_lf_x & after_cr));
        if (__builtin_expect(empty != 0, 0)) {
            unsigned bit = (unsigned)__builtin_ctzll(empty);
            header_len = at + bit + 1;
            lines += count_bits(b.lf << (63 - bit));
            block++;
            break;
        }
        lines += count_bits(b.lf);
        last = b;
    }
    if (MAKES_MARKS)
        marks[block] = marks[block + 1] = 0;
    else
        ret->marks = NULL;
    line_ends[block] = line_ends[block + 1] = 0;
    ret->header_len = header_len;
    ret->line_count = lines;
    ret->odd = odd != 0 || gathered_control(&gather);
    ret->beyond_ascii = gathered_beyond_ascii(&gather);
}
