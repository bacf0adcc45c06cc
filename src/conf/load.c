/* Values by libcyaml.
 *
 * Its schema is made of the table of keys: every value is a text, so that one that is wrong is
 * told by us and not by a libcyaml that stops there, and so that what is not set can be told from
 * what is 0. */
#include "conf/load.h"

#include <cyaml/cyaml.h>

static const cyaml_config_t config = {
    .mem_fn = cyaml_mem,
    .flags = CYAML_CFG_IGNORE_UNKNOWN_KEYS | CYAML_CFG_NO_ALIAS,
};

static size_t count_of(const struct conf_key *keys)
{
    size_t count = 0;

    while (keys[count].name)
        count++;
    return count;
}

static cyaml_schema_field_t *fields_of(struct tnd_arena *a, const struct conf_key *keys);

static cyaml_schema_value_t text_value(unsigned flags)
{
    return (cyaml_schema_value_t){
        .type = CYAML_STRING,
        .flags = (enum cyaml_flag)(flags | CYAML_FLAG_POINTER),
        .data_size = sizeof(char),
        .string = {0, TND_CONF_TEXT_LEN_MAX},
    };
}

static cyaml_schema_value_t mapping_value(struct tnd_arena *a, const struct conf_key *keys,
                                          unsigned flags)
{
    return (cyaml_schema_value_t){
        .type = CYAML_MAPPING,
        .flags = (enum cyaml_flag)(flags | CYAML_FLAG_POINTER),
        .data_size = (uint32_t)(count_of(keys) * sizeof(struct conf_slot)),
        .mapping = {fields_of(a, keys)},
    };
}

static cyaml_schema_value_t list_value(struct tnd_arena *a, const struct conf_key *key,
                                       unsigned flags)
{
    cyaml_schema_value_t *entry = tnd_arena_zero(a, 1, sizeof(*entry));

    if (entry)
        *entry = key->shape == CONF_TEXTS ? text_value(0) : mapping_value(a, key->keys, 0);
    return (cyaml_schema_value_t){
        .type = CYAML_SEQUENCE,
        .flags = (enum cyaml_flag)(flags | CYAML_FLAG_POINTER),
        .data_size = sizeof(void *),
        .sequence = {entry, 0, CYAML_UNLIMITED},
    };
}

/* A mapping or a list that is only a word for nothing is NULL. A text is what it is: it may be meant,
 * the outline knows. */
static cyaml_schema_value_t value_of(struct tnd_arena *a, const struct conf_key *key)
{
    unsigned flags = CYAML_FLAG_OPTIONAL;

    switch (key->shape) {
    case CONF_TEXT:
        return text_value(flags);
    case CONF_MAPPING:
        return mapping_value(a, key->keys, flags | CYAML_FLAG_POINTER_NULL_STR);
    case CONF_TEXTS:
    case CONF_MAPPINGS:
        return list_value(a, key, flags | CYAML_FLAG_POINTER_NULL_STR);
    }
    return (cyaml_schema_value_t){.type = CYAML_IGNORE};
}

/* Up to one without a key. NULL: out of memory, which the arena remembers. */
static cyaml_schema_field_t *fields_of(struct tnd_arena *a, const struct conf_key *keys)
{
    size_t count = count_of(keys);
    cyaml_schema_field_t *fields = tnd_arena_zero(a, count + 1, sizeof(*fields));

    for (size_t i = 0; fields && i < count; i++)
        fields[i] = (cyaml_schema_field_t){
            .key = keys[i].name,
            .data_offset = (uint32_t)(i * sizeof(struct conf_slot)),
            .count_offset =
                (uint32_t)(i * sizeof(struct conf_slot) + offsetof(struct conf_slot, count)),
            .count_size = sizeof(uint32_t),
            .value = value_of(a, &keys[i]),
        };
    return fields;
}

/* libyaml has read the same text for the outline: what can fail now is memory. */
static bool is_memory(cyaml_err_t err)
{
    return err == CYAML_ERR_OOM || err == CYAML_ERR_LIBYAML_PARSER ||
           err == CYAML_ERR_LIBYAML_PARSER_INIT;
}

int conf_load(struct tnd_arena *a, struct tnd_slice text, struct conf_loaded *ret,
              const char **ret_why)
{
    cyaml_schema_value_t *schema = tnd_arena_zero(a, 1, sizeof(*schema));
    cyaml_data_t *data = NULL;

    if (schema)
        *schema = mapping_value(a, conf_keys, 0);
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    cyaml_err_t err =
        cyaml_load_data((const uint8_t *)text.ptr, text.len, &config, schema, &data, NULL);
    if (err != CYAML_OK) {
        *ret_why = cyaml_strerror(err);
        return is_memory(err) ? TND_ENOMEM : TND_ESYNTAX;
    }
    *ret = (struct conf_loaded){data, schema};
    return 0;
}

void conf_unload(struct conf_loaded *loaded)
{
    if (loaded->slots)
        cyaml_free(&config, loaded->schema, loaded->slots, 0);
    loaded->slots = NULL;
}
