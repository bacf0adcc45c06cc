/* The API: forwards of a user. What tandem forward does, by HTTP. */
#include <stdio.h>

#include "net/heap.h"
#include "web/forward.h"
#include "web/inside.h"
#include "web/own.h"

enum { ENTRY_SIZE_MAX = 8 << 20, AFTER_SIZE = 24 };

/* Whose: the last part of the path. */
static bool read_aor(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                     struct web_aor *ret)
{
    if (web_aor_read(r->part[0], ret) == 0)
        return true;
    tnd_http_fail(reply, 400, "'%.*s' is not like alice@example.com", TND_FMT(r->part[0]));
    return false;
}

void get_forwards(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct tnd_db_reader *reader = NULL;
    enum tnd_store_result result = TND_STORE_FAILED;
    struct web_aor aor;
    struct tnd_entry entry;
    struct tnd_arena a;

    if (!read_aor(r, reply, &aor))
        return;
    tnd_arena_init(&a, NULL, 0, &tnd_heap, ENTRY_SIZE_MAX);
    if (tnd_db_reader_new(r->web->db, &reader) == 0)
        result = tnd_db_find(reader, aor.text, r->now / 1000000, &a, &entry);
    if (result == TND_STORE_OK) {
        json_t *list = json_array();

        for (size_t i = 0; i < entry.forward_count; i++)
            json_array_append_new(list, web_forward_json(aor.text, &entry.forwards[i]));
        tnd_http_json(reply, 200, list);
    } else {
        tnd_http_fail(reply, 500, "the store cannot be read");
    }
    tnd_db_reader_free(&reader);
    tnd_arena_fini(&a);
}

/* A member that is a text, or null, which is as if it were not there. */
static bool take_text(const json_t *value, const char **ret)
{
    *ret = json_string_value(value);
    return *ret || json_is_null(value);
}

static bool take_seconds(const json_t *value, char room[static AFTER_SIZE], const char **ret)
{
    if (json_is_integer(value)) {
        snprintf(room, AFTER_SIZE, "%lld", (long long)json_integer_value(value));
        *ret = room;
    }
    return json_is_integer(value) || json_is_null(value);
}

/* The members of the body. after: room for its text. */
static bool take_members(json_t *object, char after[static AFTER_SIZE],
                         struct web_forward_words *ret, struct tnd_http_reply *reply)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value)
    {
        bool is_right = false;

        if (strcmp(name, "uri") == 0)
            is_right = take_text(value, &ret->uri);
        else if (strcmp(name, "when") == 0)
            is_right = take_text(value, &ret->when);
        else if (strcmp(name, "mode") == 0)
            is_right = take_text(value, &ret->mode);
        else if (strcmp(name, "until") == 0)
            is_right = take_text(value, &ret->until);
        else if (strcmp(name, "after") == 0)
            is_right = take_seconds(value, after, &ret->after);
        if (!is_right) {
            tnd_http_fail(reply, 422,
                          "%.100s: give uri, until, when and mode as texts, and after as a number",
                          name);
            return false;
        }
    }
    if (!ret->uri)
        tnd_http_fail(reply, 422, "uri: say where the calls go");
    return ret->uri != NULL;
}

static bool is_there(const struct tnd_http_request *r, struct tnd_slice aor, uint8_t when)
{
    struct tnd_db_reader *reader = NULL;
    struct tnd_entry entry = {.forward_count = 0};
    struct tnd_arena a;
    bool found = false;

    tnd_arena_init(&a, NULL, 0, &tnd_heap, ENTRY_SIZE_MAX);
    if (tnd_db_reader_new(r->web->db, &reader) == 0)
        tnd_db_find(reader, aor, r->now / 1000000, &a, &entry);
    for (size_t i = 0; i < entry.forward_count; i++)
        found = found || entry.forwards[i].when == when;
    tnd_db_reader_free(&reader);
    tnd_arena_fini(&a);
    return found;
}

static void set(const struct tnd_http_request *r, json_t *object, struct tnd_http_reply *reply)
{
    struct web_forward_words words = {.dash = ""};
    struct web_forward_fault wrong;
    struct tnd_db_fault fault;
    struct tnd_forward f;
    struct web_aor aor;
    char after[AFTER_SIZE];

    if (!read_aor(r, reply, &aor) || !take_members(object, after, &words, reply))
        return;
    if (!web_settings_serve(r->web->settings, aor.domain)) {
        tnd_http_fail(reply, 422, "%.*s is not served here, so nobody would ever ask for %.*s",
                      TND_FMT(aor.domain), TND_FMT(aor.text));
        return;
    }
    if (!web_forward_read(&words, &aor, r->now / 1000000, &wrong, &f)) {
        tnd_http_fail(reply, 422, "%s", wrong.text);
        return;
    }
    unsigned status = is_there(r, aor.text, f.when) ? 200 : 201;
    if (tnd_db_put_forward(r->web->db, aor.text, &f, r->now / 1000000, &fault))
        tnd_http_fail(reply, 500, "%s", fault.text);
    else
        tnd_http_json(reply, status, web_forward_json(aor.text, &f));
}

static bool is_json(const struct tnd_http_request *r)
{
    const struct tnd_slice json = TND_STR("application/json");
    struct tnd_slice type = tnd_http_header(r, "Content-Type");

    return !type.ptr ||
           (type.len >= json.len && tnd_slice_eq_fold(tnd_slice(type.ptr, json.len), json));
}

void put_forward(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    json_error_t error;

    if (!is_json(r)) {
        tnd_http_fail(reply, 415, "give the forward as application/json");
        return;
    }
    json_t *object =
        json_loadb(r->body.ptr ? r->body.ptr : "", r->body.len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(object))
        tnd_http_fail(reply, 400, "the body is no object of JSON: %s",
                      object ? "it is something else" : error.text);
    else
        set(r, object, reply);
    json_decref(object);
}

void delete_forwards(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct tnd_slice chosen = tnd_http_query(r, "when");
    uint8_t when = TND_FORWARD_WHEN_COUNT;
    char text[16] = "";
    struct web_forward_fault wrong;
    struct tnd_db_fault fault;
    struct web_aor aor;

    if (!read_aor(r, reply, &aor))
        return;
    if (chosen.ptr) {
        snprintf(text, sizeof(text), "%.*s", TND_FMT(chosen));
        if (!web_forward_when(text, "", &wrong, &when)) {
            tnd_http_fail(reply, 422, "%s", wrong.text);
            return;
        }
    }
    int err = tnd_db_remove_forward(r->web->db, aor.text, when, r->now / 1000000, &fault);
    if (err == TND_ENONE)
        tnd_http_fail(reply, 404, "%.*s has no such forward", TND_FMT(aor.text));
    else if (err)
        tnd_http_fail(reply, 500, "%s", fault.text);
    else
        reply->status = 204;
}
