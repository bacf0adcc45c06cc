/* The body of an INVITE: the session description, and where its owner wants one a further part beside it
 * (RFC 5621 §5). */
#include "ua/call.h"

enum { BOUNDARY_LEN = 24, PARTS_ROOM = 512 };

static void put_boundary(struct tnd_writer *w, struct tnd_slice boundary, const char *end)
{
    tnd_put_str(w, "--");
    tnd_put(w, boundary);
    tnd_put_str(w, end);
}

/* RFC 5621 §8.2: the part need not be understood; multipart/mixed itself must be, for the description is in it. */
static void put_parts(struct tnd_writer *w, const struct ua_errand *e, struct tnd_slice boundary,
                      struct tnd_slice description)
{
    put_boundary(w, boundary, "\r\n");
    tnd_put_field(w, TND_HEADER_CONTENT_TYPE, TND_STR("application/sdp"));
    tnd_put_line_end(w);
    tnd_put(w, description);
    tnd_put_line_end(w);
    put_boundary(w, boundary, "\r\n");
    tnd_put_field(w, TND_HEADER_CONTENT_TYPE, e->with.part_type);
    tnd_put_field(w, TND_HEADER_CONTENT_DISPOSITION, TND_STR("render;handling=optional"));
    tnd_put_line_end(w);
    tnd_put(w, e->with.part);
    tnd_put_line_end(w);
    put_boundary(w, boundary, "--\r\n");
}

static struct tnd_slice type_with(struct tnd_arena *a, struct tnd_slice boundary)
{
    size_t room = boundary.len + 32;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    tnd_put_str(&w, "multipart/mixed;boundary=");
    tnd_put(&w, boundary);
    return tnd_writer_slice(&w);
}

/* Leaves out what was too large, or was not understood (RFC 3261 §8.1.3.5). */
static bool wants_parts(const struct ua_errand *e)
{
    const struct tnd_recover_next *next = &e->recover.next;

    return e->with.part.ptr && !next->is_smaller && !next->sdp_only;
}

bool ua_parts_describe(struct tnd_ua *ua, struct ua_errand *e, struct tnd_slice description)
{
    struct tnd_arena *a = &e->object.arena;
    char drawn[BOUNDARY_LEN];

    e->has_parts = wants_parts(e);
    if (!e->has_parts) {
        e->content_type = TND_STR("application/sdp");
        e->body = tnd_slice_keep(a, description);
        return e->body.ptr;
    }
    ua_draw(ua, "part", drawn, BOUNDARY_LEN);
    struct tnd_slice boundary = tnd_slice(drawn, BOUNDARY_LEN);
    size_t room = description.len + e->with.part_type.len + e->with.part.len + PARTS_ROOM;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    put_parts(&w, e, boundary, description);
    e->body = tnd_writer_slice(&w);
    e->content_type = type_with(a, boundary);
    return description.ptr && !tnd_arena_over(a);
}
