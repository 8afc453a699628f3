# SPDX-License-Identifier: GPL-2.0-or-later
#
# The pictures: test_golden compares them with those that are kept and runs with
# the unit tests; gallery draws those of the README. zlib packs them.

GOLDEN_SHARED := png show table text
GOLDEN_OBJECTS := $(GOLDEN_SHARED:%=$(BUILD)/tests/golden/%.o)
TEST_BINARIES += $(BUILD)/tests/golden/test_golden

$(BUILD)/tests/golden/%.o: ALL_CPPFLAGS += -Itests/golden

$(BUILD)/tests/golden/test_golden: $(BUILD)/tests/golden/test_golden.o $(GOLDEN_OBJECTS) $(ARCHIVE)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lz

$(BUILD)/tests/golden/gallery: $(BUILD)/tests/golden/gallery.o $(GOLDEN_OBJECTS) $(ARCHIVE)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS) -lz
