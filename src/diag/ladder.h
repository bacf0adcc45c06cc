/* A ladder of messages: who takes part, and a line for each message or remark, from the top. It is drawn as
 * text for a terminal, or as inline SVG in the colours of a page. Nothing here knows how the messages came:
 * a simulated world, a capture, or a server.
 *
 *              caller                   proxy                    callee
 *       0.000  |-- INVITE ------------->|                        |
 *       0.002  |                        |-- INVITE ------------->|
 *       0.004  |<- 302 Moved Temp.. ----|                        |
 *              |   Contact: <sip:lab-200@127.0.0.1>              |
 *              => the caller follows the Contact
 */
#ifndef DIAG_LADDER_H
#define DIAG_LADDER_H

#include "tandem/base.h"

enum {
    TND_LADDER_PARTY_COUNT_MAX = 6,
    TND_LADDER_LINE_COUNT_MAX =
        200, /* more is no picture any more: the rest is left out, and said so */
    TND_LADDER_FACT_COUNT_MAX = 12,
};

enum tnd_ladder_tone {
    TND_LADDER_PLAIN,
    TND_LADDER_GOOD, /* it went well */
    TND_LADDER_BAD,  /* it did not */
    TND_LADDER_FAINT, /* what was seen before: a retransmission. Text says "again" beside its arrow */
    TND_LADDER_GOING, /* it is under way: a provisional response */
    TND_LADDER_TURN,  /* it leads elsewhere: a redirect */
};

struct tnd_ladder_line {
    int64_t at;       /* microseconds since the first line */
    uint8_t from, to; /* parties; the same one twice: a remark at it */
    uint8_t tone;     /* enum tnd_ladder_tone */
    bool is_lost;     /* it left, and did not arrive */
    bool is_timeless; /* when is not said */
    uint8_t fact_count;
    struct tnd_slice text; /* "302 Moved Temporarily"; a remark: whatever is to be said */
    struct tnd_slice
        fact[TND_LADDER_FACT_COUNT_MAX]; /* what it says that matters: "Contact: <sip:bob@host>" */
    struct tnd_slice aside;              /* a word beside the arrow: "TCP"; absent: none */
    const char *mark;                    /* of a remark, in front of it, ASCII; NULL: "=> " */
};

/* Borrows all. Texts may be hostile: whoever draws escapes them. */
struct tnd_ladder {
    struct tnd_slice title;                             /* what is drawn, for who cannot see it */
    struct tnd_slice party[TND_LADDER_PARTY_COUNT_MAX]; /* from the left */
    size_t party_count;
    const struct tnd_ladder_line *line;
    size_t line_count;
    uint8_t lang; /* enum tnd_lang: of what the drawing says by itself */
};

/* As <svg>, for the inside of a page whose style sheet has .lane, .arrow and so on (web/style.css). */
void tnd_ladder_svg(struct tnd_writer *w, const struct tnd_ladder *ladder);

/* How a terminal has it. */
struct tnd_ladder_look {
    unsigned width; /* columns; 0: no bound. What does not fit is cut; remarks are wrapped */
    bool utf8, colour;
};

/* As lines of text: the names of the parties, and each line. */
void tnd_ladder_text(struct tnd_writer *w, const struct tnd_ladder *ladder,
                     const struct tnd_ladder_look *look);

/* The same piece by piece, for who draws while it happens. Of the ladder the parties count. */
void tnd_ladder_text_names(struct tnd_writer *w, const struct tnd_ladder *ladder,
                           const struct tnd_ladder_look *look);
void tnd_ladder_text_line(struct tnd_writer *w, const struct tnd_ladder *ladder,
                          const struct tnd_ladder_look *look, const struct tnd_ladder_line *line);

#endif
