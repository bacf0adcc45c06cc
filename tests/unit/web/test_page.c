/* Pages as a function: what is escaped, what becomes a link, which pages there are, where a ladder stands. */
#include "unit/test.h"
#include "web/ends.h"
#include "web/html.h"

static char room[1 << 18];

static const struct tnd_site site = {.is_served = false};

static const char *ended(struct tnd_writer *w)
{
    tnd_put_char(w, '\0');
    CHECK(!tnd_writer_over(w));
    return room;
}

/* A text of the catalogue as it stands on the page of 302. */
static const char *prose(const char *text)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_page page = tnd_page_code(TND_LANG_EN, 302);
    struct tnd_html h = {&w, &site, &page, TND_LANG_EN};

    tnd_html(&h, "%p", text);
    return ended(&w);
}

static const char *path_of(const struct tnd_site *of, struct tnd_page page)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_page_path(&w, of, &page);
    return ended(&w);
}

TND_TEST(page_text_is_escaped, "", "what is markup in a text is text on the page")
{
    CHECK_STR(tnd_slice_str(prose("a <b> & \"c\" 'd'")),
              "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    CHECK_STR(tnd_slice_str(prose("")), "");
}

TND_TEST(page_sets_two_codes_against_each_other, "",
         "two codes are set against each other as the language does it, in links and in the title")
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_page page = tnd_page_compare(TND_LANG_VI, 302, 580);
    struct tnd_html h = {&w, &site, &page, TND_LANG_VI};

    tnd_html(&h, "<b>%v</b>", 302u, 580u);
    CHECK_STR(tnd_slice_str(ended(&w)), "<b>302 so với 580</b>");
    w = tnd_writer(room, sizeof(room));
    tnd_page_write(&w, &site, &page);
    const char *title = strstr(ended(&w), "<title>SIP 302 ");
    CHECK(title && strstr(title, " so với 580 ") < strstr(title, "</title>"));
    CHECK(!strstr(room, " vs "));
}

TND_TEST(page_json_cannot_end_its_script, "",
         "a string of JSON has no character that ends the script around it")
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_json_put(&w, TND_STR("</script>\"\\\n&"));
    CHECK_STR(tnd_slice_str(ended(&w)), "\"\\u003c/script\\u003e\\u0022\\u005c\\u000a\\u0026\"");
}

TND_TEST(page_ends, "RFC 5057 §5.1",
         "what a code ends within a dialog is what the user agent ends by it")
{
    CHECK(!tnd_ends_text(200, TND_LANG_EN));
    CHECK(strstr(tnd_ends_text(486, TND_LANG_EN), "its own request alone"));
    CHECK(strstr(tnd_ends_text(481, TND_LANG_EN), "the call or the subscription"));
    CHECK(strstr(tnd_ends_text(489, TND_LANG_EN), "the call or the subscription"));
    CHECK(strstr(tnd_ends_text(404, TND_LANG_EN), "all of the dialog"));
}

TND_TEST(page_json_commands_nothing, "RFC 8259 §7",
         "what a terminal obeys, or reads from right to left, is an escape in a string of JSON")
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_json_put(&w, TND_STR("\xc2\x9b\xe2\x80\xae\x7f\xf3\xa0\x80\x81\xc3\xa9\xff"));
    CHECK_STR(tnd_slice_str(ended(&w)),
              "\"\\u009b\\u202e\\u007f\\udb40\\udc01\xc3\xa9\xef\xbf\xbd\"");
}

TND_TEST(page_links_sections, "", "an RFC in a text leads to it, with a section to that")
{
    CHECK_STR(tnd_slice_str(prose("As RFC 3261 §8.1.3.2.")),
              "As <a class=\"rfc\" href=\"https://www.rfc-editor.org/rfc/rfc3261#section-8.1.3.2\">"
              "RFC 3261 §8.1.3.2</a>.");
    CHECK_STR(tnd_slice_str(prose("RFC 2543")),
              "<a class=\"rfc\" href=\"https://www.rfc-editor.org/rfc/rfc2543\">RFC 2543</a>");
    CHECK_STR(tnd_slice_str(prose("RFC x, RFCs")), "RFC x, RFCs");
}

