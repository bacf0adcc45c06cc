/* HTTP without a socket: which route a path has, what a target says, which language a reader wants, who may ask. */
#include "unit/test.h"
#include "web/inside.h"
#include "web/target.h"

static void nothing(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r, (void)reply;
}

static const struct tnd_http_route first[] = {{TND_HTTP_GET, "/a/{}", nothing, false},
                                              {TND_HTTP_PUT, "/a/{}", nothing, false},
                                              {TND_HTTP_GET, "/a/{}/b/{}", nothing, false}};
static const struct tnd_http_route second[] = {{TND_HTTP_GET, "/", nothing, true},
                                               {TND_HTTP_DELETE, "/a/{}", nothing, false}};
static int contexts[2];
static const struct tnd_http_table tables[] = {{first, 3, &contexts[0]}, {second, 2, &contexts[1]}};

static struct tnd_slice part[TND_HTTP_PART_COUNT_MAX];
static const struct tnd_http_route *found;
static void *found_ctx;
static unsigned methods;

static int find(enum tnd_http_method method, const char *path)
{
    found = NULL;
    return tnd_http_find(tables, 2, method, tnd_slice_str(path), &found, &found_ctx, part,
                         &methods);
}

TND_TEST(web_route_parts, "", "a {} of a pattern is one segment of a path, and is not empty")
{
    CHECK_EQ(find(TND_HTTP_GET, "/a/x"), 0);
    CHECK(found == &first[0] && found_ctx == &contexts[0]);
    CHECK_STR(part[0], "x");
    CHECK_EQ(find(TND_HTTP_GET, "/a/x/b/y%2fz"), 0);
    CHECK(found == &first[2]);
    CHECK_STR(part[1], "y%2fz");
    CHECK_EQ(find(TND_HTTP_GET, "/"), 0);
    CHECK(found == &second[0] && found_ctx == &contexts[1]);
    CHECK_EQ(find(TND_HTTP_GET, "/a/"), TND_ENONE);
    CHECK_EQ(find(TND_HTTP_GET, "/a//b/c"), TND_ENONE);
    CHECK_EQ(find(TND_HTTP_GET, "/a/x/"), TND_ENONE);
    CHECK_EQ(find(TND_HTTP_GET, "/a"), TND_ENONE);
    CHECK_EQ(find(TND_HTTP_GET, ""), TND_ENONE);
}

TND_TEST(web_route_methods, "", "a path that is there with other methods says which, of all tables")
{
    CHECK_EQ(find(TND_HTTP_POST, "/a/x"), TND_ESTATE);
    CHECK_EQ(methods, 1U << TND_HTTP_GET | 1U << TND_HTTP_PUT | 1U << TND_HTTP_DELETE);
    CHECK_EQ(find(TND_HTTP_METHOD_COUNT, "/"), TND_ESTATE);
    CHECK_EQ(methods, 1U << TND_HTTP_GET);
    CHECK_EQ(find(TND_HTTP_DELETE, "/a/x"), 0);
    CHECK(found == &second[1]);
}

TND_TEST(web_target, "", "a target is a path and a query, maybe behind a host (RFC 9112 §3.2)")
{
    struct web_target t;

    CHECK(web_target_read(TND_STR("/a/b?c=d&e"), &t));
    CHECK_STR(t.path, "/a/b");
    CHECK_STR(t.query, "c=d&e");
    CHECK(!t.host.ptr);
    CHECK(web_target_read(TND_STR("HTTP://h:1/?q"), &t));
    CHECK_STR(t.host, "h:1");
    CHECK_STR(t.path, "/");
    CHECK(!web_target_read(TND_STR("*"), &t));
    CHECK(!web_target_read(TND_STR(""), &t));
    CHECK(!web_target_read(TND_STR("http://h"), &t));
    CHECK(!web_target_read(TND_STR("?/"), &t));
}

