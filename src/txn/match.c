/* Which transaction a message belongs to: keys of RFC 3261 §17.1.3, §17.2.3, §9.2 and §8.2.2.2.
 *
 * A key is a letter and then parts, each with a line end behind it, which none of them can
 * hold: tokens, hosts and numbers, a Call-ID, a Request-URI. */
#include "tandem/txn.h"

/* What keys are of; the letter is their first byte. */
enum kind { CLIENT = 'c', BRANCH = 'b', OLD = 'o', OLD_ACK = 'a', MERGED = 'm' };

static void put_kind(struct tnd_writer *w, enum kind kind)
{
    tnd_put_char(w, (char)kind);
}

static void put_part(struct tnd_writer *w, struct tnd_slice part)
{
    tnd_put(w, part);
    tnd_put_char(w, '\n');
}

/* RFC 3261 §7.3.1: tokens compare without case, be they a branch, a tag or a host. */
static void put_folded(struct tnd_writer *w, struct tnd_slice part)
{
    tnd_put_lower(w, part);
    tnd_put_char(w, '\n');
}

static void put_number(struct tnd_writer *w, int64_t n)
{
    if (n >= 0)
        tnd_put_number(w, (uint64_t)n);
    tnd_put_char(w, '\n');
}

/* sent-by. A port that is not there is not 5060: whoever sends a message again writes the
 * same. */
static void put_sent_by(struct tnd_writer *w, const struct tnd_via *via)
{
    uint8_t octets[16];

    if (via->host_kind == TND_HOST_IPV6 && tnd_ipv6_octets(via->host, octets)) {
        tnd_put_hex(w, octets, sizeof(octets));
        tnd_put_char(w, '\n');
    } else {
        put_folded(w, via->host);
    }
    put_number(w, via->port);
}

/* All of a Via, as RFC 3261 §20.42 compares it; parameters in the order in which they came. */
static void put_via(struct tnd_writer *w, const struct tnd_via *via)
{
    struct tnd_slice params = via->params;
    struct tnd_param p;

    put_folded(w, via->protocol);
    put_folded(w, via->version);
    put_folded(w, via->transport);
    put_sent_by(w, via);
    while (tnd_param_next(&params, &p)) {
        put_folded(w, p.name);
        if (p.value.len > 0 && p.value.ptr[0] == '"')
            put_part(w, p.value);
        else
            put_folded(w, p.value);
    }
}

void tnd_txn_read_via(struct tnd_txn_parts *ret, const struct tnd_msg *msg)
{
    *ret = (struct tnd_txn_parts){.msg = msg};
    ret->has_via = tnd_msg_via(msg, &ret->via, NULL);
}

void tnd_txn_read(struct tnd_txn_parts *ret, const struct tnd_msg *msg)
{
    tnd_txn_read_via(ret, msg);
    tnd_txn_read_rest(ret);
}

void tnd_txn_read_rest(struct tnd_txn_parts *ret)
{
    const struct tnd_msg *msg = ret->msg;
    struct tnd_addr from, to;

    ret->has_cseq = tnd_msg_cseq(msg, &ret->cseq, NULL);
    bool has_from = tnd_msg_from(msg, &from, NULL), has_to = tnd_msg_to(msg, &to, NULL);
    bool has_call_id = tnd_msg_call_id(msg, &ret->call_id, NULL);
    ret->from_tag = has_from ? from.tag : tnd_slice(NULL, 0);
    ret->to_tag = has_to ? to.tag : tnd_slice(NULL, 0);
    if (!has_call_id)
        ret->call_id = tnd_slice(NULL, 0);
    ret->is_whole = ret->has_via && ret->has_cseq && has_from && has_to && has_call_id;
}

static void move(struct tnd_slice *s, const struct tnd_msg *msg, const struct tnd_msg *kept)
{
    *s = tnd_slice_moved(*s, msg, kept);
}

void tnd_txn_parts_keep(struct tnd_txn_parts *ret, const struct tnd_msg *kept,
                        const struct tnd_txn_parts *parts)
{
    const struct tnd_msg *msg = parts->msg;
    struct tnd_slice *const borrowed[] = {
        &ret->via.text,  &ret->via.protocol,     &ret->via.version, &ret->via.transport,
        &ret->via.host,  &ret->via.params,       &ret->via.branch,  &ret->via.received,
        &ret->via.maddr, &ret->cseq.method_name, &ret->from_tag,    &ret->to_tag,
        &ret->call_id};

    *ret = *parts;
    ret->msg = kept;
    for (size_t i = 0; i < sizeof(borrowed) / sizeof(*borrowed); i++)
        move(borrowed[i], msg, kept);
}

