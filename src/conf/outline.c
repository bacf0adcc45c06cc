/* The outline of a file: where each value stands and which shape it has.
 *
 * libcyaml reads the values, but it stops at the first thing that does not fit its schema, and says
 * where in a log only. Who mends a configuration wants all faults at once, each with its line. So
 * the file is gone through twice. First here, by the events of libyaml, which is what libcyaml
 * reads with too: nothing is kept but lines and shapes, and whatever does not fit the schema is
 * told. Then libcyaml loads the values (load.c), with a schema that is made of the same table; by
 * now it has nothing to complain about. Each value that is wrong then is told with the line that
 * was found here.
 *
 * What libcyaml cannot load at all (a list where a text should be, a key twice) is told without a
 * look at the values: these are told once that is mended.
 *
 * Aliases are refused, so that a file is never larger than it looks; anchors and tags mean nothing
 * without them or to us. Nesting and %TAG are bounded before libyaml takes time for them.
 */
#include "conf/outline.h"

#include <yaml.h>

enum { TAG_COUNT_MAX = 16 };

struct outline {
    yaml_parser_t parser;
    yaml_event_t event; /* the present one; of no type before the first */
    struct tnd_slice text;
    struct tnd_arena *arena;
    struct tnd_conf_faults *faults;
    bool ended;  /* YAML is broken, or a bound was reached: there is no next event */
    bool broken; /* the values cannot be read */
};

static unsigned line_of(const struct outline *o)
{
    return (unsigned)o->event.start_mark.line + 1;
}

/* A fault after which the values cannot be read. */
static void misshapen(struct outline *o, const struct conf_at *at, const char *what)
{
    o->broken = true;
    conf_fault(o->faults, TND_CONF_FAULT, at, "%s", what);
}

/* "more than 4 entries" */
static void too_much(struct outline *o, const struct conf_at *at, unsigned most, const char *what)
{
    o->broken = true;
    conf_fault(o->faults, TND_CONF_FAULT, at, "more than %u %s", most, what);
}

static bool has_nul(struct tnd_slice text)
{
    return text.len > 0 && memchr(text.ptr, '\0', text.len);
}

