package dev.parley.benchmarks.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.benchmarks.client.PacketStamp;
import dev.parley.benchmarks.client.VoiceSource;
import dev.parley.media.rtp.RtpPacket;
import dev.parley.media.rtp.RtpPacketWriter;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LastHeardTest {
  private static final VoiceSource TONE = VoiceSource.tone(440, -20);
  private static final VoiceSource QUIET = VoiceSource.quietRoom(1);
  private static final int FORWARDED = 1;
  private static final int MIXED = 2;

  private final LastHeard heard = new LastHeard(Set.of(FORWARDED), Set.of(MIXED), () -> 5);

  @AfterEach
  void close() {
    heard.close();
  }

  @Test
  void theTalkersOwnPacketsAreHeardByTheirStamps() {
    arrives(FORWARDED, QUIET, 0, true, 1_000);
    arrives(FORWARDED, TONE, 1, false, 2_000);

    assertThat(heard.by(FORWARDED)).isEqualTo(new LastHeard.Heard(1, 1_000));
  }

  @Test
  void aMixIsHeardWhileItIsLoud() {
    for (int i = 0; i < 10; i++) {
      arrives(MIXED, TONE, i, false, 1_000 + i);
    }
    for (int i = 10; i < 20; i++) {
      arrives(MIXED, QUIET, i, false, 1_000 + i);
    }

    LastHeard.Heard last = heard.by(MIXED);
    // The codec's look-ahead: the sound goes on for 6.5 ms into the next frame.
    assertThat(last.lastNs()).isBetween(1_009L, 1_010L);
    assertThat(last.packets()).isBetween(9L, 11L);
  }

  @Test
  void onlyListenersAreListenedAt() {
    arrives(0, TONE, 0, true, 1_000);

    assertThat(heard.listensAt(0)).isFalse();
    assertThat(heard.listensAt(MIXED)).isTrue();
    assertThat(heard.nowNs()).isEqualTo(5);
    assertThatThrownBy(() -> heard.by(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private void arrives(int client, VoiceSource voice, int index, boolean isStamped, long ns) {
    UnsafeBuffer datagram = new UnsafeBuffer(new byte[1_500]);
    UnsafeBuffer frame = voice.frame(index);
    RtpPacketWriter writer = new RtpPacketWriter();
    writer.begin(datagram, 0, 111, false);
    writer.source(1, index, 1);
    int length = writer.payload(frame, 0, frame.capacity());
    if (isStamped) {
      PacketStamp.write(datagram, length, 0, index, 0);
    }
    RtpPacket packet = new RtpPacket();
    packet.wrap(datagram, 0, length);
    heard.onArrival(client, packet, datagram, ns);
  }
}
