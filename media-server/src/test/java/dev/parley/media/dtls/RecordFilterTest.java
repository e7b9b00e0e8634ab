package dev.parley.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RecordFilterTest {
  @Test
  void aBrowsersHelloIsTaken() throws Exception {
    for (byte[] datagram : ChromiumClientHello.datagrams()) {
      assertThat(RecordFilter.accepts(datagram, 0, datagram.length)).isTrue();
    }
  }

  @Test
  void fragmentThatClaimsSixteenMegabytesIsRefused() {
    byte[] datagram = handshakeRecord(0, 0xFFFFFF, 20);

    assertThat(RecordFilter.accepts(datagram, 0, datagram.length)).isFalse();
  }

  @Test
  void theSecondMessageOfARecordIsLookedAtToo() {
    ByteBuffer record = ByteBuffer.allocate(13 + 24);
    record.put((byte) 22).putShort((short) 0xFEFD).putLong(0).putShort((short) 24);
    record.put(25, (byte) 1).putShort(27, (short) 0xFFFF);

    assertThat(RecordFilter.accepts(record.array(), 0, record.capacity())).isFalse();
  }

  @Test
  void encryptedRecordsAreNotReadHere() {
    byte[] datagram = handshakeRecord(1, 0xFFFFFF, 20);

    assertThat(RecordFilter.accepts(datagram, 0, datagram.length)).isTrue();
  }

  @Property
  void noClaimBeyondTheLimitPasses(
      @ForAll @IntRange(max = 0xFFFFFF) int claimedLength,
      @ForAll @IntRange(max = 1_000) int fragmentLength) {
    byte[] datagram = handshakeRecord(0, claimedLength, fragmentLength);

    assertThat(RecordFilter.accepts(datagram, 0, datagram.length))
        .isEqualTo(claimedLength <= RecordFilter.HANDSHAKE_LENGTH_MAX);
  }

  @Property
  void truncatedRecordsAreRefused(@ForAll @IntRange(max = 1_212) int cut) throws Exception {
    byte[] datagram = ChromiumClientHello.datagrams()[0];

    assertThat(RecordFilter.accepts(datagram, 0, Math.min(cut, datagram.length - 1))).isFalse();
  }

  @Property
  void randomBytesAreReadWithinTheirBounds(
      @ForAll byte[] bytes, @ForAll @IntRange(min = 20, max = 23) int type) {
    if (bytes.length > 0) {
      bytes[0] = (byte) type;
    }

    RecordFilter.accepts(bytes, 0, bytes.length);
    RecordFilter.acceptsMessages(bytes, 0, bytes.length);
  }

  private static byte[] handshakeRecord(int epoch, int claimedLength, int fragmentLength) {
    ByteBuffer record = ByteBuffer.allocate(13 + 12 + fragmentLength);
    record.put((byte) 22).putShort((short) 0xFEFD).putShort((short) epoch).put(new byte[6]);
    record.putShort((short) (12 + fragmentLength));
    record.putInt((1 << 24) | claimedLength).putShort((short) 0).put(new byte[3]);
    record.put((byte) (fragmentLength >> 16)).putShort((short) fragmentLength);
    return record.array();
  }
}
