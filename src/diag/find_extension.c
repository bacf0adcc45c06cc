/* 420 and 421: which tag it was, and who asked for it (RFC 3261 §8.2.2.3). */
#include "diag/find_case.h"

static struct tnd_slice joined(struct find_case *c, struct tnd_slice list, struct tnd_slice tag)
{
    return list.ptr ? CASE_TEXT(c, list, TND_STR(", "), tag) : tag;
}

/* The tags of Unsupported that this field of the request insists on; absent: none. */
static struct tnd_slice refused_tags(struct find_case *c, uint32_t response, uint32_t request,
                                     enum tnd_header header)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, response), TND_HEADER_UNSUPPORTED);
    struct tnd_slice tag, list = {0};

    while (tnd_token_or_none_next(&v, &tag))
        if (case_lists(c, request, header, tag))
            list = joined(c, list, tag);
    return list;
}

static bool is_insisted(struct find_case *c, uint32_t response, uint32_t again)
{
    return refused_tags(c, response, again, TND_HEADER_REQUIRE).ptr ||
           refused_tags(c, response, again, TND_HEADER_PROXY_REQUIRE).ptr;
}

static void raise(struct find_case *c, enum tnd_diag_rule rule, uint32_t response, uint32_t request,
                  struct tnd_slice tags)
{
    struct tnd_diag_finding *f = case_raise(c, rule, response);

    case_show_field(c, f, response, TND_HEADER_UNSUPPORTED);
    case_blame_sender(c, f, request);
    if (rule == TND_DIAG_RULE_EXTENSION_NOT_NAMED)
        case_blame_answer(c, f, response);
    case_show_field(c, f, request,
                    rule == TND_DIAG_RULE_PROXY_EXTENSION_UNKNOWN ? TND_HEADER_PROXY_REQUIRE
                                                                  : TND_HEADER_REQUIRE);
    f->detail = tags;
    case_ease(c, f, response);
}

void find_extension(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 420)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);

        if (request == CASE_NONE)
            continue;
        struct tnd_slice of_require = refused_tags(c, r, request, TND_HEADER_REQUIRE);
        struct tnd_slice of_proxies = refused_tags(c, r, request, TND_HEADER_PROXY_REQUIRE);
        if (of_require.ptr)
            raise(c, TND_DIAG_RULE_EXTENSION_UNKNOWN, r, request, of_require);
        if (of_proxies.ptr)
            raise(c, TND_DIAG_RULE_PROXY_EXTENSION_UNKNOWN, r, request, of_proxies);
        if (!of_require.ptr && !of_proxies.ptr)
            raise(c, TND_DIAG_RULE_EXTENSION_NOT_NAMED, r, request,
                  tnd_msg_value(case_msg(c, r), TND_HEADER_UNSUPPORTED));
    }
}

/* RFC 3261 §8.1.3.5: "the request SHOULD be retried, this time omitting any extensions listed". */
void find_extension_insisted(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 420)) != CASE_NONE; r++) {
        uint32_t again = case_next_try(c, r);

        if (again == CASE_NONE || !is_insisted(c, r, again))
            continue;
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_EXTENSION_INSISTED, r);
        case_show_field(c, f, r, TND_HEADER_UNSUPPORTED);
        case_show_field(c, f, again, TND_HEADER_REQUIRE);
        case_show_field(c, f, again, TND_HEADER_PROXY_REQUIRE);
        case_blame_sender(c, f, again);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_UNSUPPORTED);
        case_ease(c, f, r);
    }
}

void find_extension_needed(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 421)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);
        struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_EXTENSION_NEEDED, r);

        case_show_field(c, f, r, TND_HEADER_REQUIRE);
        f->detail = tnd_msg_value(case_msg(c, r), TND_HEADER_REQUIRE);
        if (request != CASE_NONE) {
            case_show_field(c, f, request, TND_HEADER_SUPPORTED);
            case_blame_sender(c, f, request);
        }
        case_ease(c, f, r);
    }
}
