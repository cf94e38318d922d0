# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-or-later
#
# make install, with DESTDIR and prefix, and the Debian packages: baton, the
# command with what it installs, and libbaton-dev, for kernels.  MACHINE=arm64
# installs those that a board runs.

prefix ?= /usr/local
bindir ?= $(prefix)/bin
datadir ?= $(prefix)/share
includedir ?= $(prefix)/include
libdir ?= $(prefix)/lib
docdir ?= $(datadir)/doc/baton
bashdir ?= $(datadir)/bash-completion/completions
zshdir ?= $(datadir)/zsh/site-functions
# systemd itself looks in /usr/lib only: docs/use-pc.md.
shutdowndir ?= $(prefix)/lib/systemd/system-shutdown
# Where the command looks for its files: ../lib/baton, from its own folder.
privatedir = $(prefix)/lib/baton

INSTALL ?= install
INSTALL_DATA = $(INSTALL) -m 644
DEB_BUILD := $(BUILD)/deb

MACHINE ?= x86_64
COMMAND_x86_64 := $(BUILD)/baton
COMMAND_arm64 := $(BUILD)/arm64/baton
LIBRARIES_x86_64 := $(BUILD)/libbaton.a $(BUILD)/libbaton-efi.lib
LIBRARIES_arm64 := $(BUILD)/arm64/libbaton.a
# What starts before a kernel, on either machine: an image of the other one can be mounted.
STARTED := $(BUILD)/baton.efi $(BUILD)/baton-armstub8.bin

.PHONY: install install-baton install-dev installed uninstall deb

installed: $(COMMAND_$(MACHINE)) $(STARTED) $(PAGES) $(LIBRARIES_$(MACHINE))

install: install-baton install-dev

# "to DIR, FILE...": the files to a folder, which is made.
to = @echo "  PUT  $(1)"; $(INSTALL) -d $(DESTDIR)$(1) && $(INSTALL_DATA) $(2) $(DESTDIR)$(1)

install-baton: $(COMMAND_$(MACHINE)) $(STARTED) $(PAGES)
	$(call to,$(privatedir),$(STARTED))
	$(call to,$(privatedir)/hooks,cli/install/hooks/*)
	@chmod 755 $(DESTDIR)$(privatedir)/hooks/*
	$(call to,$(bindir),$(COMMAND_$(MACHINE)))
	@chmod 755 $(DESTDIR)$(bindir)/baton
	@$(INSTALL) -d $(DESTDIR)$(shutdowndir)
	@sed 's,@bindir@,$(bindir),' package/baton.shutdown.in >$(DESTDIR)$(shutdowndir)/baton.shutdown
	@chmod 755 $(DESTDIR)$(shutdowndir)/baton.shutdown
	$(call to,$(datadir)/man/man1,$(BUILD)/man/*.1)
	$(call to,$(docdir),README.md LICENSE $(wildcard docs/*.md docs/*.json))
	@$(INSTALL) -d $(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir)
	@$(INSTALL_DATA) $(BUILD)/completion/bash $(DESTDIR)$(bashdir)/baton
	@$(INSTALL_DATA) $(BUILD)/completion/zsh $(DESTDIR)$(zshdir)/_baton

DEV_HEADERS := $(wildcard include/baton/*.h)
DEV_MACHINES := $(notdir $(patsubst %/,%,$(wildcard include/baton/*/)))

install-dev: $(LIBRARIES_$(MACHINE)) $(BUILD)/baton.pc
	$(call to,$(includedir)/baton,$(DEV_HEADERS))
	@for machine in $(DEV_MACHINES); do \
		$(INSTALL) -d $(DESTDIR)$(includedir)/baton/$$machine && \
		$(INSTALL_DATA) include/baton/$$machine/*.h $(DESTDIR)$(includedir)/baton/$$machine || exit 1; \
	done
	$(call to,$(libdir),$(LIBRARIES_$(MACHINE)))
	$(call to,$(libdir)/pkgconfig,$(BUILD)/baton.pc)

# The folders may differ from call to call: it is written each time.
.PHONY: $(BUILD)/baton.pc
$(BUILD)/baton.pc: package/baton.pc.in
	@mkdir -p $(@D)
	@sed -e 's,@prefix@,$(prefix),' -e 's,@libdir@,$(libdir),' -e 's,@includedir@,$(includedir),' \
		-e 's,@version@,$(VERSION),' $< >$@

# Removes all that install adds, and the folders that are baton's alone.
uninstall:
	rm -f $(DESTDIR)$(bindir)/baton $(DESTDIR)$(shutdowndir)/baton.shutdown $(DESTDIR)$(datadir)/man/man1/baton.1 \
		$(DESTDIR)$(datadir)/man/man1/baton-*.1 $(DESTDIR)$(bashdir)/baton \
		$(DESTDIR)$(zshdir)/_baton $(DESTDIR)$(libdir)/libbaton.a \
		$(DESTDIR)$(libdir)/libbaton-efi.lib $(DESTDIR)$(libdir)/pkgconfig/baton.pc
	rm -rf $(DESTDIR)$(privatedir) $(DESTDIR)$(docdir) $(DESTDIR)$(includedir)/baton

# Built from a copy of the files that git tracks, so that nothing else gets into the packages; first
# for amd64, then for arm64.  -d: what the other architecture's are built with is not installed,
# but fetched (tools/fetch-arm64).
deb:
	@tools/packages build deb
	@rm -rf $(DEB_BUILD)
	@mkdir -p $(DEB_BUILD)/baton-$(VERSION)
	@git ls-files -z | xargs -0 tar -cf - | tar -C $(DEB_BUILD)/baton-$(VERSION) -xf -
	@cp -r package/debian $(DEB_BUILD)/baton-$(VERSION)/debian
	cd $(DEB_BUILD)/baton-$(VERSION) && export BATON_CACHE=$(abspath $(CACHE)) && \
		for architecture in amd64 arm64; do \
			dpkg-buildpackage -b -d -a$$architecture -us -uc >../$$architecture.log 2>&1 || \
				{ tail -n 30 ../$$architecture.log; exit 1; }; \
		done
	cd $(DEB_BUILD) && lintian --allow-root --fail-on error,warning *.changes
	@ls $(DEB_BUILD)/*.deb
