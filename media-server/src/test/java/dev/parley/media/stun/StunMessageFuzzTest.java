package dev.parley.media.stun;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;

class StunMessageFuzzTest {
  private static final StunKey KEY = StunKey.ofPassword("a password of 24 letters");

  private final MessageIntegrity integrity = new MessageIntegrity();
  private final StunMessage message = new StunMessage();

  @FuzzTest
  void anyBytesAreReadOrRefused(byte[] bytes) {
    read(bytes);
  }

  @Property(tries = 2000)
  void anyAttributesAreReadOrRefused(@ForAll @Size(max = 200) byte[] attributes) {
    byte[] bytes = new byte[20 + (attributes.length & ~3)];
    UnsafeBuffer buffer = new UnsafeBuffer(bytes);
    buffer.putInt(0, 0x0001_0000 | (bytes.length - 20), BIG_ENDIAN);
    buffer.putInt(4, StunMessage.MAGIC_COOKIE, BIG_ENDIAN);
    buffer.putBytes(20, attributes, 0, bytes.length - 20);
    for (int position = 20; position + 8 <= bytes.length; position += 8) {
      // Half of the types are made ones that the reader looks into, with lengths that may fit.
      bytes[position] = (byte) (bytes[position] & 0x80);
      bytes[position + 1] = (byte) (bytes[position + 1] & 0x2F);
      bytes[position + 2] = 0;
      bytes[position + 3] = (byte) (bytes[position + 3] & 0x17);
    }

    read(bytes);
  }

  private void read(byte[] bytes) {
    if (message.wrap(new UnsafeBuffer(bytes), 0, bytes.length) != StunParseResult.VALID) {
      return;
    }
    assertThat(message.type()).isBetween(0, 0x3FFF);
    assertThat(message.isAuthentic(integrity, KEY)).isFalse();
    for (int i = 0; i < message.usernameLength(); i++) {
      assertThat(message.usernameByte(i)).isBetween(0, 255);
    }
    if (message.hasPriority()) {
      assertThat(message.priority()).isNotNegative();
    }
    if (message.hasIceControlled() || message.hasIceControlling()) {
      assertThat(message.tieBreaker()).isEqualTo(message.tieBreaker());
    }
    if (message.hasXorMappedAddress()) {
      assertThat(message.getMappedAddress(new byte[16])).isIn(4, 16);
      assertThat(message.mappedPort()).isBetween(0, 65535);
    }
    assertThat(message.errorCode()).isBetween(0, 1000);
    for (int i = 0; i < message.unknownAttributeCount(); i++) {
      assertThat(message.unknownAttribute(i)).isLessThan(0x8000);
    }
  }
}
