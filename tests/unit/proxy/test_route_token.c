/* Tokens of Record-Route: which side of which dialog they lead to, by which way. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "unit/proxy/forward_test.h"

static struct tnd_uri uri_of(const char *text)
{
    struct tnd_uri uri;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(text), &uri, NULL), 0);
    return uri;
}

static struct tnd_branch_seed seed_of(const struct tnd_siphash_key *key, const char *call_id)
{
    struct tnd_branch_seed seed;

    tnd_branch_start_call(&seed, key, tnd_slice_str(call_id));
    return seed;
}

/* A side in words; next NULL: none; target NULL: none. */
struct words {
    const char *call_id, *tag, *target, *next;
};

static const struct words alice = {"call", "Tag1", "sip:alice@192.0.2.9:5062", NULL};

static enum tnd_route_read read_with(const struct tnd_siphash_key *key, const char *token,
                                     const struct words *words)
{
    struct tnd_branch_seed seed = seed_of(key, words->call_id);
    struct tnd_uri target = uri_of(words->target ? words->target : "sip:h"),
                   next = uri_of(words->next ? words->next : "sip:h");
    struct tnd_route_side side = {tnd_slice_str(words->tag), words->target ? &target : NULL,
                                  words->next ? &next : NULL};
    uint64_t ret = 0;
    enum tnd_route_read read = tnd_route_token_read(&seed, tnd_slice_str(token), &side, &ret);

    if (read != TND_ROUTE_STRANGE)
        CHECK_EQ(ret, tnd_route_target(&seed, side.tag, side.target));
    return read;
}

static enum tnd_route_read read(const char *token, const struct words *words)
{
    return read_with(&forward_key, token, words);
}

static const char *token_of(const struct words *words)
{
    static char room[4][TND_ROUTE_TOKEN_LEN + 1];
    static unsigned at;
    char *token = room[at++ % 4];
    struct tnd_branch_seed seed = seed_of(&forward_key, words->call_id);
    struct tnd_uri target = uri_of(words->target ? words->target : "sip:h"),
                   next = uri_of(words->next ? words->next : "sip:h");

    tnd_route_token(&seed,
                    &(struct tnd_route_side){tnd_slice_str(words->tag),
                                             words->target ? &target : NULL,
                                             words->next ? &next : NULL},
                    token);
    CHECK_EQ(strspn(token, "0123456789abcdef"), TND_ROUTE_TOKEN_LEN);
    return token;
}

TND_TEST(route_token_of_a_side, "RFC 3261 §16.6",
         "the token of a Record-Route is of one dialog, one side and one way, and of no other")
{
    static const struct words by_proxy = {"call", "Tag1", "sip:alice@192.0.2.9:5062", "sip:p;lr"};
    const char *token = token_of(&alice), *by = token_of(&by_proxy);

    CHECK_EQ(read(token, &alice), TND_ROUTE_TARGET);
    CHECK_EQ(read(token, &(struct words){"call", "tAG1", alice.target, NULL}), TND_ROUTE_TARGET);
    CHECK_EQ(read(token, &(struct words){"other", "Tag1", alice.target, NULL}), TND_ROUTE_STRANGE);
    CHECK_EQ(read(token, &(struct words){"call", "Tag2", alice.target, NULL}), TND_ROUTE_STRANGE);
    CHECK_EQ(read(token, &by_proxy), TND_ROUTE_STRANGE);
    CHECK_EQ(read(token, &(struct words){"call", "Tag1", "sip:bob@h", NULL}), TND_ROUTE_WAY);
    CHECK_EQ(read_with(&forward_other_key, token, &alice), TND_ROUTE_STRANGE);
    CHECK_EQ(read(by, &by_proxy), TND_ROUTE_TARGET);
    CHECK_EQ(read(by, &alice), TND_ROUTE_STRANGE);
    CHECK_EQ(read(by, &(struct words){"call", "Tag1", alice.target, "sip:q;lr"}),
             TND_ROUTE_STRANGE);
    CHECK_EQ(read(by, &(struct words){"call", "Tag1", alice.target, "sip:P:5060;lr;x=y"}),
             TND_ROUTE_TARGET);
}