TND_TEST(web_target_params, "", "a parameter of a query has the value behind its own name")
{
    const struct tnd_slice query = TND_STR("ab=1&a=2&a=3&c&=4&d=5=6");

    CHECK_STR(web_target_param(query, "a"), "2");
    CHECK_STR(web_target_param(query, "ab"), "1");
    CHECK_STR(web_target_param(query, "d"), "5=6");
    CHECK(web_target_param(query, "c").ptr && web_target_param(query, "c").len == 0);
    CHECK(!web_target_param(query, "b").ptr);
    CHECK(!web_target_param(tnd_slice(NULL, 0), "a").ptr);
}

static bool decodes(const char *text, const char *to)
{
    char room[64];
    size_t len = strlen(text);

    memcpy(room, text, len);
    return web_target_decode(room, &len) && tnd_slice_eq(tnd_slice(room, len), tnd_slice_str(to));
}

TND_TEST(web_target_escapes, "", "%HH is a byte but NUL; a % without two digits is wrong")
{
    CHECK(decodes("a%40b%2Fc%c3%A9", "a@b/c\xc3\xa9"));
    CHECK(decodes("", ""));
    CHECK(!decodes("%", ""));
    CHECK(!decodes("%4", ""));
    CHECK(!decodes("%4g", ""));
    CHECK(!decodes("%00", ""));
    CHECK(web_target_is_sound(TND_STR("when=a%40b%2fc%")) == false);
    CHECK(web_target_is_sound(TND_STR("%00=1")) == false &&
          web_target_is_sound(TND_STR("%4")) == false);
    CHECK(web_target_is_sound(TND_STR("when=a%40b%2fc")) && web_target_is_sound(TND_STR("%41")));
    CHECK(web_target_is_sound(tnd_slice(NULL, 0)));
}

static enum tnd_lang lang_of(const char *accept)
{
    return web_target_lang(tnd_slice_str(accept));
}

TND_TEST(web_language, "",
         "a reader gets the language that he likes best of ours (RFC 9110 §12.5.4)")
{
    CHECK_EQ(lang_of("ko"), TND_LANG_KO);
    CHECK_EQ(lang_of("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7"), TND_LANG_KO);
    CHECK_EQ(lang_of("de, fr;q=0.9, vi;q=0.1"), TND_LANG_VI);
    CHECK_EQ(lang_of("en;q=0.3,ru;q=0.31"), TND_LANG_RU);
    CHECK_EQ(lang_of("id;q=0, *"), TND_LANG_EN);
    CHECK_EQ(lang_of("c, id;q=0.5"), TND_LANG_ID);
    CHECK_EQ(lang_of(""), TND_LANG_EN);
    CHECK_EQ(lang_of(NULL), TND_LANG_EN);
    CHECK_EQ(lang_of(",;;q=,=;,"), TND_LANG_EN);
    CHECK_EQ(lang_of("kok, ru;q=0.2"), TND_LANG_RU);
}

TND_TEST(web_host_is_own, "", "without a token only names and addresses of loopback are served")
{
    struct web_settings settings = {.domain_count = 0};
    const struct tnd_web web = {.settings = &settings};
    const char *const own[] = {"localhost",  "LOCALHOST:8060", "127.0.0.1:8060", "127.9.9.9",
                               "[::1]:8060", "[::1]",          "localhost."};
    const char *const strange[] = {"",          "evil.example",      "127.0.0.1.evil.example:8060",
                                   "192.0.2.1", "localhost.evil:80", "[2001:db8::1]:8060",
                                   ":8060"};

    for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
        CHECK(web_guard_is_own_host(&web, tnd_slice_str(own[i])));
    for (size_t i = 0; i < sizeof(strange) / sizeof(*strange); i++)
        CHECK(!web_guard_is_own_host(&web, tnd_slice_str(strange[i])));
    settings.token = TND_STR("0123456789abcdef");
    CHECK(web_guard_is_own_host(&web, TND_STR("sip.example.com")));
}

