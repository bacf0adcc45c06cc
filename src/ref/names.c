/* Names of methods, header fields and option tags: the tables and the look-ups. */
#include "ref/names.h"

#include "ref/tables.inc" /* made by gen_names.c */

struct header_row {
    const char *name, *compact, *law;
    uint8_t number;
};

static const struct header_row header_rows[TND_HEADER_COUNT] = {
    [TND_HEADER_OTHER] = {"", "", "", TND_HEADER_ANY},
#define HEADER(id, name, compact, number, law) \
    [TND_HEADER_##id] = {name, compact, law, TND_HEADER_##number},
#include "tandem/ref/headers.def"
#undef HEADER
};

const uint8_t tnd_header_name_len[TND_HEADER_COUNT] = {
#define HEADER(id, name, compact, number, law) [TND_HEADER_##id] = sizeof(name) - 1,
#include "tandem/ref/headers.def"
#undef HEADER
};

const uint8_t tnd_name_ones[2 * TND_NAME_SIZE] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
};

enum tnd_header tnd_header_find(struct tnd_slice name)
{
    char wide[TND_NAME_SIZE] = {0};

    if (name.len == 0 || name.len > sizeof(wide))
        return TND_HEADER_OTHER;
    memcpy(wide, name.ptr, name.len);
    enum tnd_header header = tnd_header_find_wide(wide, name.len);
    /* the folded comparison trusts its caller to have seen a token */
    struct tnd_slice full = tnd_slice_str(tnd_header_name(header));
    return name.len == 1 || tnd_slice_eq_fold(name, full) ? header : TND_HEADER_OTHER;
}

const char *tnd_header_name(enum tnd_header header)
{
    return header_rows[header].name;
}

const char *tnd_header_compact(enum tnd_header header)
{
    return header_rows[header].compact;
}

const char *tnd_header_law(enum tnd_header header)
{
    return header_rows[header].law;
}

enum tnd_header_number tnd_header_number(enum tnd_header header)
{
    return header_rows[header].number;
}

static const struct {
    const char *name, *law;
} method_rows[TND_METHOD_COUNT] = {
    [TND_METHOD_OTHER] = {"", ""},
#define METHOD(name, law) [TND_METHOD_##name] = {#name, law},
#include "tandem/ref/methods.def"
#undef METHOD
};

static const uint8_t method_len[TND_METHOD_COUNT] = {
#define METHOD(name, law) [TND_METHOD_##name] = sizeof(#name) - 1,
#include "tandem/ref/methods.def"
#undef METHOD
};

enum tnd_method tnd_method_find(struct tnd_slice name)
{
    if (name.len == 0)
        return TND_METHOD_OTHER;
    enum tnd_method method = tnd_method_slots[tnd_name_hash(name.ptr, name.len, tnd_method_seed)];
    if (name.len != method_len[method])
        return TND_METHOD_OTHER;
    unsigned differ = 0;
    for (size_t i = 0; i < name.len; i++)
        differ |= (unsigned)(name.ptr[i] ^ method_rows[method].name[i]);
    return differ == 0 ? method : TND_METHOD_OTHER;
}

const char *tnd_method_name(enum tnd_method method)
{
    return method_rows[method].name;
}

const char *tnd_method_law(enum tnd_method method)
{
    return method_rows[method].law;
}

static const struct {
    const char *tag, *law;
} option_rows[TND_OPTION_COUNT] = {
    [TND_OPTION_OTHER] = {"", ""},
#define OPTION(id, tag, law) [TND_OPTION_##id] = {tag, law},
#include "tandem/ref/options.def"
#undef OPTION
};

enum tnd_option tnd_option_find(struct tnd_slice tag)
{
    for (int option = 1; option < TND_OPTION_COUNT; option++)
        if (tnd_slice_eq_fold(tag, tnd_slice_str(option_rows[option].tag)))
            return (enum tnd_option)option;
    return TND_OPTION_OTHER;
}

const char *tnd_option_tag(enum tnd_option option)
{
    return option_rows[option].tag;
}

const char *tnd_option_law(enum tnd_option option)
{
    return option_rows[option].law;
}
