/* What is kept of an address-of-record, as JSON: of commands, and of the web. */
#include "web/forward.h"
#include "web/json.h"
#include "web/moment.h"

json_t *web_forward_json(struct tnd_slice aor, const struct tnd_forward *f)
{
    char until[MOMENT_SIZE];

    return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o}", "aor", tnd_json_string(aor), "uri",
                     tnd_json_string(f->uri), "when", web_forward_when_name(f->when), "mode",
                     web_forward_mode_name(f->mode), "until",
                     f->until ? json_string(moment_write(until, f->until, false)) : json_null(),
                     "after",
                     f->when == TND_FORWARD_NO_ANSWER ? json_integer(f->after) : json_null());
}

int web_contact_q(const struct tnd_binding *b)
{
    return b->q < 0 ? 1000 : b->q;
}

struct tnd_slice web_contact_source(const struct tnd_binding *b, char room[TND_ENDPOINT_LEN_MAX])
{
    struct tnd_writer w = tnd_writer(room, TND_ENDPOINT_LEN_MAX);

    if (b->source.family != TND_FAMILY_NONE)
        tnd_endpoint_write(&w, &b->source);
    return tnd_writer_slice(&w);
}

json_t *web_contact_json(struct tnd_slice aor, const struct tnd_binding *b, int64_t now)
{
    char source[TND_ENDPOINT_LEN_MAX];

    return json_pack("{s:o, s:o, s:f, s:I, s:o, s:o, s:I}", "aor", tnd_json_string(aor), "uri",
                     tnd_json_string(b->uri), "q", web_contact_q(b) / 1000.0, "expires_in",
                     (json_int_t)(b->until - now), "source",
                     tnd_json_string(web_contact_source(b, source)), "call_id",
                     tnd_json_string(b->call_id), "cseq", (json_int_t)b->cseq);
}
