/* A program that reaches for files that are not its own, by its C library and by WASI's functions themselves.
 *
 * Its request ends with the path of a file of the host. It answers with a map of what it tried to what came of it:
 * 0 where it was let, else the error's number. What is read goes to `read`, which has to be the package's own alone. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

#define PACKAGE 3 /* the one directory that is open from the start */

static void put_head(int kind, uint32_t value) {
    putchar(kind << 5 | 26);
    for (int shift = 24; shift >= 0; shift -= 8) putchar(value >> shift & 0xff);
}

static void put_text(const char *text) {
    put_head(3, strlen(text));
    fputs(text, stdout);
}

static void tell(const char *what, int outcome) {
    put_text(what);
    put_head(0, outcome);
}

/* The C library's own way: -1, and errno. */
#define LIBC(what, call) tell(what, (errno = 0, (call) < 0) ? errno : 0)

static int opened_at(int fd, const char *path, int oflags, uint64_t rights) {
    __wasi_fd_t found;
    return __wasi_path_open(fd, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, oflags, rights, rights, 0, &found);
}

/* The library measures a path by its NUL; a path with a NUL in it needs the import itself. */
extern int32_t raw_path_open(int32_t, int32_t, const char *, int32_t, int32_t, int64_t, int64_t, int32_t, void *)
    __attribute__((import_module("wasi_snapshot_preview1"), import_name("path_open")));

static int opened(const char *path) { return opened_at(PACKAGE, path, 0, __WASI_RIGHTS_FD_READ); }

static void paths(const char *host) {
    static char name[5001], way[4096];
    char up[600];
    tell("host", opened(host));
    LIBC("libc host", open(host, O_RDONLY));
    snprintf(up, sizeof up, "../../../../../../../../..%s", host);
    tell("up to host", opened(up));
    LIBC("libc up to host", open(up, O_RDONLY));
    snprintf(up, sizeof up, "folder/../../../../../../..%s", host);
    tell("down and up to host", opened(up));
    snprintf(up, sizeof up, "/package/../../../../../..%s", host);
    LIBC("libc package and up to host", open(up, O_RDONLY));
    tell("..", opened(".."));
    tell("/", opened("/"));
    tell("/etc/passwd", opened("/etc/passwd"));
    tell("//etc/passwd", opened("//etc/passwd"));
    tell("a.txt/../../etc/passwd", opened("a.txt/../../etc/passwd"));
    tell("folder/../..", opened("folder/../.."));
    tell("\\..\\etc\\passwd", opened("\\..\\etc\\passwd"));
    tell("proc", opened("/proc/self/environ"));
    tell("dev", opened("/dev/stdin"));
    LIBC("libc /etc/passwd", open("/etc/passwd", O_RDONLY));
    LIBC("libc /proc/self/fd/0", open("/proc/self/fd/0", O_RDONLY));
    LIBC("libc chdir /", chdir("/"));
    struct stat status;
    LIBC("libc stat /etc", stat("/etc", &status));
    tell("libc opendir /", opendir("/") ? 0 : errno);
    tell("libc opendir /package/..", opendir("/package/..") ? 0 : errno);

    memset(name, 'x', 5000);
    tell("name of 5000", opened(name));
    for (size_t at = 0; at + 3 <= sizeof way - 1; at += 3) memcpy(way + at, "../", 3);
    tell("way up of 4095", opened(way));
    int32_t found;
    tell("NUL", raw_path_open(PACKAGE, 1, "a.txt\0../../etc/passwd", 22, 0, 2, 2, 0, &found));
    tell("not UTF-8", raw_path_open(PACKAGE, 1, "\xc0\xae\xc0\xae/etc", 8, 0, 2, 2, 0, &found));
    tell("path outside memory", raw_path_open(PACKAGE, 1, (char *)0xfffffff0, 64, 0, 2, 2, 0, &found));
    tell("all rights", raw_path_open(PACKAGE, 1, "a.txt", 5, 0, -1, -1, 0, &found));

    int let = 0; /* no other number leads to a directory */
    for (int fd = 0; fd < 1000; fd++) {
        __wasi_prestat_t stat;
        if (fd != PACKAGE) let += __wasi_fd_prestat_get(fd, &stat) == 0;
        if (fd != PACKAGE) let += opened_at(fd, "etc/passwd", 0, 2) == 0;
    }
    tell("other directories", let ? 0 : __WASI_ERRNO_BADF);
}

static void links(const char *host) {
    static char target[4096];
    tell("make link to host", __wasi_path_symlink(host, PACKAGE, "link"));
    LIBC("libc link to host", symlink(host, "/package/link"));
    tell("make link up", __wasi_path_symlink("../..", PACKAGE, "up"));
    tell("open link", opened("link"));
    tell("open through link", opened("up/etc/passwd"));
    tell("hard link of host", __wasi_path_link(PACKAGE, 1, host, PACKAGE, "hard"));
    tell("hard link of own", __wasi_path_link(PACKAGE, 0, "a.txt", PACKAGE, "hard"));
    size_t used;
    tell("read link", __wasi_path_readlink(PACKAGE, host, (uint8_t *)target, sizeof target, &used));
}

