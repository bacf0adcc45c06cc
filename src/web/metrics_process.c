/* The process, by the names that the client libraries of Prometheus use. What the system does not say is left
 * out. */
#include <dirent.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "web/metrics_inside.h"

static void cpu(struct tnd_writer *w)
{
    static const char name[] = "process_cpu_seconds_total";
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) < 0)
        return;
    metrics_head(w, name, "counter", "CPU time of user and system.");
    metrics_put_seconds(w, name, "",
                        (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
                            (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec));
}

static void memory(struct tnd_writer *w)
{
    unsigned long long size, resident;
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    FILE *f = fopen("/proc/self/statm", "re");

    if (!f)
        return;
    if (fscanf(f, "%llu %llu", &size, &resident) == 2) {
        metrics_one(w, "process_virtual_memory_bytes", "gauge", "Virtual memory.", size * page);
        metrics_one(w, "process_resident_memory_bytes", "gauge", "Resident memory.",
                    resident * page);
    }
    fclose(f);
}

static void descriptors(struct tnd_writer *w)
{
    DIR *dir = opendir("/proc/self/fd");
    struct rlimit limit;
    uint64_t count = 0;

    if (dir) {
        while (readdir(dir))
            count++;
        closedir(dir);
        metrics_one(w, "process_open_fds", "gauge", "Open file descriptors.", count - 3);
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        metrics_one(w, "process_max_fds", "gauge", "How many of them there may be.",
                    limit.rlim_cur);
}

/* Of this process the 22nd field of its line: ticks since the machine started. Its second may hold spaces. */
static void start_time(struct tnd_writer *w)
{
    static const char name[] = "process_start_time_seconds";
    unsigned long long ticks;
    char line[1024];
    struct timespec up, now;
    FILE *f = fopen("/proc/self/stat", "re");
    const char *end = f && fgets(line, sizeof(line), f) ? strrchr(line, ')') : NULL;

    if (f)
        fclose(f);
    if (!end || sscanf(end + 1,
                       " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d "
                       "%*d %*d %*d %*d %llu",
                       &ticks) != 1)
        return;
    clock_gettime(CLOCK_BOOTTIME, &up);
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t boot = (uint64_t)(now.tv_sec - up.tv_sec) * 1000000;
    metrics_head(w, name, "gauge", "When it was started: seconds since 1970.");
    metrics_put_seconds(w, name, "", boot + ticks * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

void metrics_process(struct tnd_writer *w)
{
    cpu(w);
    memory(w);
    descriptors(w);
    start_time(w);
}
