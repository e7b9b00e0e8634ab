package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
  private final ClientAddresses addresses =
      new ClientAddresses(
          List.of(AddressBlock.parse("10.0.0.0/8"), AddressBlock.parse("2001:db8::/33")));

  @Test
  void nobodyButATrustedProxyIsBelieved() {
    assertThat(of("198.51.100.4", "203.0.113.7")).isEqualTo("198.51.100.4");
    assertThat(of("10.1.2.3", "203.0.113.7")).isEqualTo("203.0.113.7");
    assertThat(of("2001:db8:1::1", "2001:db8:8000::7")).isEqualTo("2001:db8:8000:0:0:0:0:7");
    assertThat(of("10.1.2.3", null)).isEqualTo("10.1.2.3");
  }

  @Test
  void whatAClientInventsBeforeItsOwnAddressIsNotRead() {
    assertThat(of("10.1.2.3", "192.0.2.1, 203.0.113.7, 10.9.9.9")).isEqualTo("203.0.113.7");
    assertThat(of("10.1.2.3", "203.0.113.7, nonsense")).isNull();
    assertThat(of("10.1.2.3", "example.com")).as("no name server is asked").isNull();
  }

  @Test
  void networksAreReadAsTheyAreWritten() {
    assertThat(AddressBlock.parse("192.0.2.1").bits()).isEqualTo(32);
    assertThat(AddressBlock.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("8.8.8.8"))).isTrue();
    assertThat(AddressBlock.parse("0.0.0.0/0").contains(InetAddress.ofLiteral("::1"))).isFalse();
    assertThatThrownBy(() -> AddressBlock.parse("proxy.example"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AddressBlock.parse("10.0.0.0/33"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private @Nullable String of(String peer, @Nullable String forwardedFor) {
    InetAddress address = addresses.of(peer, forwardedFor);
    return address == null ? null : address.getHostAddress();
  }
}
