/* Ladder: draws what happens as it happens, by diag/ladder.h. */
#include "cli/ladder.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/siphash.h"

bool ladder_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < 3; i++) {
        const char *value = getenv(names[i]);
        const char *set = value ? strchr(value, '.') : NULL;

        if (value && *value) /* the first one that says something decides: locale(7) */
            return set && (strcasecmp(set + 1, "UTF-8") == 0 || strcasecmp(set + 1, "utf8") == 0);
    }
    return false;
}

static unsigned width_of(FILE *stream)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;

    if (!isatty(fileno(stream)))
        return 0;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    int width = columns ? atoi(columns) : 80;
    return width > 0 ? (unsigned)width : 0;
}

void ladder_start(struct ladder *l, FILE *stream, tnd_time start)
{
    *l = (struct ladder){.out = stream, .start = start};
    l->drawn.party[0] = TND_STR("you");
    l->drawn.party_count = 1;
    if (stream)
        l->look = (struct tnd_ladder_look){
            .width = width_of(stream), .utf8 = ladder_utf8(), .colour = cli_colour(stream)};
}

/* line NULL: the names of the parties. */
static void write_line(const struct ladder *l, const struct tnd_ladder_line *line,
                       struct tnd_writer *w)
{
    if (line)
        tnd_ladder_text_line(w, &l->drawn, &l->look, line);
    else
        tnd_ladder_text_names(w, &l->drawn, &l->look);
}

/* Written once to know how long it is. */
static void draw(const struct ladder *l, const struct tnd_ladder_line *line)
{
    struct tnd_writer counted = tnd_writer(NULL, 0);

    write_line(l, line, &counted);
    char *room = malloc(counted.len);
    if (!room)
        return;
    struct tnd_writer w = tnd_writer(room, counted.len);
    write_line(l, line, &w);
    fwrite(room, 1, w.len, l->out);
    free(room);
    fflush(l->out);
}

/* The same bytes to or from the same end were seen. */
static bool is_known(struct ladder *l, const struct tnd_seen *seen)
{
    static const struct tnd_siphash_key key = {0};
    uint64_t digest =
        tnd_siphash_1_3(&key, seen->bytes) ^
        tnd_siphash_1_3(&key, tnd_slice((const char *)&seen->remote, sizeof(seen->remote))) ^
        (uint64_t)seen->sent;
    size_t count = l->known_count < LADDER_KNOWN_COUNT ? l->known_count : LADDER_KNOWN_COUNT;

    for (size_t i = 0; i < count; i++)
        if (l->known[i] == digest)
            return true;
    l->known[l->known_count++ % LADDER_KNOWN_COUNT] = digest;
    return false;
}

static struct tnd_slice name_of(struct ladder *l, size_t end)
{
    struct tnd_writer w = tnd_writer(l->names[end], sizeof(l->names[end]));
    struct tnd_endpoint plain = l->ends[end];

    plain.transport = TND_TRANSPORT_NONE;
    tnd_endpoint_write(&w, &plain);
    return tnd_writer_slice(&w);
}

/* Which party an end is, from now on; the first is we. */
static uint8_t party_of(struct ladder *l, const struct tnd_endpoint *remote)
{
    size_t count = l->drawn.party_count - 1;

    for (size_t i = 0; i < count; i++)
        if (tnd_address_eq(&l->ends[i], remote) && l->ends[i].port == remote->port)
            return (uint8_t)(i + 1);
    if (count == LADDER_END_COUNT_MAX)
        count = 0;
    l->ends[count] = *remote;
    l->drawn.party[count + 1] = name_of(l, count);
    l->drawn.party_count = count + 2;
    draw(l, NULL);
    return (uint8_t)(count + 1);
}

void ladder_message(struct ladder *l, const struct tnd_seen *seen, const struct tnd_msg *msg,
                    struct tnd_arena *a)
{
    if (!l->out)
        return;
    bool is_again = is_known(l, seen);
    uint8_t there = party_of(l, &seen->remote);
    struct tnd_ladder_line line = {
        .at = seen->at - l->start,
        .from = seen->sent ? 0 : there,
        .to = seen->sent ? there : 0,
        .tone = is_again
                    ? TND_LADDER_FAINT
                    : (uint8_t)tnd_ladder_tone_of(msg->kind == TND_MSG_RESPONSE ? msg->code : 0),
        .text = tnd_ladder_label(msg, a),
        .aside = seen->remote.transport == TND_TRANSPORT_TCP ? TND_STR("TCP") : TND_STR(""),
    };
    if (!is_again)
        line.fact_count = (uint8_t)tnd_ladder_facts(msg, a, line.fact);
    draw(l, &line);
}

void ladder_note(struct ladder *l, enum ladder_tone tone, const char *mark, struct tnd_slice text)
{
    static const uint8_t tones[] = {TND_LADDER_PLAIN, TND_LADDER_GOOD, TND_LADDER_BAD};

    if (l->out)
        draw(l, &(struct tnd_ladder_line){.tone = tones[tone], .text = text, .mark = mark});
}
