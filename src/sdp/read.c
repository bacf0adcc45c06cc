/* Reads a session description: RFC 8866 §5 and §9.
 *
 * Two passes. The first counts the lines of each letter, so that each list is one array of
 * the right size; parts follow one another in the text, so each part's list is a piece of
 * that array. The second takes line by line, checks its place, and reads its value
 * (read_line.c). Both look at each byte a fixed number of times. */
#include "sdp/read.h"

/* The order of the letters in the session part and in a stream's (RFC 8866 §5). */
static const struct tnd_slice session_order = {"vosiuepcbtrzka", 14};
static const struct tnd_slice media_order = {"micbka", 6};

void tnd_sdp_blame(struct tnd_sdp_flaws *flaws, enum tnd_rule rule, struct tnd_slice where)
{
    if (flaws->count < TND_SDP_FLAW_COUNT_MAX)
        flaws->first[flaws->count] = (struct tnd_flaw){rule, where};
    flaws->count++;
    if (tnd_rule_level(rule) != TND_LEVEL_SHOULD)
        flaws->refusing = true;
}

void tnd_sdp_blame_all(struct tnd_sdp_flaws *flaws, const struct tnd_sdp_flaws *more)
{
    size_t kept = more->count < TND_SDP_FLAW_COUNT_MAX ? more->count : TND_SDP_FLAW_COUNT_MAX;

    for (size_t i = 0; i < kept; i++)
        tnd_sdp_blame(flaws, more->first[i].rule, more->first[i].where);
    flaws->count += more->count - kept;
    flaws->refusing |= more->refusing;
}

/* Takes the next line off rest, without its end. false: there is none left. */
static bool take_line(struct tnd_slice *rest, struct tnd_slice *ret, bool *ret_ended)
{
    if (rest->len == 0)
        return false;
    *ret_ended = tnd_sdp_cut(rest, '\n', ret);
    return true;
}

/* At least as many as the line has formats that are kept. */
static size_t count_formats(struct tnd_slice line)
{
    size_t count = 0;

    for (size_t i = 1; i < line.len && count < TND_SDP_FORMAT_COUNT_MAX; i++)
        count += line.ptr[i] != ' ' && line.ptr[i - 1] == ' ';
    return count;
}

/* How many of each there are, by letter; formats stand under 'f'. */
static void count_lines(struct tnd_slice text, size_t counts[128])
{
    struct tnd_slice line;
    bool ended;

    while (take_line(&text, &line, &ended)) {
        if (line.len < 2 || line.ptr[1] != '=' || (unsigned char)line.ptr[0] >= 128)
            continue;
        counts[(unsigned char)line.ptr[0]]++;
        if (line.ptr[0] == 'm')
            counts['f'] += count_formats(line);
    }
}

static size_t at_most(size_t n, size_t max)
{
    return n < max ? n : max;
}

static void *take_list(struct tnd_arena *a, size_t count, size_t size)
{
    return count > 0 ? tnd_arena_zero(a, count, size) : NULL;
}

/* An array for each list. */
static void take_lists(struct reader *r, struct tnd_arena *a, const size_t counts[128])
{
    struct lists *l = &r->lists;

    l->attr_left = at_most(counts['a'], TND_SDP_ATTR_COUNT_MAX);
    l->conn_left = at_most(counts['c'], TND_SDP_CONN_COUNT_MAX);
    l->bandwidth_left = at_most(counts['b'], TND_SDP_BANDWIDTH_COUNT_MAX);
    l->time_left = at_most(counts['t'], TND_SDP_TIME_COUNT_MAX);
    l->repeat_left = at_most(counts['r'], TND_SDP_REPEAT_COUNT_MAX);
    l->email_left = at_most(counts['e'], TND_SDP_EMAIL_COUNT_MAX);
    l->phone_left = at_most(counts['p'], TND_SDP_PHONE_COUNT_MAX);
    l->media_left = at_most(counts['m'], TND_SDP_MEDIA_COUNT_MAX);
    l->format_left = at_most(counts['f'], TND_SDP_MEDIA_COUNT_MAX * TND_SDP_FORMAT_COUNT_MAX);
    l->attr = take_list(a, l->attr_left, sizeof(*l->attr));
    l->conn = take_list(a, l->conn_left, sizeof(*l->conn));
    l->bandwidth = take_list(a, l->bandwidth_left, sizeof(*l->bandwidth));
    l->time = take_list(a, l->time_left, sizeof(*l->time));
    l->repeat = take_list(a, l->repeat_left, sizeof(*l->repeat));
    l->email = take_list(a, l->email_left, sizeof(*l->email));
    l->phone = take_list(a, l->phone_left, sizeof(*l->phone));
    l->media = take_list(a, l->media_left, sizeof(*l->media));
    l->format = take_list(a, l->format_left, sizeof(*l->format));
}

static int rank_of(struct tnd_slice order, char letter)
{
    const char *at = memchr(order.ptr, letter, order.len);

    return at ? (int)(at - order.ptr) : -1;
}

/* Whether a line of that rank may follow what was there. A "t=" may also follow the "r="
 * and "z=" of the one before (RFC 8866 §5). */
