package dev.parley.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.media.ice.TransportAddress;
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

    assertThat(source.address()).isEqualTo(TransportAddress.udp(address));
    assertThat(source.port()).isEqualTo(port);
    assertThat(source).isEqualTo(new SourceAddress(TransportAddress.udp(address)));
    assertThat(source).hasSameHashCodeAs(new SourceAddress(TransportAddress.udp(address)));
  }

  @Property(tries = 500)
  void anotherHostOrPortIsAnother(
      @ForAll @Size(16) byte[] host,
      @ForAll @IntRange(max = 15) int changed,
      @ForAll @IntRange(min = 1, max = 65_535) int port)
      throws UnknownHostException {
    SourceAddress one = new SourceAddress(udp(InetAddress.getByAddress(host), port));
    TransportAddress samePlace = udp(InetAddress.getByAddress(host), port - 1);
    assertThat(new SourceAddress(samePlace)).isNotEqualTo(one);

    host[changed]++;

    TransportAddress samePort = udp(InetAddress.getByAddress(host), port);
    assertThat(new SourceAddress(samePort)).isNotEqualTo(one);
  }

  @Test
  void thePortDoesNotCountForTheHost() throws UnknownHostException {
    InetAddress host = InetAddress.ofLiteral("192.0.2.1");
    SourceAddress one = new SourceAddress(udp(host, 1));

    assertThat(new SourceAddress(udp(host, 2)).hostHash()).isEqualTo(one.hostHash());
  }

  @Test
  void theZoneOfALinkLocalAddressIsKeptForTheAnswer() throws Exception {
    byte[] host = InetAddress.ofLiteral("fe80::1").getAddress();
    InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, host, 3), 7);
    new RemoteAddress(address).put(memory, 0);

    source.read(memory, 0);

    assertThat(((Inet6Address) source.address().socketAddress().getAddress()).getScopeId())
        .isEqualTo(3);
  }

  @Test
  void oneThatIsReadForgetsTheOneBefore() {
    source.set(udp(Inet4Address.ofLiteral("192.0.2.1"), 1));
    InetSocketAddress next = new InetSocketAddress(Inet4Address.ofLiteral("192.0.2.2"), 2);
    new RemoteAddress(next).put(memory, 0);

    assertThat(source.read(memory, 0).address()).isEqualTo(TransportAddress.udp(next));
  }

  @Test
  void aConnectionIsAnotherPlaceThanTheSameAddressByUdp() {
    TransportAddress byUdp = udp(InetAddress.ofLiteral("192.0.2.1"), 7);
    TransportAddress byTcp = new TransportAddress(byUdp.socketAddress(), 1);
    TransportAddress byTcpAgain = new TransportAddress(byUdp.socketAddress(), 2);

    assertThat(new SourceAddress(byTcp)).isNotEqualTo(new SourceAddress(byUdp));
    assertThat(new SourceAddress(byTcp)).isNotEqualTo(new SourceAddress(byTcpAgain));
    assertThat(new SourceAddress(byTcp)).isEqualTo(new SourceAddress(byTcp));
    new RemoteAddress(byUdp.socketAddress()).put(memory, 0);
    assertThat(source.set(byTcp).read(memory, 0).address()).isEqualTo(byUdp);
  }

  private static TransportAddress udp(InetAddress host, int port) {
    return TransportAddress.udp(new InetSocketAddress(host, port));
  }

  @Test
  void anUnknownFamilyCannotBeAnswered() {
    memory.putShort(0, (short) 1, ByteOrder.nativeOrder());
    memory.putShort(2, (short) 99);

    assertThat(source.read(memory, 0).port()).isZero();
  }
}