TND_TEST(route_token_digits, "RFC 3261 §16.6", "a token of which one digit was changed is none")
{
    char token[TND_ROUTE_TOKEN_LEN + 1];

    snprintf(token, sizeof(token), "%s", token_of(&alice));
    for (unsigned i = 0; i < TND_ROUTE_TOKEN_LEN; i++) {
        char was = token[i];

        token[i] = was == '0' ? '1' : '0';
        CHECK_EQ(read(token, &alice),
                 i < TND_ROUTE_TOKEN_LEN / 2 ? TND_ROUTE_STRANGE : TND_ROUTE_WAY);
        token[i] = 'x';
        CHECK(read(token, &alice) != TND_ROUTE_TARGET);
        token[i] = was;
    }
    for (char *c = token; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    CHECK_EQ(read(token, &alice), TND_ROUTE_TARGET);
    token[TND_ROUTE_TOKEN_LEN - 1] = '\0';
    CHECK_EQ(read(token, &alice), TND_ROUTE_STRANGE);
    CHECK_EQ(read("", &alice), TND_ROUTE_STRANGE);
}

TND_TEST(route_token_contact, "RFC 3261 §19.1.4",
         "a Contact is what leads to it: scheme, user, host, port, maddr, however they are spelled")
{
    static const char *const same[] = {
        "sip:alice@192.0.2.9:5062;transport=tcp", "sip:alice@192.0.2.9:5062;ob;x=y",
        "sip:%61lice@192.0.2.9:5062", "sip:alice:secret@192.0.2.9:5062"};
    static const char *const other[] = {"sip:alice@192.0.2.9",
                                        "sip:alice@192.0.2.9:5063",
                                        "sip:Alice@192.0.2.9:5062",
                                        "sip:alic@192.0.2.9:5062",
                                        "sip:192.0.2.9:5062",
                                        "sips:alice@192.0.2.9:5062",
                                        "sip:alice@192.0.2.99:5062",
                                        "sip:alice@192.0.2.9:5062;maddr=192.0.2.1",
                                        "tel:+1",
                                        "im:alice@192.0.2.9"};
    const char *token = token_of(&alice);

    for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++)
        CHECK_EQ(read(token, &(struct words){"call", "Tag1", same[i], NULL}), TND_ROUTE_TARGET);
    for (size_t i = 0; i < sizeof(other) / sizeof(*other); i++) {
        struct words words = {"call", "Tag1", other[i], NULL};

        CHECK_EQ(read(token, &words), TND_ROUTE_WAY);
        CHECK_EQ(read(token_of(&words), &words), TND_ROUTE_TARGET);
    }
    struct words nobody = {"call", "Tag1", NULL, NULL};
    CHECK_EQ(read(token_of(&nobody), &alice), TND_ROUTE_WAY);
}

