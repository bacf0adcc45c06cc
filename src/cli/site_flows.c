/* The flows of codes, drawn. */
#include "cli/site_flows.h"

#include "cli/cli.h"

enum { DRAWN_SIZE_MAX = 256 << 20 /* more than all of them in all languages */ };

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

/* In all languages. */
static void run(struct site_flows *f, unsigned code, struct site_flow *ret)
{
    struct tnd_arena a; /* what the drawings do not need */
    struct tnd_demo demo;
    struct tnd_ladder ladder;

    tnd_arena_init(&a, NULL, 0, &cli_mem, SIZE_MAX);
    int err = tnd_demo_run(&f->world.world, code, &a, &demo);
    for (int lang = 0; lang < TND_LANG_COUNT && err == 0; lang++) {
        err = tnd_demo_ladder(&demo, (enum tnd_lang)lang, &a, &ladder);
        if (err == 0)
            ret->ladder[lang] =
                (struct tnd_page_ladder){.svg = draw(&f->a, &ladder), .about = ladder.title};
    }
    tnd_arena_fini(&a);
    ret->is_run = true;
}

int site_flows_open(struct site_flows *f, const char *command)
{
    memset(f, 0, sizeof(*f));
    tnd_arena_init(&f->a, NULL, 0, &cli_mem, DRAWN_SIZE_MAX);
    return demo_world_open(&f->world, command);
}

void site_flows_close(struct site_flows *f)
{
    if (f->a.mem)
        tnd_arena_fini(&f->a);
    demo_world_close(&f->world);
}

bool site_flows_find(void *ctx, unsigned code, enum tnd_lang lang, struct tnd_page_ladder *ret)
{
    struct site_flows *f = ctx;

    if (!tnd_demo_has(code))
        return false;
    struct site_flow *flow = &f->flow[code - SITE_FLOW_FIRST];
    if (!flow->is_run)
        run(f, code, flow);
    *ret = flow->ladder[lang];
    return ret->svg.len > 0;
}
