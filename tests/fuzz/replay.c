/* replay DIR: gives each file of a corpus to the fuzz target it is linked with, whole and,
 * if it is small, each of its prefixes. Every input lies in a block of exactly its size, so
 * that the sanitizers see a read past its end. A target that fails aborts; then the last
 * line says which file it was. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <string.h>

enum {
    FILE_SIZE_MAX = 1 << 20,
    PREFIX_SIZE_MAX = 2048, /* larger files are given only whole: prefixes cost the square */
};

static void give(const char *bytes, size_t size)
{
    /* malloc(0) may be NULL, and a target may be given that only by libFuzzer */
    uint8_t *exact = malloc(size ? size : 1);

    if (!exact)
        abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(size ? exact : exact + 1, size);
    free(exact);
}

static int replay(const char *path)
{
    static char bytes[FILE_SIZE_MAX];
    FILE *file = fopen(path, "rb");

    if (!file)
        return -1;
    size_t size = fread(bytes, 1, sizeof(bytes), file);
    int failed = ferror(file) || fgetc(file) != EOF;
    fclose(file);
    if (failed)
        return -1;
    if (size <= PREFIX_SIZE_MAX)
        for (size_t len = 0; len < size; len++)
            give(bytes, len);
    give(bytes, size);
    return 0;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0;
    DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!dir) {
        fprintf(stderr, "usage: %s DIR\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[4096];

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
        puts(path);
        if (replay(path) == 0) {
            passed++;
        } else {
            printf("%s: cannot be read, or is too large\n", path);
            failed++;
        }
    }
    closedir(dir);
    printf("%d passed, %d failed\n", passed, failed);
    return failed > 0;
}
