/* The flows of all codes, drawn. */
#include "cli/site_flows.h"

#include "cli/cli.h"
#include "cli/demo.h"

/* Written once to know how long it is. */
static struct tnd_slice draw(struct tnd_arena *a, const struct tnd_ladder *ladder)
{
    struct tnd_writer w = tnd_writer(NULL, 0);

    tnd_ladder_svg(&w, ladder);
    size_t size = w.len;
    w = tnd_writer(tnd_arena_take(a, size), size);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    tnd_ladder_svg(&w, ladder);
    return tnd_writer_slice(&w);
}

/* In all languages. run: of what the drawings do not need. */
static int add(struct site_flows *f, const struct tnd_demo_world *world, unsigned code,
               struct tnd_arena *run)
{
    struct tnd_demo demo;
    struct tnd_ladder ladder;
    int err = tnd_demo_run(world, code, run, &demo);

    for (int lang = 0; lang < TND_LANG_COUNT && err == 0; lang++) {
        err = tnd_demo_ladder(&demo, (enum tnd_lang)lang, run, &ladder);
        if (err == 0)
            f->ladder[lang][code - SITE_FLOW_FIRST] =
                (struct tnd_page_ladder){.svg = draw(&f->a, &ladder), .about = ladder.title};
    }
    return err ? err : tnd_arena_over(&f->a) ? TND_ENOMEM : 0;
}

static int add_all(struct site_flows *f, const struct tnd_demo_world *world)
{
    int err = 0;

    for (unsigned code = tnd_explain_next(0); code && err == 0; code = tnd_explain_next(code)) {
        struct tnd_arena run;

        tnd_arena_init(&run, NULL, 0, world->mem, SIZE_MAX);
        err = add(f, world, code, &run);
        tnd_arena_fini(&run);
    }
    return err;
}

int site_flows_make(struct site_flows *f)
{
    struct demo_world world;
    int status = demo_world_open(&world, "site");

    if (status != CLI_OK)
        return status;
    tnd_arena_init(&f->a, NULL, 0, &cli_mem, SIZE_MAX);
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        f->ladder[lang] = tnd_arena_zero(&f->a, SITE_FLOW_COUNT, sizeof(*f->ladder[lang]));
    int err = tnd_arena_over(&f->a) ? TND_ENOMEM : add_all(f, &world.world);
    demo_world_close(&world);
    if (err == 0)
        return CLI_OK;
    site_flows_free(f);
    return cli_fail("site: %s", tnd_strerror(err));
}

void site_flows_free(struct site_flows *f)
{
    tnd_arena_fini(&f->a);
}

bool site_flows_find(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret)
{
    const struct site_flows *f = ctx;

    if (code < SITE_FLOW_FIRST || code >= SITE_FLOW_FIRST + SITE_FLOW_COUNT)
        return false;
    *ret = f->ladder[lang][code - SITE_FLOW_FIRST];
    return ret->svg.len > 0;
}
