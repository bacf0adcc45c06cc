/* Option tags: dropped when they are not known, added when they are needed. Each once. */
#include "recover/recover.h"

static bool has_tag(const struct tnd_slice *tags, size_t count, struct tnd_slice tag)
{
    for (size_t i = 0; i < count; i++)
        if (tnd_slice_eq_fold(tags[i], tag))
            return true;
    return false;
}

static bool names(const struct tnd_msg *msg, enum tnd_header kind, struct tnd_slice tag)
{
    struct tnd_slice value;

    if (!msg)
        return false;
    struct tnd_values v = tnd_msg_values(msg, kind);
    while (tnd_token_or_none_next(&v, &value))
        if (tnd_slice_eq_fold(value, tag))
            return true;
    return false;
}

static struct tnd_slice joined(struct recover_case *c, struct tnd_slice list, struct tnd_slice tag)
{
    return list.ptr ? RECOVER_TEXT(c, list, TND_STR(", "), tag) : RECOVER_TEXT(c, tag);
}

/* The tag is one of those that preconditions are asked for with (RFC 3312 §11). */
static bool is_precondition(struct tnd_slice tag)
{
    return tnd_option_find(tag) == TND_OPTION_PRECONDITION;
}

static bool is_essential(const struct recover_case *c, struct tnd_slice tag)
{
    const struct tnd_recover_policy *policy = &c->r->policy;

    return has_tag(policy->kept, policy->kept_count, tag) ||
           (is_precondition(tag) && policy->keeps_preconditions && c->attempt->preconditions == 2);
}

/* What is not known to a user agent may be to another that a proxy tries, so it is offered; what a proxy
 * was required to know (Proxy-Require) is nothing for Supported. */
static void put_dropped(struct recover_case *c, struct tnd_recover_next *next, struct tnd_slice tag,
                        bool in_supported)
{
    next->drop_supported[next->drop_count] = !in_supported;
    next->dropped[next->drop_count++] = tnd_slice_keep(c->r->a, tag);
    /* RFC 3312 §11: who does not require it offers optional ones */
    if (is_precondition(tag) && next->preconditions > 1)
        next->preconditions = 1;
}

/* Whether the tag, which is ours, may be dropped. */
static bool may_drop(struct recover_case *c, const struct tnd_recover_next *next,
                     struct tnd_slice tag)
{
    if (is_essential(c, tag))
        return RECOVER_REFUSE(c, tag, TND_STR(" is not known there, and not to be done without"));
    if (has_tag(next->dropped, next->drop_count, tag))
        return RECOVER_REFUSE(c, tag, TND_STR(" is refused though it was dropped"));
    if (next->drop_count == TND_RECOVER_TAG_COUNT_MAX)
        return recover_refuse(c, TND_RULE_RECOVER_TAGS, TND_STR("too many tags are refused"));
    return true;
}

/* RFC 3261 §8.1.3.5: "omitting any extensions listed in the Unsupported header field". */
bool recover_drop_unsupported(struct recover_case *c)
{
    struct tnd_recover_next next = c->r->next;
    const uint8_t first = next.drop_count;
    struct tnd_slice tag, list = {0};

    if (!c->response || !tnd_msg_has(c->response, TND_HEADER_UNSUPPORTED))
        return RECOVER_REFUSE(
            c, TND_STR("the response does not say which extensions: no Unsupported"));
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_UNSUPPORTED);
    while (tnd_token_next(&v, &tag)) {
        bool is_required = names(c->request, TND_HEADER_REQUIRE, tag);

        if (!is_required && !names(c->request, TND_HEADER_PROXY_REQUIRE, tag)) {
            RECOVER_REFUSE(c, TND_STR("Unsupported names "), tag,
                           TND_STR(", which was not required"));
            continue;
        }
        if (has_tag(next.dropped + first, next.drop_count - first, tag))
            continue; /* it is named twice */
        if (!may_drop(c, &next, tag))
            return false;
        put_dropped(c, &next, tag, is_required);
        list = joined(c, list, tag);
    }
    if (!list.ptr)
        return RECOVER_REFUSE(c, TND_STR("Unsupported names no extension that was required"));
    c->r->next = next;
    return RECOVER_DO(c, TND_STR("without Require: "), list);
}

/* A tag that the code itself is about. */
static bool drop_option(struct recover_case *c, enum tnd_option option)
{
    struct tnd_slice tag = tnd_slice_str(tnd_option_tag(option));

    if (!names(c->request, TND_HEADER_REQUIRE, tag) &&
        !names(c->request, TND_HEADER_PROXY_REQUIRE, tag) &&
        !names(c->request, TND_HEADER_SUPPORTED, tag))
        return RECOVER_REFUSE(c, TND_STR("the request did not ask for "), tag);
    if (!may_drop(c, &c->r->next, tag))
        return false;
    put_dropped(c, &c->r->next, tag, false);
    return RECOVER_DO(c, TND_STR("without "), tag);
}

bool recover_drop_priority(struct recover_case *c)
{
    return drop_option(c, TND_OPTION_RESOURCE_PRIORITY);
}

bool recover_drop_outbound(struct recover_case *c)
{
    return drop_option(c, TND_OPTION_OUTBOUND);
}

static bool may_add(struct recover_case *c, const struct tnd_recover_next *next,
                    struct tnd_slice tag)
{
    const struct tnd_recover_policy *policy = &c->r->policy;

    if (names(c->request, TND_HEADER_SUPPORTED, tag) || has_tag(next->added, next->add_count, tag))
        return RECOVER_REFUSE(c, tag, TND_STR(" is asked for, which was offered already"));
    if (has_tag(next->dropped, next->drop_count, tag))
        return RECOVER_REFUSE(c, tag, TND_STR(" is asked for, which others refuse"));
    if (!has_tag(policy->offers, policy->offer_count, tag))
        return RECOVER_REFUSE(c, tag, TND_STR(" is needed there, and not known here"));
    if (next->add_count == TND_RECOVER_TAG_COUNT_MAX)
        return recover_refuse(c, TND_RULE_RECOVER_TAGS, TND_STR("too many tags are asked for"));
    return true;
}

/* RFC 3261 §21.4.16: its Require lists "the required extensions". One that is not known is reason enough. */
bool recover_add_required(struct recover_case *c)
{
    struct tnd_recover_next next = c->r->next;
    const uint8_t first = next.add_count;
    struct tnd_slice tag, list = {0};

    if (!c->response || !tnd_msg_has(c->response, TND_HEADER_REQUIRE))
        return RECOVER_REFUSE(c, TND_STR("the response does not say which extension: no Require"));
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_REQUIRE);
    while (tnd_token_next(&v, &tag)) {
        if (has_tag(next.added + first, next.add_count - first, tag))
            continue; /* it is named twice */
        if (!may_add(c, &next, tag))
            return false;
        next.added[next.add_count++] = tnd_slice_keep(c->r->a, tag);
        list = joined(c, list, tag);
    }
    if (!list.ptr)
        return RECOVER_REFUSE(c, TND_STR("its Require names no extension"));
    c->r->next = next;
    return RECOVER_DO(c, TND_STR("with Supported: "), list);
}
