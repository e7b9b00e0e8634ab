package dev.parley.media.ice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.SocketException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AddressesTest {
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void advertisedAddressComesFirstAndLoopbackLast() {
    List<InetAddress> offered =
        HostAddresses.offered(
            List.of(InetAddress.ofLiteral("203.0.113.9")),
            List.of(
                InetAddress.ofLiteral("fe80::1"),
                InetAddress.ofLiteral("2001:db8::5"),
                InetAddress.ofLiteral("10.0.0.5"),
                InetAddress.ofLiteral("127.0.0.1")));

    assertThat(offered)
        .extracting(InetAddress::getHostAddress)
        .containsExactly("203.0.113.9", "10.0.0.5", "2001:db8:0:0:0:0:0:5", "127.0.0.1");
  }

  @Test
  void candidatesAreBounded() {
    List<InetAddress> own =
        IntStream.range(1, 100).mapToObj(i -> InetAddress.ofLiteral("10.0.0." + i)).toList();

    assertThat(HostAddresses.offered(List.of(), own))
        .hasSize(HostAddresses.ADDRESSES_MAX)
        .endsWith(InetAddress.ofLiteral("127.0.0.1"));
  }

  @Test
  void thisMachineHasNoLoopbackAmongItsOwn() throws SocketException {
    assertThat(HostAddresses.ofThisMachine()).noneMatch(InetAddress::isLoopbackAddress);
  }

  @Test
  void addressHasItsAllowanceEachSecond() {
    AddressRateLimiter limiter = new AddressRateLimiter(10, 0x5EED);
    int host = 0xC000_0201;
    int allowed = 0;
    for (int i = 0; i < 1000; i++) {
      if (limiter.tryAcquire(host, i)) {
        allowed++;
      }
    }

    assertThat(allowed).isEqualTo(10);
    assertThat(limiter.tryAcquire(host, SECOND_NS)).isTrue();
  }
}
