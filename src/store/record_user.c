/* The record of a user:
 *
 *     version, realm, which digests there are, and of each the A1 of both forms of the name
 */
#include "base/assert.h"
#include "store/record.h"

enum { ALL_DIGESTS = (1 << TND_DIGEST_COUNT) - 1 };

void tnd_user_record_write(struct tnd_writer *w, const struct tnd_user *user)
{
    unsigned which = 0;

    TND_ASSERT(user->realm.len <= TND_REALM_LEN_MAX);
    for (unsigned i = 0; i < TND_DIGEST_COUNT; i++)
        which |= (unsigned)user->has[i] << i;
    tnd_record_put_number(w, RECORD_VERSION);
    tnd_record_put_text(w, user->realm);
    tnd_record_put_number(w, which);
    for (unsigned i = 0; i < TND_DIGEST_COUNT; i++)
        for (unsigned form = 0; form < TND_USER_FORM_COUNT && user->has[i]; form++)
            tnd_put(
                w, tnd_slice((const char *)user->a1[form][i], tnd_digest_size((enum tnd_digest)i)));
}

static void read_digest(struct tnd_record *r, enum tnd_digest digest, struct tnd_user *user)
{
    for (unsigned form = 0; form < TND_USER_FORM_COUNT; form++) {
        struct tnd_slice a1 = tnd_record_bytes(r, tnd_digest_size(digest));

        if (a1.len > 0)
            memcpy(user->a1[form][digest], a1.ptr, a1.len);
    }
    user->has[digest] = true;
}

int tnd_user_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_user **ret)
{
    struct tnd_record r = tnd_record_open(record, RECORD_VERSION);
    struct tnd_user *user = tnd_arena_zero(a, 1, sizeof(*user));

    if (!user)
        return TND_ENOMEM;
    user->realm = tnd_record_text(&r);
    r.bad |= user->realm.len > TND_REALM_LEN_MAX;
    uint64_t which = tnd_record_number(&r, ALL_DIGESTS);
    for (unsigned i = 0; i < TND_DIGEST_COUNT; i++)
        if (which >> i & 1)
            read_digest(&r, (enum tnd_digest)i, user);
    if (tnd_record_close(&r))
        return TND_ESYNTAX;
    *ret = user;
    return 0;
}