static bool is_in_order(const struct reader *r, int rank, char letter)
{
    if (letter == 't' && r->rank <= rank_of(session_order, 'z'))
        return true;
    return rank >= r->rank;
}

static bool is_once(const struct reader *r, char letter)
{
    return memchr(r->media ? "ik" : "vosiuck", letter, r->media ? 2 : 7) != NULL;
}

static bool was_seen(struct reader *r, char letter)
{
    uint32_t bit = (uint32_t)1 << (letter - 'a');
    bool seen = (r->seen & bit) != 0;

    r->seen |= bit;
    return seen;
}

/* Whether the line may stand where it is; else it is left out. */
static bool check_place(struct reader *r, char letter, struct tnd_slice line)
{
    int rank = rank_of(r->media ? media_order : session_order, letter);

    if (letter == 'm')
        return true;
    if (rank < 0) {
        bool known = rank_of(session_order, letter) >= 0;
        tnd_sdp_blame(r->flaws, known ? TND_RULE_SDP_ORDER : TND_RULE_SDP_TYPE, line);
        return false;
    }
    if (was_seen(r, letter) && is_once(r, letter)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_ONCE, line);
        return false;
    }
    if (!is_in_order(r, rank, letter))
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_ORDER, line);
    if (rank > r->rank || letter == 't')
        r->rank = rank;
    return true;
}

/* The line without its CR; bare LF is named and read all the same (RFC 8866 §5).
 *
 * Departs from RFC 8866 §9: a last line without any end is read too, because phones in the
 * field leave it open, and Content-Length has said that nothing is missing. */
static struct tnd_slice strip_end(struct reader *r, struct tnd_slice line, bool ended)
{
    if (!ended)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_LAST_LINE, line);
    else if (line.len == 0 || line.ptr[line.len - 1] != '\r')
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_LINE_END, line);
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static void read_line(struct reader *r, struct tnd_slice line)
{
    if (line.len < 2 || line.ptr[1] != '=') {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_LINE_FORM, line);
        return;
    }
    struct tnd_slice value = tnd_slice(line.ptr + 2, line.len - 2);
    if (value.len > 0 && !tnd_sdp_is_text(value)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_CONTROL, line);
        return;
    }
    if (check_place(r, line.ptr[0], line))
        tnd_sdp_read_value(r, line.ptr[0], line, value);
}

/* What each description must have (RFC 8866 §9); where is its end. */
static void check_whole(struct reader *r, struct tnd_slice where)
{
    const struct tnd_sdp *sdp = r->sdp;

    for (const char *letter = "vost"; *letter; letter++)
        if (!(r->seen_session & (uint32_t)1 << (*letter - 'a')))
            tnd_sdp_blame(r->flaws, TND_RULE_SDP_MISSING, where);
    for (size_t i = 0; i < sdp->media_count; i++) {
        if (tnd_sdp_conn_of(sdp, &sdp->media[i]))
            continue;
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_CONNECTION_MISSING, where);
        return;
    }
}

/* Departs from RFC 8866 §9: empty lines behind the last line are named and left out, because
 * phones in the field count one more CRLF into Content-Length, and it can mean nothing else. */
static struct tnd_slice without_last_empty_lines(struct reader *r, struct tnd_slice text)
{
    size_t len = text.len, end;

    while (len > 1 && text.ptr[len - 1] == '\n') {
        end = text.ptr[len - 2] == '\r' ? len - 2 : len - 1;
        if (end == 0 || text.ptr[end - 1] != '\n')
            break;
        len = end;
    }
    if (len < text.len)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_EMPTY_LINE, tnd_slice(text.ptr + len, 1));
    return tnd_slice(text.ptr, len);
}

static void read_lines(struct reader *r, struct tnd_slice text)
{
    struct tnd_slice line, rest;
    bool ended;

    rest = text = without_last_empty_lines(r, text);
    while (take_line(&rest, &line, &ended))
        read_line(r, strip_end(r, line, ended));
    if (!r->media)
        r->seen_session = r->seen;
    check_whole(r, tnd_slice(text.len > 0 ? tnd_slice_end(text) : text.ptr, 0));
}

int tnd_sdp_read(struct tnd_arena *a, struct tnd_slice text, struct tnd_sdp *ret,
                 struct tnd_sdp_flaws *ret_flaws)
{
    struct tnd_sdp_flaws flaws = {.first = {{0}}};
    struct tnd_sdp sdp = {0};
    struct reader r = {.sdp = &sdp, .flaws = &flaws, .part = &sdp.session};
    size_t counts[128] = {0};

    if (text.len > TND_SDP_SIZE_MAX) {
        tnd_sdp_blame(&flaws, TND_RULE_SDP_SIZE, tnd_slice(text.ptr, 0));
        text.len = 0;
    }
    count_lines(text, counts);
    take_lists(&r, a, counts);
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    read_lines(&r, text);
    tnd_sdp_blame_all(ret_flaws, &flaws);
    *ret = sdp;
    return flaws.refusing ? TND_ESYNTAX : 0;
}
