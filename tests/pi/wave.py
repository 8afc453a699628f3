# SPDX-License-Identifier: GPL-2.0-or-later
"""What the PWM block makes of words and registers: the level of a pin over time.

After BCM2835 ARM Peripherals, 6.3 (clocks) and 9.4, 9.6 (PWM): in serialiser
mode a channel sends the first RNG bits of a word, the highest first, then zeros
if RNG is above 32; one bit a period of the PWM clock; POLA inverts the pin.
"""

MODE, POLA, USEF, PWEN = 1 << 1, 1 << 4, 1 << 5, 1 << 0
CRYSTAL_HZ = 19200000  # of the boards with BCM2835 to BCM2837
PLLD_HZ = 500000000


class WaveError(Exception):
    """The registers do not make a signal of the words."""


def channel_bits(ctl, channel):
    """The byte of CTL that belongs to a channel (0 or 1)."""
    return ctl >> (8 * channel) & 0xFF


def channels(ctl):
    """The channels that take words from the FIFO, in their turn."""
    return [c for c in (0, 1) if channel_bits(ctl, c) & (PWEN | USEF) == PWEN | USEF]


def clock_hz(cm_ctl, cm_div):
    """Rate of the PWM clock from CM_PWMCTL and CM_PWMDIV, 6.3: source / (DIVI + DIVF / 4096)."""
    source = {1: CRYSTAL_HZ, 6: PLLD_HZ}.get(cm_ctl & 0xF)
    if source is None or not cm_ctl & 1 << 4:
        raise WaveError(f"CM_PWMCTL is {cm_ctl:#x}: no known source, or not enabled")
    if cm_ctl >> 9 & 3 and cm_div & 0xFFF:
        raise WaveError(f"CM_PWMCTL is {cm_ctl:#x}: MASH with a fraction jitters")
    if cm_div >> 12 & 0xFFF == 0:
        raise WaveError("CM_PWMDIV is 0")
    return source * 4096 / (cm_div & 0xFFFFFF)


def pin(words, ctl, rng, channel):
    """Levels of a channel's pin, one a period, for the words of the FIFO."""
    bits = channel_bits(ctl, channel)
    using = channels(ctl)
    if channel not in using:
        raise WaveError(f"CTL is {ctl:#x}: channel {channel + 1} takes no words")
    if not bits & MODE:
        raise WaveError(f"CTL is {ctl:#x}: channel {channel + 1} is no serialiser")
    length = rng[channel]
    sent = "".join(
        f"{word:032b}"[:length].ljust(length, "0")
        for word in words[using.index(channel)::len(using)]
    )
    if bits & POLA:
        sent = sent.translate(str.maketrans("01", "10"))
    return sent


def data(levels, inverted):
    """What the strip is shown of a pin: behind the inverter that an inverted pin drives."""
    return levels.translate(str.maketrans("01", "10")) if inverted else levels


def words_of(levels):
    """Levels as words of 32 again, for wiredecode."""
    return [int(levels[i:i + 32].ljust(32, "0"), 2) for i in range(0, len(levels), 32)]
