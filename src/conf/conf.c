/* Configurations from files, from texts and from nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf/read.h"

enum {
    CONF_SIZE_MAX = 16 << 20,    /* of a configuration */
    SCRATCH_SIZE_MAX = 64 << 20, /* of the outline of a file */
};

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

static const struct tnd_mem mem = {take, give, NULL};

static struct tnd_conf *new_conf(void)
{
    struct tnd_conf *conf = calloc(1, sizeof(*conf));

    if (conf)
        tnd_arena_init(&conf->arena, NULL, 0, &mem, CONF_SIZE_MAX);
    return conf;
}

void tnd_conf_free(struct tnd_conf **conf)
{
    if (!*conf)
        return;
    tnd_arena_fini(&(*conf)->arena);
    free(*conf);
    *conf = NULL;
}

/* Fills in conf from what was loaded, if anything was. */
static int fill(struct tnd_conf *conf, const struct conf_slot *slots, const struct conf_place *file,
                struct tnd_conf_faults *faults)
{
    struct conf_reading r = {&conf->arena, faults};

    conf_read_values(&r, slots, file, conf);
    conf_judge(&r, file, conf);
    if (tnd_arena_over(&conf->arena))
        return TND_ENOMEM;
    return faults->fault_count > 0 ? TND_ESYNTAX : 0;
}

static int parse(struct tnd_arena *scratch, struct tnd_slice text, struct tnd_conf_faults *faults,
                 struct tnd_conf *conf)
{
    struct conf_loaded loaded = {NULL, NULL};
    struct conf_place *file;
    const char *why = NULL;

    int err = conf_outline(scratch, text, faults, &file);
    if (err == 0 && file)
        err = conf_load(scratch, text, &loaded, &why);
    if (err == TND_ESYNTAX && why)
        conf_fault(faults, TND_CONF_FAULT, &(struct conf_at){.line = 0},
                   "libcyaml cannot read it: %s", why);
    if (err)
        return err;
    err = fill(conf, loaded.slots, file, faults);
    conf_unload(&loaded);
    return err;
}

int tnd_conf_parse(struct tnd_slice text, struct tnd_conf_faults *faults, struct tnd_conf **ret)
{
    struct tnd_conf *conf = new_conf();
    struct tnd_arena scratch;

    if (!conf)
        return TND_ENOMEM;
    tnd_arena_init(&scratch, NULL, 0, &mem, SCRATCH_SIZE_MAX);
    int err = parse(&scratch, text, faults, conf);
    tnd_arena_fini(&scratch);
    if (err)
        tnd_conf_free(&conf);
    else
        *ret = conf;
    return err;
}

int tnd_conf_default(struct tnd_conf **ret)
{
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *conf = new_conf();

    if (!conf)
        return TND_ENOMEM;
    int err = fill(conf, NULL, NULL, &faults);
    if (err) {
        tnd_conf_free(&conf);
        return err;
    }
    conf->lab = true;
    *ret = conf;
    return 0;
}

static int no_file(struct tnd_conf_faults *faults, const char *why)
{
    conf_fault(faults, TND_CONF_FAULT, &(struct conf_at){.line = 0}, "%s", why);
    return TND_ESYNTAX;
}

int tnd_conf_read(const char *path, struct tnd_conf_faults *faults, struct tnd_conf **ret)
{
    FILE *in = fopen(path, "rb");

    if (!in)
        return no_file(faults, strerror(errno));
    char *bytes = malloc(TND_CONF_FILE_LEN_MAX + 1);
    size_t len = bytes ? fread(bytes, 1, TND_CONF_FILE_LEN_MAX + 1, in) : 0;
    int err = bytes ? 0 : TND_ENOMEM;
    if (ferror(in))
        err = no_file(faults, strerror(errno));
    else if (len > TND_CONF_FILE_LEN_MAX)
        err = no_file(faults, "longer than 1 MiB: no configuration is");
    fclose(in);
    if (err == 0)
        err = tnd_conf_parse(tnd_slice(bytes, len), faults, ret);
    free(bytes);
    return err;
}
