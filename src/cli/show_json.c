/* A parsed message as JSON. */
#include <jansson.h>
#include <stdio.h>

#include "cli/json.h"
#include "cli/show.h"

static json_t *flaws(const struct show *show)
{
    json_t *list = json_array();

    for (size_t i = 0; i < show->flaw_count; i++) {
        const struct tnd_flaw *flaw = &show->flaws[i];
        struct tnd_place place = show_place(show, flaw);
        static const char *const level[] = {"must", "should", "bound"};

        json_array_append_new(
            list, json_pack("{s:s, s:i, s:i, s:s, s:s, s:s}", "rule", tnd_rule_name(flaw->rule),
                            "line", (int)place.line, "column", (int)place.column, "text",
                            tnd_text(show->lang, tnd_rule_sentence(flaw->rule)), "reference",
                            tnd_rule_law(flaw->rule), "level", level[tnd_rule_level(flaw->rule)]));
    }
    return list;
}

static json_t *headers(const struct tnd_msg *msg)
{
    json_t *list = json_array();

    for (uint32_t i = 1; i <= msg->field_count; i++) {
        const struct tnd_field *f = &msg->fields[i];
        struct tnd_slice name = tnd_field_name(msg, f);

        if (f->kind != TND_HEADER_OTHER)
            name = tnd_slice_str(tnd_header_name((enum tnd_header)f->kind));
        json_array_append_new(list, json_pack("{s:o, s:o}", "name", cli_json_string(name), "value",
                                              cli_json_string(tnd_field_value(msg, f))));
    }
    return list;
}

static json_t *connection(const struct tnd_sdp *sdp, const struct tnd_sdp_media *media)
{
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(sdp, media);

    return conn ? cli_json_string(conn->address) : json_null();
}

static json_t *description(const struct show *show)
{
    const struct tnd_sdp *sdp = show->sdp;
    json_t *list = json_array();

    for (size_t i = 0; i < sdp->media_count; i++) {
        const struct tnd_sdp_media *media = &sdp->media[i];
        json_t *formats = json_array();

        for (size_t j = 0; j < media->format_count; j++)
            json_array_append_new(formats, cli_json_string(media->formats[j]));
        json_array_append_new(
            list,
            json_pack("{s:o, s:i, s:o, s:o, s:o, s:o}", "type", cli_json_string(media->type),
                      "port", (int)media->port, "protocol", cli_json_string(media->proto),
                      "address", connection(sdp, media), "direction",
                      cli_json_string(tnd_sdp_direction_name(tnd_sdp_direction_of(sdp, media))),
                      "formats", formats));
    }
    return json_pack("{s:b, s:o}", "valid", !show->sdp_refused, "media", list);
}

static json_t *message(const struct show *show)
{
    static const char *const kind[] = {"none", "request", "response"};
    const struct tnd_msg *msg = show->msg;
    json_t *m = json_pack("{s:s}", "kind", kind[msg->kind]);

    if (msg->kind == TND_MSG_REQUEST) {
        json_object_set_new(m, "method", cli_json_string(msg->method_name));
        json_object_set_new(m, "uri", cli_json_string(msg->uri));
    } else if (msg->kind == TND_MSG_RESPONSE) {
        json_object_set_new(m, "code", json_integer(msg->code));
        json_object_set_new(m, "reason", cli_json_string(msg->reason));
    }
    if (msg->kind != TND_MSG_REQUEST)
        json_object_set_new(m, "uri", json_null());
    json_object_set_new(m, "headers", headers(msg));
    json_object_set_new(m, "body_length", json_integer((json_int_t)msg->body.len));
    if (show->sdp)
        json_object_set_new(m, "sdp", description(show));
    return m;
}

static json_t *verdict(const struct tnd_msg *msg, enum tnd_stand stand)
{
    static const char *const action[] = {"process", "reply", "drop"};
    struct tnd_verdict v = tnd_msg_verdict(msg, stand);
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    json_t *o = json_pack("{s:s}", "action", action[v.action]);

    if (v.action == TND_REPLY) {
        tnd_verdict_reason(&w, msg, &v);
        json_object_set_new(o, "code", json_integer(v.code));
        json_object_set_new(o, "reason", cli_json_string(tnd_writer_slice(&w)));
    }
    return o;
}

bool show_json(const struct show *show)
{
    const struct tnd_msg *msg = show->msg;
    json_t *o =
        json_pack("{s:s, s:b, s:o, s:I, s:o, s:{s:o, s:o}}", "lang", tnd_lang_code(show->lang),
                  "valid", show->valid, "flaws", flaws(show), "flaws_lost",
                  (json_int_t)show->flaws_lost, "message", message(show), "verdict", "proxy",
                  verdict(msg, TND_AS_PROXY), "user_agent", verdict(msg, TND_AS_UAS));
    bool good = o && json_dumpf(o, stdout, JSON_INDENT(2)) == 0;

    if (good)
        putchar('\n');
    json_decref(o);
    return good;
}
