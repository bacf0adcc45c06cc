/* gen_asset NAME FILE: run by the build: prints FILE as a slice of C, tnd_asset_NAME. */
#include <stdio.h>

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[2], "rb") : NULL;

    if (!in) {
        fprintf(stderr, "usage: gen_asset NAME FILE\n");
        return 1;
    }
    printf(
        "#include \"web/live_page.h\"\n#include \"web/parts.h\"\n\nstatic const unsigned char bytes[] = {");
    size_t count = 0;
    for (int c; (c = getc(in)) != EOF; count++)
        printf("%s%d,", count % 20 == 0 ? "\n" : "", c);
    printf("\n};\n\nconst struct tnd_slice tnd_asset_%s = {(const char *)bytes, sizeof(bytes)};\n",
           argv[1]);
    return ferror(in) != 0 || fclose(in) != 0;
}