/* The line in which the byte at offset stands. */
static unsigned line_at(struct tnd_slice text, size_t offset)
{
    unsigned line = 1;

    for (size_t i = 0; i < offset && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* Whether a tab is part of what this line is indented with. */
static bool has_tab(struct tnd_slice text, unsigned line)
{
    for (size_t i = 0; i < text.len && line > 1; i++)
        if (text.ptr[i] == '\n' && --line == 1)
            text = tnd_slice(text.ptr + i + 1, text.len - i - 1);
    for (size_t i = 0; i < text.len && (text.ptr[i] == ' ' || text.ptr[i] == '\t'); i++)
        if (text.ptr[i] == '\t')
            return true;
    return false;
}

/* What the person can do about it, where libyaml is short; "": nothing more to say. */
static const char *hint(const struct outline *o, unsigned line)
{
    const char *problem = o->parser.problem ? o->parser.problem : "";

    if (line_at(o->text, o->text.len) >= line && has_tab(o->text, line))
        return "; indent with spaces, a tab is none";
    if (strstr(problem, "mapping values are not allowed"))
        return "; a value with a colon at its end, or before a space, stands in quotes";
    return "";
}

/* The bytes are no text; libyaml knows no line then. */
static void broken_text(struct outline *o)
{
    const yaml_parser_t *p = &o->parser;
    struct conf_at at = {.line = line_at(o->text, p->problem_offset)};

    conf_fault(o->faults, TND_CONF_FAULT, &at, "this is no text: %s",
               p->problem ? p->problem : "unreadable");
}

static void broken_yaml(struct outline *o)
{
    const yaml_parser_t *p = &o->parser;
    struct conf_at at = {.line = (unsigned)p->problem_mark.line + 1};
    const char *problem = p->problem ? p->problem : "unreadable", *what = hint(o, at.line);

    if (p->context && p->context_mark.line != p->problem_mark.line)
        conf_fault(o->faults, TND_CONF_FAULT, &at, "this is no YAML: %s %s in line %zu%s", problem,
                   p->context, p->context_mark.line + 1, what);
    else
        conf_fault(o->faults, TND_CONF_FAULT, &at, "this is no YAML: %s%s", problem, what);
}

/* The next event. false: there is none; the reason has been told. */
static bool step(struct outline *o)
{
    yaml_event_delete(&o->event);
    if (o->ended)
        return false;
    if (yaml_parser_parse(&o->parser, &o->event))
        return true;
    o->ended = o->broken = true;
    if (o->parser.error == YAML_READER_ERROR)
        broken_text(o);
    else if (o->parser.error != YAML_MEMORY_ERROR)
        broken_yaml(o);
    return false;
}

static bool is_start(const yaml_event_t *e)
{
    return e->type == YAML_SEQUENCE_START_EVENT || e->type == YAML_MAPPING_START_EVENT;
}

static bool is_end(const yaml_event_t *e)
{
    return e->type == YAML_SEQUENCE_END_EVENT || e->type == YAML_MAPPING_END_EVENT;
}

static void refuse_alias(struct outline *o, const struct conf_at *at)
{
    struct conf_at here = *at;

    here.line = line_of(o);
    misshapen(o, &here, "aliases (*name) are not read here: write the value out");
}

/* Goes behind the present value, whatever it holds; the present event is its last one then. */
static bool skip(struct outline *o, const struct conf_at *at)
{
    unsigned depth = 0;

    for (;;) {
        if (is_start(&o->event) && ++depth > TND_CONF_NESTING_MAX) {
            o->ended = true;
            misshapen(o, at, "lists and mappings are nested too deep");
            return false;
        }
        depth -= is_end(&o->event);
        if (o->event.type == YAML_ALIAS_EVENT)
            refuse_alias(o, at);
        if (depth == 0)
            return true;
        if (!step(o))
            return false;
    }
}

static struct tnd_slice scalar(const struct outline *o)
{
    return tnd_slice((const char *)o->event.data.scalar.value, o->event.data.scalar.length);
}

/* Nothing, or one of the words of YAML for it. In quotes they are texts. */
static bool is_null(const struct outline *o)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (o->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
            tnd_slice_eq(scalar(o), tnd_slice_str(words[i])))
            return true;
    return false;
}

/* NULL: out of memory, which the arena remembers. */
static struct conf_place *add_place(struct outline *o, struct conf_place *to,
                                    const struct conf_key *key)
{
    struct conf_place *place = tnd_arena_zero(o->arena, 1, sizeof(*place));

    if (!place) {
        o->ended = true;
        return NULL;
    }
    place->key = key;
    place->line = line_of(o);
    if (to && to->last)
        to->last->next = place;
    else if (to)
        to->first = place;
    if (to)
        to->last = place;
    return place;
}

static const char *shape_name(enum conf_shape shape)
{
    static const char *const names[] = {"one value is wanted here", "a mapping is wanted here",
                                        "a list is wanted here", "a list is wanted here"};

    return names[shape];
}

static bool read_mapping(struct outline *o, const struct conf_key *keys, const struct conf_at *at,
                         struct conf_place *to);

/* The present event is a scalar. */
static void read_scalar(struct outline *o, enum conf_shape want, const struct conf_at *at,
                        struct conf_place *to)
{
    struct tnd_slice text = scalar(o);

    to->shape = is_null(o) ? CONF_PLACE_NULL : CONF_PLACE_TEXT;
    if (to->shape == CONF_PLACE_NULL && !to->key)
        misshapen(o, at, "an entry without a value");
    else if (to->shape == CONF_PLACE_TEXT && want != CONF_TEXT)
        misshapen(o, at, shape_name(want));
    else if (text.len > TND_CONF_TEXT_LEN_MAX)
        too_much(o, at, TND_CONF_TEXT_LEN_MAX, "bytes");
    else if (has_nul(text)) /* libcyaml would see the part before it */
        misshapen(o, at, "holds a NUL character");
}

static bool read_value(struct outline *o, const struct conf_key *key, enum conf_shape want,
                       const struct conf_at *at, struct conf_place *to);

/* The present event starts the list of key. */
static bool read_list(struct outline *o, const struct conf_key *key, const struct conf_at *at,
                      struct conf_place *to)
{
    enum conf_shape want = key->shape == CONF_TEXTS ? CONF_TEXT : CONF_MAPPING;
    struct conf_at here = {.up = at};

    to->shape = CONF_PLACE_LIST;
    for (; step(o); here.index++) {
        if (o->event.type == YAML_SEQUENCE_END_EVENT)
            return true;
        here.line = line_of(o);
        if (here.index >= key->most) {
            if (here.index == key->most)
                too_much(o, &here, key->most, "entries");
            if (!skip(o, &here))
                return false;
            continue;
        }
        struct conf_place *place = add_place(o, to, NULL);
        if (!place || !read_value(o, key, want, &here, place))
            return false;
    }
    return false;
}

/* The present event is the first one of a value of key, or of an entry of its list. */
static bool read_value(struct outline *o, const struct conf_key *key, enum conf_shape want,
                       const struct conf_at *at, struct conf_place *to)
{
    yaml_event_type_t type = o->event.type;

    if (type == YAML_SCALAR_EVENT) {
        read_scalar(o, want, at, to);
        return true;
    }
    if (type == YAML_MAPPING_START_EVENT && want == CONF_MAPPING)
        return read_mapping(o, key->keys, at, to);
    if (type == YAML_SEQUENCE_START_EVENT && (want == CONF_TEXTS || want == CONF_MAPPINGS))
        return read_list(o, key, at, to);
    if (type != YAML_ALIAS_EVENT)
        misshapen(o, at, shape_name(want));
    return skip(o, at);
}

static bool stands_twice(const struct conf_place *mapping, const struct conf_key *key)
{
    for (const struct conf_place *place = mapping->first; place; place = place->next)
        if (place->key == key)
            return true;
    return false;
}

/* The present event starts something else than a word, in the place of a key. */
static bool refuse_key(struct outline *o, const struct conf_at *at)
{
    struct conf_at here = *at;

    here.line = line_of(o);
    misshapen(o, &here, "a key is a word");
    return skip(o, &here) && step(o) && skip(o, &here);
}

/* The present event is the key of a pair; its name is a terminated text in the arena. */
static bool read_pair(struct outline *o, const struct conf_key *keys, const struct conf_at *at,
                      struct conf_place *to)
{
    struct conf_at here = {.up = at, .line = line_of(o)};

    if (o->event.type != YAML_SCALAR_EVENT || has_nul(scalar(o)))
        return refuse_key(o, at);
    const struct conf_key *key = conf_key_find(keys, scalar(o));
    here.name = key ? key->name : tnd_slice_keep_str(o->arena, conf_cut(scalar(o)));
    if (!here.name)
        return false;
    if (!key)
        conf_key_unknown(o->faults, keys, &here);
    bool twice = key && stands_twice(to, key);
    if (twice)
        misshapen(o, &here, "stands here twice: which one counts?");
    if (!key || twice) /* no place: a mapping has at most as many as there are keys */
        return step(o) && skip(o, &here);
    struct conf_place *place = add_place(o, to, key);
    return place && step(o) && read_value(o, key, key->shape, &here, place);
}

/* The present event starts a mapping. */
static bool read_mapping(struct outline *o, const struct conf_key *keys, const struct conf_at *at,
                         struct conf_place *to)
{
    to->shape = CONF_PLACE_MAPPING;
    while (step(o)) {
        if (o->event.type == YAML_MAPPING_END_EVENT)
            return true;
        if (!read_pair(o, keys, at, to))
            return false;
    }
    return false;
}

/* The present event is the first of what a document holds. */
static bool read_document(struct outline *o, struct conf_place **ret)
{
    struct conf_at at = {.line = line_of(o)};
    struct conf_place *root = add_place(o, NULL, NULL);

    if (!root)
        return false;
    if (o->event.type == YAML_SCALAR_EVENT && is_null(o))
        return true; /* as an empty file */
    *ret = root;
    if (o->event.type == YAML_MAPPING_START_EVENT)
        return read_mapping(o, conf_keys, &at, root);
    misshapen(o, &at, "a configuration consists of lines like 'workers: 4'");
    return skip(o, &at);
}

static bool read_stream(struct outline *o, struct conf_place **ret)
{
    bool has_document = false;

    while (step(o)) {
        if (o->event.type == YAML_STREAM_END_EVENT)
            return true;
        if (o->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (has_document) {
            misshapen(o, &(struct conf_at){.line = line_of(o)},
                      "a second document (---) in a file");
            return false;
        }
        has_document = true;
        if (!step(o) || !read_document(o, ret))
            return false;
    }
    return false;
}

static struct conf_at at_byte(const struct outline *o, const char *byte)
{
    return (struct conf_at){.line = line_at(o->text, (size_t)(byte - o->text.ptr))};
}

/* Whether the text is nothing to give to libyaml: it reads UTF-16 too, which nobody here does, and
 * it compares each %TAG with all before it. */
static bool refuse_text(struct outline *o)
{
    static const struct tnd_slice tag = TND_STR_INIT("%TAG");
    struct tnd_slice rest = o->text;
    unsigned count = 0;

    if (has_nul(rest)) {
        struct conf_at at = at_byte(o, memchr(rest.ptr, '\0', rest.len));

        misshapen(o, &at, "this is no text: a NUL byte. It is to be in UTF-8");
        return true;
    }
    for (const char *next; rest.len > 0 && (next = memmem(rest.ptr, rest.len, tag.ptr, tag.len));) {
        struct conf_at at = at_byte(o, next);

        if (++count > TAG_COUNT_MAX) {
            too_much(o, &at, TAG_COUNT_MAX, "%TAG");
            return true;
        }
        rest = tnd_slice_between(next + tag.len, tnd_slice_end(o->text));
    }
    return false;
}

int conf_outline(struct tnd_arena *a, struct tnd_slice text, struct tnd_conf_faults *faults,
                 struct conf_place **ret)
{
    struct outline o = {.text = text, .arena = a, .faults = faults};

    *ret = NULL;
    if (refuse_text(&o))
        return TND_ESYNTAX;
    if (!yaml_parser_initialize(&o.parser))
        return TND_ENOMEM;
    yaml_parser_set_input_string(&o.parser, (const unsigned char *)text.ptr, text.len);
    read_stream(&o, ret);
    yaml_event_delete(&o.event);
    bool starved = o.parser.error == YAML_MEMORY_ERROR || tnd_arena_over(a);
    yaml_parser_delete(&o.parser);
    if (starved)
        return TND_ENOMEM;
    return o.broken ? TND_ESYNTAX : 0;
}

const struct conf_place *conf_place_of(const struct conf_place *mapping, const struct conf_key *key)
{
    const struct conf_place *place = mapping ? mapping->first : NULL;

    while (place && place->key != key)
        place = place->next;
    return place && place->shape != CONF_PLACE_NULL ? place : NULL;
}