static void changes(const char *host) {
    __wasi_fd_t own;
    LIBC("libc create", open("/package/new", O_CREAT | O_WRONLY, 0600));
    LIBC("libc create host", open(host, O_CREAT | O_TRUNC | O_WRONLY, 0600));
    LIBC("libc append", open("/package/a.txt", O_APPEND | O_WRONLY));
    LIBC("libc truncate", open("/package/a.txt", O_TRUNC | O_RDWR));
    tell("truncate for reading", opened_at(PACKAGE, "a.txt", __WASI_OFLAGS_TRUNC, __WASI_RIGHTS_FD_READ));
    tell("create", opened_at(PACKAGE, "new", __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_WRITE));
    tell("create without a right", opened_at(PACKAGE, "new", __WASI_OFLAGS_CREAT | __WASI_OFLAGS_EXCL, 0));
    LIBC("libc rename", rename("/package/a.txt", "/package/b.txt"));
    LIBC("libc rename over", rename("/package/a.txt", "/package/folder/b"));
    tell("rename to host", __wasi_path_rename(PACKAGE, "a.txt", PACKAGE, host));
    tell("rename from host", __wasi_path_rename(PACKAGE, host, PACKAGE, "stolen"));
    LIBC("libc unlink", unlink("/package/a.txt"));
    tell("unlink host", __wasi_path_unlink_file(PACKAGE, host));
    LIBC("libc mkdir", mkdir("/package/made", 0700));
    LIBC("libc rmdir", rmdir("/package/folder"));
    tell("times", __wasi_path_filestat_set_times(PACKAGE, 0, "a.txt", 0, 0, __WASI_FSTFLAGS_MTIM_NOW));

    if (__wasi_path_open(PACKAGE, 0, "a.txt", 0, __WASI_RIGHTS_FD_READ, 0, 0, &own) != 0) return;
    __wasi_ciovec_t out = {(const uint8_t *)"changed", 7};
    size_t written;
    tell("write", __wasi_fd_write(own, &out, 1, &written));
    tell("write at", __wasi_fd_pwrite(own, &out, 1, 0, &written));
    tell("size", __wasi_fd_filestat_set_size(own, 0));
    tell("sparse", __wasi_fd_filestat_set_size(own, 10ull << 30));
    tell("allocate", __wasi_fd_allocate(own, 0, 10ull << 30));
    tell("more rights", __wasi_fd_fdstat_set_rights(own, -1, -1));
    int renumbered = 0;
    for (int round = 0; round < 1000; round++) renumbered += __wasi_fd_renumber(own, round % 8) == 0;
    tell("renumber", renumbered ? 0 : __WASI_ERRNO_NOTSUP);
    tell("write to directory", __wasi_fd_write(PACKAGE, &out, 1, &written));
    close(own);

    int refused = 0; /* each open descriptor is an object of the host */
    for (int count = 0; count < 100000 && !refused; count++)
        refused = __wasi_path_open(PACKAGE, 0, "a.txt", 0, __WASI_RIGHTS_FD_READ, 0, 0, &own);
    tell("descriptors without end", refused);
    for (int fd = PACKAGE + 1; fd < 200; fd++) close(fd);
}

static void sockets(void) {
    __wasi_fd_t found;
    size_t count;
    __wasi_roflags_t flags;
    uint8_t bytes[8] = {0};
    __wasi_iovec_t into = {bytes, sizeof bytes};
    __wasi_ciovec_t out = {bytes, sizeof bytes};
    put_text("sockets");
    putchar(0x9f);
    for (int fd = 0; fd < 5; fd++) {
        put_head(0, __wasi_sock_accept(fd, 0, &found));
        put_head(0, __wasi_sock_recv(fd, &into, 1, 0, &count, &flags));
        put_head(0, __wasi_sock_send(fd, &out, 1, 0, &count));
        put_head(0, __wasi_sock_shutdown(fd, __WASI_SDFLAGS_RD));
    }
    putchar(0xff);
}

static void own(void) {
    static char text[4096];
    size_t size = 0;
    put_text("read");
    FILE *file = fopen("/package/a.txt", "r");
    if (file) size = fread(text, 1, sizeof text, file), fclose(file);
    put_head(2, size);
    fwrite(text, 1, size, stdout);
    put_text("listed");
    putchar(0x9f);
    DIR *directory = opendir("/package");
    for (struct dirent *entry; directory && (entry = readdir(directory)) != NULL;) put_text(entry->d_name);
    putchar(0xff);
    if (directory) closedir(directory);
}

int main(void) {
    static char request[4096];
    size_t size = fread(request, 1, sizeof request - 1, stdin);
    const char *host = memchr(request, '/', size);
    if (!host) return 1;
    putchar(0xbf);
    paths(host);
    links(host);
    changes(host);
    sockets();
    own();
    putchar(0xff);
    return 0;
}
