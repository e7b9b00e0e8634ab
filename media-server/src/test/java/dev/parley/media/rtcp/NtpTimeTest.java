package dev.parley.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class NtpTimeTest {
  @Test
  void epochOf1970IsSeventyYearsIn() {
    assertThat(NtpTime.ofUnixNs(0)).isEqualTo(2_208_988_800L << 32);
    assertThat(NtpTime.ofUnixNs(500_000_000L)).isEqualTo((2_208_988_800L << 32) + 0x8000_0000L);
  }

  /**
   * The figures of RFC 3550 section 6.4.1's example: LSR 0xb705:2000, DLSR 5.25 s, A 0xb710:8000.
   */
  @Test
  void roundTripOfTheRfcExample() {
    assertThat(NtpTime.roundTripNs(0xb710_8000, 0xb705_2000, 0x0005_4000))
        .isEqualTo(6_125_000_000L);
  }

  @Property
  void roundTripIsWhatWasWaited(
      @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000_000L) long sentUnixNs,
      @ForAll @LongRange(min = 0, max = 20_000_000_000L) long delayNs,
      @ForAll @LongRange(min = 0, max = 5_000_000_000L) long roundTripNs) {
    int lastSenderReport = NtpTime.middle(NtpTime.ofUnixNs(sentUnixNs));
    int now = NtpTime.middle(NtpTime.ofUnixNs(sentUnixNs + delayNs + roundTripNs));

    long measuredNs = NtpTime.roundTripNs(now, lastSenderReport, NtpTime.durationOfNs(delayNs));

    if (lastSenderReport != 0) {
      assertThat(measuredNs).isBetween(roundTripNs - 50_000, roundTripNs + 50_000);
    }
  }

  @Test
  void nonsenseIsUnknown() {
    assertThat(NtpTime.roundTripNs(5, 0, 0)).isEqualTo(NtpTime.ROUND_TRIP_UNKNOWN);
    assertThat(NtpTime.roundTripNs(0, 1 << 16, 0)).isEqualTo(NtpTime.ROUND_TRIP_UNKNOWN);
    assertThat(NtpTime.roundTripNs(100 << 16, 1, 0)).isEqualTo(NtpTime.ROUND_TRIP_UNKNOWN);
    assertThat(NtpTime.roundTripNs(100, 101, 0)).isZero();
  }
}
