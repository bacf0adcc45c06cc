/* Lines for people. */
#include "db/fault.h"

#include <errno.h>
#include <lmdb.h>
#include <stdarg.h>
#include <stdio.h>

int db_fault_say(struct tnd_db_fault *ret, int err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(ret->text, sizeof(ret->text), format, args);
    va_end(args);
    return err;
}

/* What to do; NULL: that is not known. */
static const char *advice(int err)
{
    switch (err) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return "the disk is full; make room there, or keep the store elsewhere (--store)";
    case EIO: /* LMDB says so too when a part of its pages was written only */
        return "the disk is full or broken; make room there, or keep the store elsewhere (--store)";
    case EACCES:
    case EPERM:
        return "not allowed; let its owner run tandem, or keep the store elsewhere (--store)";
    case EROFS:
        return "cannot be written to; keep the store elsewhere (--store)";
    case ENOTDIR:
        return "is no directory, or lies in none; keep the store elsewhere (--store)";
    case EWOULDBLOCK:
        return "is locked by another program; end that one ('fuser' shows it)";
    case EMFILE:
    case ENFILE:
        return "too many open files; raise the limit (ulimit -n)";
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
        return "data.mdb there is no store of tandem; keep the store elsewhere (--store), or move that file "
               "away";
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case TND_ESYNTAX:
        return "is damaged; put a copy of data.mdb back, or move it away to begin anew";
    case MDB_READERS_FULL:
        return "too many programs read there; end some";
    case MDB_MAP_FULL:
        return "is as large as this machine can map";
    case TND_ENOMEM:
        return "out of memory; end other programs, or raise the limits (ulimit -a)";
    default:
        return NULL;
    }
}

static int kind_of(int err)
{
    if (err == MDB_CORRUPTED || err == MDB_PAGE_NOTFOUND)
        return TND_ESYNTAX;
    return err > 0 || err <= MDB_LAST_ERRCODE ? TND_EIO : err;
}

int db_fault(struct tnd_db_fault *ret, const struct db_driver *driver, const char *where, int err)
{
    const char *text = advice(err);

    if (!text && kind_of(err) == err)
        return db_fault_say(ret, err, "%s: %s", where, tnd_strerror(err));
    if (!text)
        return db_fault_say(ret, kind_of(err), "%s: %s; look at the disk and the system's log",
                            where, driver->explain(err));
    return db_fault_say(ret, kind_of(err), "%s: %s", where, text);
}
