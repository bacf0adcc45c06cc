/* Text that ends where memory ends: see guarded.h. */
#define _DEFAULT_SOURCE
#include "unit/guarded.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The pages that hold len bytes; at least one. */
static size_t room_for(size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return len == 0 ? page : (len + page - 1) / page * page;
}

struct tnd_slice guarded(struct tnd_slice s)
{
    size_t room = room_for(s.len), page = (size_t)sysconf(_SC_PAGESIZE);
    char *base =
        mmap(NULL, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (base == MAP_FAILED || mprotect(base + room, page, PROT_NONE) != 0)
        abort();
    char *copy = base + room - s.len;
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    return tnd_slice(copy, s.len);
}

void guarded_free(struct tnd_slice s)
{
    size_t room = room_for(s.len);

    munmap((char *)s.ptr + s.len - room, room + (size_t)sysconf(_SC_PAGESIZE));
}
