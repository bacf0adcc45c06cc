/* Names: whatever the bytes are, a look-up finds at most the one thing of that name. */
#include "fuzz/fuzz.h"

#include "tandem/ref.h"
#include "tandem/ref/explain.h"

static void find_header(struct tnd_slice name)
{
    enum tnd_header header = tnd_header_find(name);

    FUZZ_CHECK(header < TND_HEADER_COUNT);
    if (header == TND_HEADER_OTHER)
        return;
    FUZZ_CHECK(tnd_slice_eq_fold(name, tnd_slice_str(tnd_header_name(header))) ||
               tnd_slice_eq_fold(name, tnd_slice_str(tnd_header_compact(header))));
}

static void find_method(struct tnd_slice name)
{
    enum tnd_method method = tnd_method_find(name);

    FUZZ_CHECK(method < TND_METHOD_COUNT);
    FUZZ_CHECK(method == TND_METHOD_OTHER ||
               tnd_slice_eq(name, tnd_slice_str(tnd_method_name(method))));
}

static void find_option(struct tnd_slice tag)
{
    enum tnd_option option = tnd_option_find(tag);

    FUZZ_CHECK(option < TND_OPTION_COUNT);
    FUZZ_CHECK(option == TND_OPTION_OTHER ||
               tnd_slice_eq_fold(tag, tnd_slice_str(tnd_option_tag(option))));
}

static void read_number(struct tnd_slice digits)
{
    uint64_t n;

    if (!tnd_slice_number(digits, UINT32_MAX, &n))
        return;
    FUZZ_CHECK(n <= UINT32_MAX);
    FUZZ_CHECK(tnd_code_phrase((unsigned)n) != NULL);
    struct tnd_explanation e;
    tnd_explain((unsigned)n, (enum tnd_lang)(n % TND_LANG_COUNT), &e);
    FUZZ_CHECK(e.code == n && e.description && e.fix && e.title);
}

static void find_lang(struct tnd_slice name)
{
    enum tnd_lang lang = TND_LANG_COUNT;

    FUZZ_CHECK(tnd_lang_find(name, &lang) == (lang < TND_LANG_COUNT));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice bytes = tnd_slice((const char *)data, size);

    find_header(bytes);
    find_method(bytes);
    find_option(bytes);
    read_number(bytes);
    find_lang(bytes);
    return 0;
}