TND_TEST(web_token_is_known, "RFC 6750 §2.1", "a token is asked for as a bearer's, all of it")
{
    struct web_settings settings = {.token = TND_STR_INIT("0123456789abcdef")};
    const struct tnd_web web = {.settings = &settings};

    CHECK(web_guard_knows(&web, TND_STR("Bearer 0123456789abcdef")));
    CHECK(web_guard_knows(&web, TND_STR("bearer  0123456789abcdef ")));
    CHECK(!web_guard_knows(&web, TND_STR("Bearer 0123456789abcdeg")));
    CHECK(!web_guard_knows(&web, TND_STR("Bearer 0123456789abcde")));
    CHECK(!web_guard_knows(&web, TND_STR("Bearer 0123456789abcdef0")));
    CHECK(!web_guard_knows(&web, TND_STR("Bearer ")));
    CHECK(!web_guard_knows(&web, TND_STR("Basic 0123456789abcdef")));
    CHECK(!web_guard_knows(&web, tnd_slice(NULL, 0)));
    settings.token = tnd_slice(NULL, 0);
    CHECK(web_guard_knows(&web, tnd_slice(NULL, 0)));
}

TND_TEST(web_origin, "",
         "what changes something comes from a program, or from a page of the same host")
{
    const struct tnd_slice none = {NULL, 0}, host = TND_STR("localhost:8060");

    CHECK(web_guard_is_same_origin(none, none, host));
    CHECK(web_guard_is_same_origin(TND_STR("http://localhost:8060"), TND_STR("same-origin"), host));
    CHECK(web_guard_is_same_origin(TND_STR("https://LocalHost:8060"), none, host));
    CHECK(!web_guard_is_same_origin(TND_STR("http://evil.example"), none, host));
    CHECK(!web_guard_is_same_origin(TND_STR("null"), none, host));
    CHECK(!web_guard_is_same_origin(none, TND_STR("cross-site"), host));
    CHECK(!web_guard_is_same_origin(TND_STR("http://localhost:8061"), none, host));
}

TND_TEST(web_token_file, "RFC 6750 §2.1", "a file of a token has one, and white space around it")
{
    const char *why = NULL;

    CHECK_STR(web_token_of(TND_STR(" 0123456789abcdef\r\n"), &why), "0123456789abcdef");
    CHECK(!web_token_of(TND_STR("0123456789abcde"), &why).ptr);
    CHECK(strstr(why, "16 to 512"));
    CHECK(!web_token_of(TND_STR("0123456789abcdef\n0123456789abcdef\n"), &why).ptr);
    CHECK(strstr(why, "one line"));
    CHECK(!web_token_of(TND_STR(""), &why).ptr);
}

TND_TEST(web_serves_domains, "",
         "the domains, advertise and addresses that are listened at are served")
{
    struct tnd_slice domains[] = {TND_STR("example.com")};
    struct tnd_endpoint listen[1];
    struct web_settings s = {.domains = domains,
                             .domain_count = 1,
                             .advertise = TND_STR("sip.x"),
                             .listen = listen,
                             .listen_count = 1};

    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:192.0.2.1:5060"), TND_TRANSPORT_UDP, listen), 0);
    CHECK(web_settings_serve(&s, TND_STR("EXAMPLE.com")));
    CHECK(web_settings_serve(&s, TND_STR("sip.x")));
    CHECK(web_settings_serve(&s, TND_STR("192.0.2.1")));
    CHECK(!web_settings_serve(&s, TND_STR("192.0.2.2")));
    CHECK(!web_settings_serve(&s, TND_STR("example.org")));
    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:0.0.0.0:5060"), TND_TRANSPORT_UDP, listen), 0);
    CHECK(web_settings_serve(&s, TND_STR("192.0.2.2")));
}

TND_TEST(web_methods_of_allow, "", "Allow has all that can be asked with, and HEAD with GET")
{
    char room[WEB_METHODS_SIZE];

    CHECK_STR(tnd_slice_str(web_methods(1U << TND_HTTP_GET | 1U << TND_HTTP_DELETE, room)),
              "GET, HEAD, DELETE, OPTIONS");
    CHECK_STR(tnd_slice_str(web_methods((1U << TND_HTTP_METHOD_COUNT) - 1, room)),
              "GET, HEAD, PUT, POST, DELETE, OPTIONS");
}
