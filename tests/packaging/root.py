"""A small Debian to install packages into: the essential packages of this machine and what the
packages to be installed depend on, copied with what dpkg knows of them. Nothing is downloaded, and all
that is asked of the machine is chroot(2).
"""
import contextlib
import glob
import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
LEFT_OUT = re.compile(r"/usr/share/(doc|info|lintian|locale|man|zoneinfo)/")
DEVICES = {"null": 3, "zero": 5, "random": 8, "urandom": 9}  # of major number 1
MADE = ["/etc/pam.d/common-*", "/etc/ld.so.conf"]  # by the scripts of packages, and in none
INFO = Path("/var/lib/dpkg/info")


def run(*command, **options):
    """What a command prints; it has to succeed."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout}"
    return done.stdout


class Package:
    def __init__(self, line):
        self.id, self.essential, depends, provides = line.split("\t")
        self.name = self.id.partition(":")[0]
        self.depends = relations(depends)
        self.provides = [names[0] for names in relations(provides)]


def relations(text):
    """"a (>= 1), b | c:any" as [["a"], ["b", "c"]]."""
    return [[re.split(r"[ (:]", name.strip())[0] for name in group.split("|")]
            for group in text.split(",") if group.strip()]


def installed():
    """The packages of this machine by name, and by the names that they provide."""
    fields = "${binary:Package}\t${Essential}\t${Pre-Depends},${Depends}\t${Provides}\n"
    listed = run("dpkg-query", "-W", "-f", fields)
    known = {}
    packages = [Package(line) for line in listed.splitlines()]
    for package in packages:
        for name in package.provides:
            known.setdefault(name, package)
    known.update((package.name, package) for package in packages)
    return known


def closure(known, wanted):
    """The packages that these relations need, one of each group."""
    chosen = {}
    wanted = list(wanted)
    while wanted:
        names = [name for name in wanted.pop() if name in known]
        if names and not any(known[name].name in chosen for name in names):
            package = known[names[0]]
            chosen[package.name] = package
            wanted += package.depends
    return chosen.values()


class Root:
    """depends: the relations of what will be installed."""

    def __init__(self, folder, depends):
        self.folder = Path(folder)
        known = installed()
        essential = [[p.name] for p in known.values() if p.essential == "yes"]
        packages = closure(known, essential + depends)
        self.link_merged()
        for package in packages:
            for path in run("dpkg-query", "-L", package.id).splitlines():
                self.copy(path)
        for path in (path for pattern in MADE for path in glob.glob(pattern)):
            self.copy(path)
        self.write_dpkg(packages)
        self.write_accounts()
        self.make_devices()
        run("ldconfig", "-r", self.folder)

    def link_merged(self):
        """/bin is /usr/bin, and so on, where it is so here."""
        self.folder.mkdir(parents=True)
        for path in Path("/").iterdir():
            if path.is_symlink() and str(path.readlink()).startswith("usr/"):
                (self.folder / path.name).symlink_to(path.readlink())
                (self.folder / path.readlink()).mkdir(parents=True, exist_ok=True)

    def copy(self, path):
        source, target = Path(path), self.folder / path.lstrip("/")
        if LEFT_OUT.match(path) or target.is_symlink() or not os.path.lexists(source):
            return
        if source.is_dir() and not source.is_symlink():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copystat(source, target)
        elif stat.S_ISREG(source.lstat().st_mode) or source.is_symlink():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)

    def write_dpkg(self, packages):
        admin = self.folder / "var/lib/dpkg"
        for name in ["info", "updates", "triggers", "alternatives", "parts"]:
            (admin / name).mkdir(parents=True, exist_ok=True)
        names = {package.name for package in packages}
        status = Path("/var/lib/dpkg/status").read_text(encoding="utf-8").split("\n\n")
        (admin / "status").write_text("\n\n".join(
            paragraph for paragraph in status
            if re.match(r"\n*Package: (.*)", paragraph + "\nPackage: ")[1] in names) + "\n")
        for package in packages:
            for stem in {package.name, package.id}:
                for path in INFO.glob(f"{stem}.*"):
                    shutil.copy2(path, admin / "info")

    def write_accounts(self):
        """Those that every Debian starts with."""
        for name in ["passwd", "group"]:
            shutil.copy(f"/usr/share/base-passwd/{name}.master", self.folder / "etc" / name)
        for name in ["shadow", "gshadow"]:
            (self.folder / "etc" / name).touch(mode=0o640)

    def make_devices(self):
        for name, minor in DEVICES.items():
            path = self.folder / "dev" / name
            path.parent.mkdir(exist_ok=True)
            os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, minor))
            path.chmod(0o666)

    def path(self, path):
        return self.folder / path.lstrip("/")

    def environment(self):
        return {"PATH": PATH, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}

    def run(self, *command):
        return run("chroot", self.folder, *command, env=self.environment())

    def install(self, *debs):
        for deb in debs:
            shutil.copy(deb, self.path("/tmp"))
        try:
            return self.run("dpkg", "--install", "--force-confold",
                            *(f"/tmp/{Path(deb).name}" for deb in debs))
        finally:
            for deb in debs:
                with contextlib.suppress(FileNotFoundError):
                    self.path(f"/tmp/{Path(deb).name}").unlink()