TND_TEST(page_links_codes, "",
         "a code in a text leads to its page; other numbers, and the page's own, do not")
{
    CHECK_STR(tnd_slice_str(prose("Send 301.")),
              "Send <a href=\"../../en/codes/301.html\">301</a>.");
    CHECK_STR(tnd_slice_str(prose("301은")), "<a href=\"../../en/codes/301.html\">301</a>은");
    CHECK_STR(tnd_slice_str(prose("302, 399, 3010, 0301, x301, 301x, 1.301, 700")),
              "302, 399, 3010, 0301, x301, 301x, 1.301, 700");
}

TND_TEST(page_paths, "", "a page lies where its address says, and a pair is in one place")
{
    static const struct tnd_site served = {.is_served = true};

    CHECK_STR(tnd_slice_str(path_of(&site, tnd_page_code(TND_LANG_KO, 302))), "ko/codes/302.html");
    CHECK_STR(tnd_slice_str(path_of(&site, tnd_page_compare(TND_LANG_VI, 580, 302))),
              "vi/compare/302-vs-580.html");
    CHECK_STR(tnd_slice_str(path_of(&served, tnd_page_compare(TND_LANG_VI, 302, 580))),
              "vi/compare/302-vs-580");
    CHECK_STR(tnd_slice_str(path_of(&served, tnd_page_index(TND_LANG_RU))), "ru/");
}

/* How many pages of a kind there are. */
static unsigned count_of(enum tnd_page_kind kind, const struct tnd_site *of)
{
    struct tnd_page page = tnd_page_first();
    unsigned count = 0;

    do
        count += page.kind == kind;
    while (tnd_page_next(of, &page));
    return count;
}

TND_TEST(page_list, "", "each code has a page in each language, and each pair one")
{
    static const struct tnd_site known = {.base_url = TND_STR_INIT("http://x/")};
    unsigned codes = 0;

    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code))
        codes++;
    CHECK_EQ(count_of(TND_PAGE_LANGS, &site), 1);
    CHECK_EQ(count_of(TND_PAGE_INDEX, &site), TND_LANG_COUNT);
    CHECK_EQ(count_of(TND_PAGE_TEXTS, &site), TND_LANG_COUNT);
    CHECK_EQ(count_of(TND_PAGE_CODE, &site), TND_LANG_COUNT * codes);
    CHECK_EQ(count_of(TND_PAGE_COMPARE, &site), TND_LANG_COUNT * codes * (codes - 1) / 2);
    CHECK_EQ(count_of(TND_PAGE_SITEMAP, &site), 0);
    CHECK_EQ(count_of(TND_PAGE_SITEMAP, &known), 1);
}

TND_TEST(page_says_how_much_room, "", "a page that does not fit says how much room would be enough")
{
    struct tnd_page page = tnd_page_code(TND_LANG_RU, 302);
    struct tnd_writer small = tnd_writer(room, 100), counted = tnd_writer(NULL, 0);
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_page_write(&small, &site, &page);
    tnd_page_write(&counted, &site, &page);
    tnd_page_write(&w, &site, &page);
    CHECK(tnd_writer_over(&small) && !tnd_writer_over(&w));
    CHECK_EQ(small.len, w.len);
    CHECK_EQ(counted.len, w.len);
}

static unsigned occurrences(const char *text, const char *of)
{
    unsigned count = 0;

    for (; (text = strstr(text, of)); text += strlen(of))
        count++;
    return count;
}

static bool ladder_of(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret)
{
    CHECK(ctx == room);
    CHECK_EQ(lang, TND_LANG_EN);
    *ret = (struct tnd_page_ladder){TND_STR("<svg></svg>"), TND_STR("it <moves>")};
    return code == 302;
}

TND_TEST(ladder_on_its_pages, "",
         "the flow of a code is on its page and on its comparisons, and nowhere else")
{
    static const struct tnd_site drawn = {.ladder_of = ladder_of, .ladder_ctx = room};
    struct tnd_page pages[] = {tnd_page_code(TND_LANG_EN, 302), tnd_page_code(TND_LANG_EN, 580),
                               tnd_page_compare(TND_LANG_EN, 302, 580)};
    static const unsigned expected[] = {1, 0, 1};

    for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++) {
        struct tnd_writer w = tnd_writer(room, sizeof(room));

        tnd_page_write(&w, &drawn, &pages[i]);
        const char *page = ended(&w);
        CHECK_EQ(occurrences(page, "<svg"), expected[i]);
        CHECK_EQ(occurrences(page, "it &lt;moves&gt;</figcaption>"), expected[i]);
    }
}
