/* What is kept of a user in place of his password: A1 of both forms of his name. */
#include "tandem/auth.h"

/* Whatever the user part may hold, a host has no '@'. 0, or TND_ESYNTAX. */
static int read_aor(struct tnd_slice aor, struct tnd_slice ret[TND_USER_FORM_COUNT])
{
    size_t at = aor.len;

    while (at > 0 && aor.ptr[at - 1] != '@')
        at--;
    /* RFC 7616 §4: any character "with the exception of the colon", which ends the name in A1 */
    if (at < 2 || at == aor.len || memchr(aor.ptr, ':', at))
        return TND_ESYNTAX;
    ret[TND_USER_NAME] = tnd_slice(aor.ptr, at - 1);
    ret[TND_USER_AOR] = aor;
    return 0;
}

/* What all of A1 is made of, but for its algorithm. */
struct source {
    const struct tnd_digester *digester;
    struct tnd_slice names[TND_USER_FORM_COUNT];
    struct tnd_slice realm, password;
};

/* A1 = unq(username) ":" unq(realm) ":" passwd (RFC 7616 §3.4.2) */
static int make_a1(const struct source *s, enum tnd_digest digest, struct tnd_user *user)
{
    const struct tnd_digester *d = s->digester;
    const struct tnd_slice colon = TND_STR(":");
    int err = 0;

    for (int f = 0; f < TND_USER_FORM_COUNT && !err; f++) {
        const struct tnd_slice parts[] = {s->names[f], colon, s->realm, colon, s->password};

        err = d->take(d->ctx, digest, parts, sizeof(parts) / sizeof(*parts), user->a1[f][digest]);
    }
    user->has[digest] = !err;
    return err;
}

int tnd_user_make(const struct tnd_digester *digester, struct tnd_slice aor, struct tnd_slice realm,
                  struct tnd_slice password, struct tnd_user *ret)
{
    struct source s = {.digester = digester, .realm = realm, .password = password};
    struct tnd_user user = {.realm = realm};
    int result = TND_ENONE, err = read_aor(aor, s.names);

    if (err)
        return err;
    for (int d = 0; d < TND_DIGEST_COUNT; d++) {
        err = make_a1(&s, (enum tnd_digest)d, &user);
        if (err && err != TND_ENONE)
            return err;
        result = err ? result : 0;
    }
    if (!result)
        *ret = user;
    return result;
}
