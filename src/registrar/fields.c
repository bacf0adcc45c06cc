/* The header fields of the answers. */
#include "registrar/parts.h"

enum { FIRST_ROOM = 512 }; /* of most answers; one that is longer is written again */

struct tnd_slice registrar_write(struct tnd_arena *a, const struct registrar_asking *q,
                                 registrar_put *put)
{
    for (size_t room = FIRST_ROOM;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        put(&w, q);
        tnd_arena_shrink(a, at, tnd_writer_over(&w) ? 0 : w.len);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

void registrar_put_flat(struct tnd_writer *w, struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        tnd_put_char(w, text.ptr[i] == '\r' || text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
}

/* qvalue, of thousandths: "0.5", "1.0" (RFC 3261 §25.1). */
static void put_q(struct tnd_writer *w, int q)
{
    int rest = q % 1000, digit = 100;

    tnd_put(w, TND_STR(";q="));
    tnd_put_number(w, (uint64_t)q / 1000);
    tnd_put_char(w, '.');
    do {
        tnd_put_char(w, (char)('0' + rest / digit));
        rest %= digit;
        digit /= 10;
    } while (rest > 0);
}

/* RFC 3261 §10.3, step 8: each "MUST feature an "expires" parameter" */
static void put_contact(struct tnd_writer *w, const struct tnd_binding *b, int64_t left)
{
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    tnd_put_char(w, '<');
    tnd_put(w, b->uri);
    tnd_put_char(w, '>');
    tnd_put(w, b->params);
    if (b->q >= 0)
        put_q(w, b->q);
    tnd_put(w, TND_STR(";expires="));
    tnd_put_number(w, left < UINT32_MAX ? (uint64_t)left : UINT32_MAX);
    tnd_put_line_end(w);
}

/* RFC 3327 §5.3: the values of Path are copied, in their order. */
static void put_paths(struct tnd_writer *w, const struct tnd_msg *request)
{
    for (const struct tnd_field *f = tnd_msg_field(request, TND_HEADER_PATH); f;
         f = f->next ? &request->fields[f->next] : NULL)
        tnd_put_field(w, TND_HEADER_PATH, tnd_field_value(request, f));
}

/* RFC 3261 §10.3: "MUST NOT include a Record-Route header field in any response to a REGISTER" */
void registrar_put_ok(struct tnd_writer *w, const struct registrar_asking *q)
{
    for (size_t i = 0; i < q->entry->binding_count; i++) {
        const struct tnd_binding *b = &q->entry->bindings[i];

        if (b->until > q->with->wall)
            put_contact(w, b, b->until - q->with->wall);
    }
    tnd_put_field_name(w, TND_HEADER_DATE);
    tnd_date_write(w, TND_SEC(q->with->wall));
    tnd_put_line_end(w);
    put_paths(w, q->request);
    if (q->with->service_route.ptr) /* RFC 3608 §6.3 */
        tnd_put_field(w, TND_HEADER_SERVICE_ROUTE, q->with->service_route);
    tnd_put_field(w, TND_HEADER_SUPPORTED, TND_STR("path"));
}

void registrar_put_min_expires(struct tnd_writer *w, const struct registrar_asking *q)
{
    tnd_put_field_name(w, TND_HEADER_MIN_EXPIRES);
    tnd_put_number(w, q->with->min_expires);
    tnd_put_line_end(w);
}

void registrar_put_max_contacts(struct tnd_writer *w, const struct registrar_asking *q)
{
    tnd_put(w, TND_STR("max_contacts "));
    tnd_put_number(w, q->with->max_contacts);
}