TND_TEST(route_token_spelling, "RFC 3261 §19.1.4",
         "ports that are not said, hosts in capitals, IPv6 in other words, needless escapes")
{
    static const char *const pairs[][2] = {
        {"sip:a@Example.NET", "sip:a@example.net:5060"},  {"sips:a@h", "sips:a@h:5061"},
        {"sip:a@[2001:DB8:0::1]", "sip:a@[2001:db8::1]"}, {"sip:a%2db%3B%5b@h", "sip:a-b;%5B@h"},
        {"sip:a@h;maddr=M", "sip:a@h;x;maddr=m"},
    };
    static const char *const apart[][2] = {
        {"sip:a%5b@h", "sip:a%5c@h"},
        {"sip:a@h;maddr=m", "sip:a@h;maddr=n"},
        {"sip:a@h", "sip:a@h:5061"},
        {"sip:a@[2001:db8::1]", "sip:a@[2001:db8::2]"},
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        struct words one = {"call", "t", pairs[i][0], NULL}, two = {"call", "t", pairs[i][1], NULL};

        CHECK_EQ(read(token_of(&one), &two), TND_ROUTE_TARGET);
    }
    for (size_t i = 0; i < sizeof(apart) / sizeof(*apart); i++) {
        struct words one = {"call", "t", apart[i][0], NULL}, two = {"call", "t", apart[i][1], NULL};

        CHECK_EQ(read(token_of(&one), &two), TND_ROUTE_WAY);
    }
    char text[1024], longer[1100]; /* so long that it is taken as it stands */
    snprintf(text, sizeof(text), "sip:%%61%0900d@h", 1);
    snprintf(longer, sizeof(longer), "sip:a%0900d@h", 1);
    struct words one = {"call", "t", text, NULL}, two = {"call", "t", longer, NULL};
    CHECK_EQ(read(token_of(&one), &one), TND_ROUTE_TARGET);
    CHECK_EQ(read(token_of(&one), &two), TND_ROUTE_WAY);
}

/* The length of what is found; 0: nothing. */
static size_t found(const char *text)
{
    struct tnd_uri uri = uri_of(text);
    struct tnd_slice token;

    return tnd_route_token_find(&uri, &token) && token.ptr ? token.len : 0;
}

#define TOKEN "0123456789abcdef0123456789ABCDEF"

TND_TEST(route_token_place, "RFC 3261 §19.1.4",
         "the parameter of the token is found wherever it stands, in capitals too")
{
    CHECK_EQ(found("sip:us;lr;tnd=" TOKEN), TND_ROUTE_TOKEN_LEN);
    CHECK_EQ(found("sip:us;transport=udp;TND=" TOKEN ";lr"), TND_ROUTE_TOKEN_LEN);
    CHECK_EQ(found("sip:us;tnd=" TOKEN ";x;y=0"), TND_ROUTE_TOKEN_LEN);
    CHECK_EQ(found("sip:us"), 0);
    CHECK_EQ(found("sip:us;lr"), 0);
    CHECK_EQ(found("sip:us;tnd"), 0);
    CHECK_EQ(found("sip:us;tnd=1"), 0);
    CHECK_EQ(found("sip:us;tnd=" TOKEN "0"), 0);
    CHECK_EQ(found("sip:us;xtnd=" TOKEN), 0);
}

TND_TEST(route_token_turned, "RFC 3261 §16.7",
         "in a response that is passed back tokens are replaced, and nothing else of Record-Route")
{
    struct tnd_txn_parts parts = forward_parts(
        &(struct forward_call){.code = 200,
                               .via = "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa, SIP/2.0/UDP b",
                               .lines = "Record-Route: <sip:p;lr>, <sip:us;lr;tnd=" TOKEN ">;x\r\n"
                                        "Record-Route: <sip:us;tnd=" TOKEN ";lr>\r\n"});
    struct tnd_values v = tnd_msg_values(parts.msg, TND_HEADER_RECORD_ROUTE);
    struct tnd_route_turn turn = {.count = 0};
    struct tnd_addr value;
    char room[2048];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    for (char digit = '1'; tnd_addr_next(&v, &value);)
        if (tnd_route_token_find(&value.uri, &turn.value[turn.count].token))
            memset(turn.value[turn.count++].made, digit++, TND_ROUTE_TOKEN_LEN);
    CHECK_EQ(turn.count, 2);
    tnd_forward_response_write(&w, parts.msg,
                               &(struct tnd_forward_back){.top = &parts.via, .turn = &turn});
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    CHECK(strstr(room,
                 "Record-Route: <sip:p;lr>, <sip:us;lr;tnd=11111111111111111111111111111111>;x"
                 "\r\nRecord-Route: <sip:us;tnd=22222222222222222222222222222222;lr>\r\n"));
}