/* Departs from RFC 3261 §17.2.3: the Request-URI is compared by its bytes, because equality of
 * URIs is not transitive and makes no key (RFC 3261 §19.1.4). What is sent again is a copy. */
static void put_old(struct tnd_writer *w, const struct tnd_txn_parts *p, struct tnd_slice to_tag)
{
    put_part(w, p->msg->uri);
    put_folded(w, to_tag);
    put_folded(w, p->from_tag);
    put_part(w, p->call_id);
    put_number(w, p->cseq.number);
    put_via(w, &p->via);
}

/* The key of the transaction that a request of this method makes. */
static enum tnd_rule put_server_key(struct tnd_writer *w, const struct tnd_txn_parts *p,
                                    struct tnd_slice method)
{
    if (!p->has_via)
        return TND_RULE_NONE;
    if (tnd_via_has_cookie(&p->via)) {
        put_kind(w, BRANCH);
        put_part(w, method);
        put_folded(w, p->via.branch);
        put_sent_by(w, &p->via);
        return TND_RULE_TXN_MATCH_BRANCH;
    }
    if (!p->is_whole)
        return TND_RULE_NONE;
    put_kind(w, OLD);
    put_part(w, method);
    put_old(w, p, p->to_tag);
    return TND_RULE_TXN_MATCH_2543;
}

/* The key of the ACK without cookie to a response with this tag. */
static enum tnd_rule put_old_ack_key(struct tnd_writer *w, const struct tnd_txn_parts *p,
                                     struct tnd_slice to_tag)
{
    if (!p->is_whole)
        return TND_RULE_NONE;
    put_kind(w, OLD_ACK);
    put_old(w, p, to_tag);
    return TND_RULE_TXN_MATCH_2543;
}

enum tnd_rule tnd_txn_client_key(struct tnd_writer *w, struct tnd_slice branch,
                                 struct tnd_slice method)
{
    put_kind(w, CLIENT);
    put_part(w, method);
    put_folded(w, branch);
    return TND_RULE_TXN_MATCH_RESPONSE;
}

enum tnd_rule tnd_txn_response_key(struct tnd_writer *w, const struct tnd_txn_parts *p)
{
    if (p->msg->kind != TND_MSG_RESPONSE || !p->has_via || !p->via.branch.ptr || !p->has_cseq)
        return TND_RULE_NONE;
    /* RFC 3261 §17.1.3: the method too, since a CANCEL has the branch of its INVITE. */
    return tnd_txn_client_key(w, p->via.branch, p->cseq.method_name);
}

enum tnd_rule tnd_txn_server_key(struct tnd_writer *w, const struct tnd_txn_parts *p)
{
    if (p->msg->kind != TND_MSG_REQUEST || !p->has_via)
        return TND_RULE_NONE;
    if (p->msg->method != TND_METHOD_ACK)
        return put_server_key(w, p, p->msg->method_name);
    if (tnd_via_has_cookie(&p->via))
        return put_server_key(w, p, TND_STR("INVITE"));
    return put_old_ack_key(w, p, p->to_tag);
}

enum tnd_rule tnd_txn_ack_key(struct tnd_writer *w, const struct tnd_txn_parts *p,
                              struct tnd_slice to_tag)
{
    if (p->msg->method != TND_METHOD_INVITE || tnd_via_has_cookie(&p->via))
        return TND_RULE_NONE;
    return put_old_ack_key(w, p, to_tag);
}

enum tnd_rule tnd_txn_cancelled_key(struct tnd_writer *w, const struct tnd_txn_parts *p,
                                    struct tnd_slice method)
{
    if (p->msg->method != TND_METHOD_CANCEL || put_server_key(w, p, method) == TND_RULE_NONE)
        return TND_RULE_NONE;
    return TND_RULE_TXN_CANCELLED;
}

enum tnd_rule tnd_txn_merged_key(struct tnd_writer *w, const struct tnd_txn_parts *p)
{
    if (p->msg->kind != TND_MSG_REQUEST || p->msg->method == TND_METHOD_ACK ||
        p->msg->method == TND_METHOD_CANCEL || !p->is_whole || p->to_tag.ptr)
        return TND_RULE_NONE;
    put_kind(w, MERGED);
    put_folded(w, p->from_tag);
    put_part(w, p->call_id);
    put_number(w, p->cseq.number);
    put_part(w, p->cseq.method_name);
    return TND_RULE_TXN_MERGED;
}
