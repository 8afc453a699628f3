# SPDX-License-Identifier: GPL-2.0-or-later
#
# A thin facade: the daemon is built here, the module by the kernel's own
# build, tests and checks by scripts. `make help` lists everything.

# The daemon is built out of tree, one folder per variant. SAN=address,undefined
# or SAN=thread makes a variant of its own.
SAN ?=
comma := ,
BUILD := build/$(if $(SAN),$(subst $(comma),-,$(SAN)),release)

CC ?= gcc
PKG_CONFIG ?= pkg-config
PACKAGES := libsystemd libmicrohttpd jansson libgpiod libevdev
KDIR ?= $(lastword $(sort $(wildcard /lib/modules/*/build)))

prefix ?= /usr/local
DESTDIR ?=
# systemd and udev read these below /usr/local as well as below /usr.
bindir ?= $(prefix)/bin
sysconfdir ?= /etc
docdir ?= $(prefix)/share/doc/diuna
datadir ?= $(prefix)/share
mandir ?= $(prefix)/share/man
animationsdir ?= $(prefix)/lib/diuna/animations
unitdir ?= $(prefix)/lib/systemd/system
sysusersdir ?= $(prefix)/lib/sysusers.d
udevdir ?= $(prefix)/lib/udev/rules.d

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	    -Wvla -Wformat=2 -Wundef -Wwrite-strings
WERROR ?= -Werror
CFLAGS ?= -O2 -g
HARDEN := -fstack-protector-strong -fPIE $(if $(SAN),,-D_FORTIFY_SOURCE=2)
SANFLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)

ALL_CPPFLAGS := -D_GNU_SOURCE -Idaemon -Iuapi $(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(CPPFLAGS)
ALL_CFLAGS := -std=gnu11 $(CFLAGS) $(WARNINGS) $(WERROR) $(HARDEN) $(SANFLAGS)
ALL_LDFLAGS := -pie -Wl,-z,relro,-z,now $(SANFLAGS) $(LDFLAGS)
# libwslay comes without a file for pkg-config
LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lwslay -lpthread -lm

PROGRAMS := diunad diunactl
ANIMATIONS := $(filter-out %.md,$(wildcard scripts/animations/*))
MAINS := daemon/main.c daemon/diunactl.c
# One of the two files for libgpiod's versions, whose interfaces differ
GPIOD := $(firstword $(subst ., ,$(shell $(PKG_CONFIG) --modversion libgpiod)))
OTHER_GPIOD := $(if $(filter 1,$(GPIOD)),daemon/input/gpio_v2.c,daemon/input/gpio_v1.c)
SOURCES := $(filter-out $(MAINS) $(OTHER_GPIOD),$(wildcard daemon/*.c daemon/*/*.c daemon/*/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o) $(BUILD)/web_files.o
ARCHIVE := $(BUILD)/libdiunad.a
BINARIES := $(PROGRAMS:%=$(BUILD)/%)

# Unit tests: every tests/unit/<dir>/test_*.c is a program. Those of the
# module's pure code are built from the module's own files.
TESTS := $(wildcard tests/unit/*/test_*.c)
TEST_BINARIES := $(TESTS:tests/unit/%.c=$(BUILD)/tests/%)
KMOD_PURE := kmod/encode.c kmod/timing.c

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help modules unit-tests test check bench gallery tables format install uninstall clean

all: $(BINARIES) ## build diunad and diunactl into build/release (no kernel headers needed)

# Pictures of the effects, compared pixel by pixel
include tests/golden/rules.mk

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "SAN=address,undefined or SAN=thread builds into a folder of its own;"
	@echo "KDIR=… is the kernel build folder for make modules, now: $(KDIR)"

modules: ## build kmod/diuna.ko against KDIR=…
	@test -n "$(KDIR)" || { echo "no kernel headers found: install linux-headers-amd64 or set KDIR=…" >&2; exit 1; }
	$(MAKE) -C $(KDIR) M=$(CURDIR) W=1 modules

unit-tests: $(TEST_BINARIES) ## build the unit tests (scripts/test unit builds and runs them)

test: ## run every lane of tests
	scripts/test

check: ## include directions, headers, formatting, sparse, checkpatch
	scripts/check

bench: $(BINARIES) ## measure: instruction counts, and ratios against a baseline of the same run
	tests/bench/run

gallery: ## make the pictures of all effects and palettes anew
	scripts/gallery

tables: $(BUILD)/tests/golden/gallery ## write the tables that are made from the code into the READMEs
	$< tables

format: ## format the daemon's and the tests' C files in place
	clang-format -i $(wildcard daemon/*.[ch] daemon/*/*.[ch] daemon/*/*/*.[ch] tests/unit/*/*.[ch] tests/bench/*.[ch])

# What is installed where; uninstall removes the same, but neither the
# configuration, which is the user's, nor the state.
install: $(BINARIES) ## install programs, unit, udev rule and groups under DESTDIR and prefix
	install -D -m 755 -t $(DESTDIR)$(bindir) $(BINARIES)
	sed 's|@bindir@|$(bindir)|g; s|@sysconfdir@|$(sysconfdir)|g; s|@docdir@|$(docdir)|g' \
		scripts/packaging/diunad.service.in > $(BUILD)/diunad.service
	install -D -m 644 $(BUILD)/diunad.service $(DESTDIR)$(unitdir)/diunad.service
	install -D -m 644 scripts/packaging/diuna.sysusers $(DESTDIR)$(sysusersdir)/diuna.conf
	install -D -m 644 -t $(DESTDIR)$(udevdir) scripts/packaging/60-diuna.rules
	install -D -m 755 -t $(DESTDIR)$(animationsdir) $(ANIMATIONS)
	install -D -m 644 scripts/animations/README.md $(DESTDIR)$(docdir)/animations.md
	install -D -m 644 -t $(DESTDIR)$(docdir) scripts/packaging/panel.json \
		scripts/packaging/pwm-buzzer.conf scripts/packaging/pwm-buzzer.rules
	install -D -m 644 daemon/config/README.md $(DESTDIR)$(docdir)/configuration.md
	install -D -m 644 -t $(DESTDIR)$(mandir)/man1 daemon/man/diunactl.1
	install -D -m 644 -t $(DESTDIR)$(mandir)/man4 uapi/diuna.4
	install -d $(DESTDIR)$(mandir)/man5
	scripts/lib/conf-man daemon/config/README.md > $(DESTDIR)$(mandir)/man5/diuna.conf.5
	install -D -m 644 -t $(DESTDIR)$(mandir)/man8 daemon/man/diunad.8
	install -D -m 644 scripts/packaging/completion/diunactl.bash \
		$(DESTDIR)$(datadir)/bash-completion/completions/diunactl
	install -D -m 644 -t $(DESTDIR)$(datadir)/zsh/site-functions scripts/packaging/completion/_diunactl
	install -D -m 644 -t $(DESTDIR)$(datadir)/fish/vendor_completions.d scripts/packaging/completion/diunactl.fish
	test -e $(DESTDIR)$(sysconfdir)/diuna/diuna.json || install -D -m 644 \
		scripts/packaging/device.json $(DESTDIR)$(sysconfdir)/diuna/diuna.json

uninstall: ## remove what install put there, except the configuration
	rm -f $(PROGRAMS:%=$(DESTDIR)$(bindir)/%) $(DESTDIR)$(unitdir)/diunad.service \
		$(DESTDIR)$(sysusersdir)/diuna.conf $(DESTDIR)$(udevdir)/60-diuna.rules
	rm -f $(DESTDIR)$(mandir)/man1/diunactl.1 $(DESTDIR)$(mandir)/man4/diuna.4 \
		$(DESTDIR)$(mandir)/man5/diuna.conf.5 $(DESTDIR)$(mandir)/man8/diunad.8
	rm -f $(DESTDIR)$(datadir)/bash-completion/completions/diunactl \
		$(DESTDIR)$(datadir)/zsh/site-functions/_diunactl \
		$(DESTDIR)$(datadir)/fish/vendor_completions.d/diunactl.fish
	rm -rf $(DESTDIR)$(docdir) $(DESTDIR)$(animationsdir)

clean: ## remove what the build made, and nothing else
	rm -rf build
	rm -f kmod/*.o kmod/*.ko kmod/*.mod kmod/*.mod.c kmod/.*.cmd .Module.symvers.cmd .modules.order.cmd \
		kmod/modules.order kmod/Module.symvers modules.order Module.symvers

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The page becomes part of the program.
PAGE := $(sort $(wildcard daemon/web/page/*))

$(BUILD)/web_files.c: $(PAGE) daemon/api/openapi.json daemon/web/page scripts/lib/embed
	@mkdir -p $(@D)
	scripts/lib/embed $(PAGE) daemon/api/openapi.json > $@

$(BUILD)/web_files.o: $(BUILD)/web_files.c Makefile
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(ARCHIVE): $(OBJECTS)
	rm -f $@
	ar rcsD $@ $^

$(BUILD)/diunad: $(BUILD)/daemon/main.o $(ARCHIVE)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/diunactl: $(BUILD)/daemon/diunactl.o $(ARCHIVE)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) $(shell $(PKG_CONFIG) --libs libcurl)

# The shim stands for the kernel's headers; see tests/unit/kmod.
$(BUILD)/tests/kmod/%: tests/unit/kmod/%.c $(KMOD_PURE) $(wildcard kmod/*.h tests/unit/kmod/shim/linux/*.h) Makefile
	@mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -Itests/unit/kmod/shim -Ikmod -Iuapi $(ALL_CFLAGS) $(ALL_LDFLAGS) \
		-o $@ $< $(KMOD_PURE) -lcmocka

$(BUILD)/tests/%: $(BUILD)/tests/unit/%.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
