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

/* By a table: a name that may be anything, from text that may end right behind it. */
static unsigned find(const struct tnd_name_table *table, struct tnd_slice name, uint64_t fold)
{
    char wide[TND_NAME_LEN_MAX + TND_NAME_WIDE] = {0};

    if (name.len == 0 || name.len > TND_NAME_LEN_MAX)
        return 0;
    memcpy(wide, name.ptr, name.len);
    return tnd_name_find(table, wide, name.len, fold);
}

enum tnd_header tnd_header_find(struct tnd_slice name)
{
    enum tnd_header header = (enum tnd_header)find(&tnd_header_table, name, TND_NAME_FOLD);
    const struct header_row *row = &header_rows[header];

    /* the folded comparison trusts its caller to have seen a token */
    return tnd_slice_eq_fold(name, tnd_slice_str(row->name)) ||
                   tnd_slice_eq_fold(name, tnd_slice_str(row->compact))
               ? header
               : TND_HEADER_OTHER;
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

enum tnd_method tnd_method_find(struct tnd_slice name)
{
    return (enum tnd_method)find(&tnd_method_table, name, TND_NAME_EXACT);
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
