/* Where the control socket of a server is. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/control.h"

#define SUFFIX ".control"

/* The directory of a store that is one; NULL: it is in no directory. */
static const char *directory_of(const char *store)
{
    if (strncmp(store, "lmdb:", 5) == 0)
        return store + 5;
    return *store == '/' ? store : NULL;
}

/* Where the sockets of all other servers of this user are. */
static void write_runtime(char ret[CONTROL_PATH_SIZE])
{
    const char *base = getenv("XDG_RUNTIME_DIR");

    snprintf(ret, CONTROL_PATH_SIZE, "%.4000s/tandem", base && *base == '/' ? base : "/run");
}

int control_place(const char *store, char ret[CONTROL_PATH_SIZE])
{
    const char *directory = directory_of(store);

    if (directory) {
        snprintf(ret, CONTROL_PATH_SIZE, "%s/control", directory);
        return 0;
    }
    write_runtime(ret);
    if (mkdir(ret, 0700) < 0 && errno != EEXIST)
        return errno;
    snprintf(ret + strlen(ret), CONTROL_PATH_SIZE - strlen(ret), "/%ld" SUFFIX, (long)getpid());
    return 0;
}

static bool is_control(const char *name)
{
    size_t len = strlen(name), suffix = strlen(SUFFIX);

    return len > suffix && strcmp(name + len - suffix, SUFFIX) == 0;
}

/* How many live in directory; the last one in ret. What the dead have left is passed over. */
static size_t count_live(const char *directory, char ret[CONTROL_PATH_SIZE])
{
    DIR *dir = opendir(directory);
    char path[CONTROL_PATH_SIZE];
    size_t count = 0;

    for (struct dirent *e; dir && (e = readdir(dir));) {
        int len = snprintf(path, sizeof(path), "%s/%s", directory, e->d_name);
        if (!is_control(e->d_name) || len < 0 || (size_t)len >= sizeof(path) ||
            tnd_control_probe(path))
            continue;
        memcpy(ret, path, (size_t)len + 1);
        count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

int control_find(const char *command, const char *store, char ret[CONTROL_PATH_SIZE])
{
    const char *directory = directory_of(store);
    char runtime[CONTROL_PATH_SIZE];

    if (directory) {
        snprintf(ret, CONTROL_PATH_SIZE, "%s/control", directory);
        return CLI_OK;
    }
    write_runtime(runtime);
    size_t count = count_live(runtime, ret);
    if (count == 1)
        return CLI_OK;
    if (count == 0)
        return cli_fail(
            "%s: %s: no server runs there; start it with 'tandem serve', or name another "
            "one with -c, --store or --socket",
            command, runtime);
    return cli_fail("%s: %s: several servers run there; name one of its sockets with --socket",
                    command, runtime);
}
