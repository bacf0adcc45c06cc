# A thin front of Meson and Ninja. Each target installs the Debian packages that it lacks.
#
#   make          builds build/tandem              make bench    measures against the peers
#   make run      builds and serves                make fuzz     fuzzes every parser, FUZZ_SECONDS each
#   make test     runs every test, sanitized       make install  under PREFIX (and DESTDIR)
#   make deb      builds Debian packages
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 20

all: build/build.ninja
	@ninja -C build --quiet

build/build.ninja:
	@tools/need build
	@meson setup build --buildtype=release -Db_lto=true -Ddebug=true --prefix=$(PREFIX) >build.log 2>&1 || { cat build.log; exit 1; }
	@mv build.log build/setup.log

run: all
	@tools/run

test:
	@tools/need test
	@tests/run

bench:
	@tools/need bench
	@bench/run

fuzz:
	@tools/need fuzz
	@tests/fuzz/run $(FUZZ_SECONDS)

install: all
	@meson configure build -Dprefix=$(PREFIX) -Dlibrary=true
	@$(if $(DESTDIR),DESTDIR='$(abspath $(DESTDIR))') ninja -C build --quiet install

deb:
	@tools/need deb
	@tools/deb

format:
	@clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-*

.PHONY: all run test bench fuzz install deb format clean
