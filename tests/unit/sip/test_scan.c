/* The scans: by vectors and portable, they say the same. */
#include "sip/scan.h"

#include "unit/guarded.h"
#include "unit/test.h"

enum { LEN_MAX = 300, WORDS_MAX = LEN_MAX / TND_SCAN_BLOCK + 3 };

struct scanned {
    uint64_t marks[WORDS_MAX], line_ends[WORDS_MAX];
    struct tnd_scan scan;
};

static void scan_with(void (*scan)(struct tnd_slice, struct tnd_scan *), struct tnd_slice text,
                      struct scanned *ret)
{
    memset(ret, 0xee, sizeof(*ret));
    ret->scan = (struct tnd_scan){.marks = ret->marks, .line_ends = ret->line_ends};
    scan(text, &ret->scan);
}

/* What the words say of the bytes that were scanned: all, or up to the empty line. */
static bool same_line_ends(const struct scanned *a, const struct scanned *b, size_t len)
{
    size_t blocks = (len + TND_SCAN_BLOCK - 1) / TND_SCAN_BLOCK;

    return memcmp(a->line_ends, b->line_ends, blocks * 8) == 0;
}

static void check_same(const struct scanned *a, const struct scanned *b, size_t len)
{
    CHECK_EQ(a->scan.header_len, b->scan.header_len);
    CHECK_EQ(a->scan.line_count, b->scan.line_count);
    CHECK_EQ(a->scan.odd, b->scan.odd);
    CHECK_EQ(a->scan.beyond_ascii, b->scan.beyond_ascii);
    CHECK(same_line_ends(a, b, a->scan.header_len ? a->scan.header_len : len));
}

static bool is_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           (c && strchr("-._~!*'+", c));
}

/* The dumb model: marks and the empty line, byte by byte. */
static void check_model(const struct scanned *s, struct tnd_slice text)
{
    size_t header_len = 0;

    for (size_t i = 0; i < text.len && !header_len; i++) {
        bool lf = text.ptr[i] == '\n';
        if (s->scan.marks)
            CHECK_EQ(s->marks[i / 64] >> (i % 64) & 1, !is_plain((unsigned char)text.ptr[i]));
        CHECK_EQ(s->line_ends[i / 64] >> (i % 64) & 1, lf);
        if (lf && i >= 1 &&
            (text.ptr[i - 1] == '\n' ||
             (i >= 2 && text.ptr[i - 1] == '\r' && text.ptr[i - 2] == '\n')))
            header_len = i + 1;
    }
    CHECK_EQ(s->scan.header_len, header_len);
}

static uint32_t seed = 1;

static unsigned draw(unsigned limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % limit;
}

/* Any bytes; or mostly letters, with line ends among them. */
static void fill(char *text, size_t len, bool any)
{
    static const char lines[] = "ab\r\n\n\t:;\x80";

    for (size_t i = 0; i < len; i++)
        text[i] = (char)(any ? draw(256) : draw(4) ? 'x' : (unsigned char)lines[draw(9)]);
}

TND_TEST(scans_agree, "ARCHITECTURE §5",
         "the vector scan, the portable one and a dumb model say the same of any bytes")
{
    char text[LEN_MAX];
    struct scanned a, b;

    for (unsigned len = 0; len <= LEN_MAX; len++) {
        for (unsigned round = 0; round < 8; round++) {
            fill(text, len, round == 0);
            struct tnd_slice s = guarded(tnd_slice(text, len));
            scan_with(tnd_scan_portable, s, &a);
            scan_with(tnd_scan, s, &b);
            check_same(&a, &b, len);
            check_model(&a, s);
            check_model(&b, s);
            guarded_free(s);
        }
    }
}

TND_TEST(scans_at_every_alignment, "ARCHITECTURE §5", "where a text starts does not matter")
{
    _Alignas(64) static char room[64 + LEN_MAX];
    struct scanned a, b;

    for (unsigned start = 0; start < 64; start++) {
        fill(room, sizeof(room), false);
        for (unsigned len = 0; len <= LEN_MAX; len += 7) {
            scan_with(tnd_scan_portable, tnd_slice(room + start, len), &a);
            scan_with(tnd_scan, tnd_slice(room + start, len), &b);
            check_same(&a, &b, len);
            check_model(&b, tnd_slice(room + start, len));
        }
    }
}

TND_TEST(marks_are_made_anywhere, "ARCHITECTURE §5",
         "the marks of 64 bytes, made where a reader stands, are those of a dumb model; from the "
         "limit on all are marks, and nothing is read")
{
    char text[LEN_MAX];

    for (unsigned round = 0; round < 16; round++) {
        for (unsigned i = 0; i < sizeof(text); i++)
            text[i] = (char)(round < 2 ? i + 50 * round : draw(256));
        struct tnd_slice s = guarded(tnd_slice(text, sizeof(text)));
        for (size_t at = 0; at <= s.len; at++) {
            uint64_t marks = tnd_marks_at(s.ptr + at, tnd_slice_end(s));
            for (size_t i = 0; i < 64; i++)
                CHECK_EQ(marks >> i & 1,
                         at + i >= s.len || !is_plain((unsigned char)s.ptr[at + i]));
        }
        guarded_free(s);
    }
}

TND_TEST(scans_see_odd_bytes, "RFC 3261 §25.1",
         "a control character, a bare CR or LF and a byte beyond ASCII are seen at every place")
{
    char text[160];
    struct scanned s;
    void (*const scans[])(struct tnd_slice, struct tnd_scan *) = {tnd_scan, tnd_scan_portable};

    for (unsigned i = 0; i < 2 * sizeof(text); i++) {
        for (unsigned c = 0; c < 256; c++) {
            memset(text, 'a', sizeof(text));
            text[i / 2] = (char)c;
            scan_with(scans[i % 2], tnd_slice(text, sizeof(text)), &s);
            if (c != '\r' || i / 2 < sizeof(text) - 1) /* it may yet get its LF */
                CHECK_EQ(s.scan.odd, (c < 32 && c != '\t') || c == 127);
            CHECK_EQ(s.scan.beyond_ascii, c > 127);
        }
    }
}

TND_TEST(scans_find_the_empty_line, "RFC 3261 §7",
         "the empty line is found at every place, across blocks")
{
    char text[200];
    struct scanned s;

    for (unsigned i = 0; i + 4 <= sizeof(text); i++) {
        memset(text, 'a', sizeof(text));
        memcpy(text + i, "\r\n\r\n", 4);
        scan_with(tnd_scan, tnd_slice(text, sizeof(text)), &s);
        CHECK_EQ(s.scan.header_len, i + 4);
        CHECK_EQ(s.scan.line_count, 2);
        scan_with(tnd_scan_portable, tnd_slice(text, sizeof(text)), &s);
        CHECK_EQ(s.scan.header_len, i + 4);
        for (unsigned len = 0; len < 4; len++) {
            scan_with(tnd_scan, tnd_slice(text, i + len), &s);
            CHECK_EQ(s.scan.header_len, 0);
        }
    }
}
