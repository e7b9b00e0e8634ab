package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SourceAddressTest {
  private final UnsafeBuffer memory = new UnsafeBuffer(new byte[Mmsg.ADDRESS_LENGTH]);
  private final SourceAddress source = new SourceAddress();

  @Property(tries = 500)
  void whatLinuxEncodesIsRead(
      @ForAll boolean isIpv6,
      @ForAll @Size(16) byte[] host,
      @ForAll @IntRange(max = 65_535) int port)
      throws UnknownHostException {
    byte[] bytes = isIpv6 ? host : Arrays.copyOf(host, 4);
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(bytes), port);
    new RemoteAddress(address).put(memory, 0);

    source.read(memory, 0);

    assertThat(source.address()).isEqualTo(address);
    assertThat(source.port()).isEqualTo(port);
    assertThat(source).isEqualTo(new SourceAddress(address));
    assertThat(source).hasSameHashCodeAs(new SourceAddress(address));
  }

  @Property(tries = 500)
  void anotherHostOrPortIsAnother(
      @ForAll @Size(16) byte[] host,
      @ForAll @IntRange(max = 15) int changed,
      @ForAll @IntRange(min = 1, max = 65_535) int port)
      throws UnknownHostException {
    SourceAddress one =
        new SourceAddress(new InetSocketAddress(InetAddress.getByAddress(host), port));
    InetSocketAddress samePlace = new InetSocketAddress(InetAddress.getByAddress(host), port - 1);
    assertThat(new SourceAddress(samePlace)).isNotEqualTo(one);

    host[changed]++;

    InetSocketAddress samePort = new InetSocketAddress(InetAddress.getByAddress(host), port);
    assertThat(new SourceAddress(samePort)).isNotEqualTo(one);
  }

  @Test
  void thePortDoesNotCountForTheHost() throws UnknownHostException {
    InetAddress host = InetAddress.ofLiteral("192.0.2.1");
    SourceAddress one = new SourceAddress(new InetSocketAddress(host, 1));

    assertThat(new SourceAddress(new InetSocketAddress(host, 2)).hostHash())
        .isEqualTo(one.hostHash());
  }

  @Test
  void theZoneOfALinkLocalAddressIsKeptForTheAnswer() throws Exception {
    byte[] host = InetAddress.ofLiteral("fe80::1").getAddress();
    InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 3), 7);
    new RemoteAddress(address).put(memory, 0);

    source.read(memory, 0);

    assertThat(((Inet6Address) source.address().getAddress()).getScopeId()).isEqualTo(3);
  }

  @Test
  void oneThatIsReadForgetsTheOneBefore() {
    source.set(new InetSocketAddress(Inet4Address.ofLiteral("192.0.2.1"), 1));
    InetSocketAddress next = new InetSocketAddress(Inet4Address.ofLiteral("192.0.2.2"), 2);
    new RemoteAddress(next).put(memory, 0);

    assertThat(source.read(memory, 0).address()).isEqualTo(next);
  }

  @Test
  void anUnknownFamilyCannotBeAnswered() {
    memory.putShort(0, (short) 1, ByteOrder.nativeOrder());
    memory.putShort(2, (short) 99);

    assertThat(source.read(memory, 0).port()).isZero();
  }
}
