package dev.parley.session.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where requests may be sent that somebody else has asked for. */
final class ReachTest {
  private static final Map<String, List<String>> HOSTS =
      Map.of(
          "hooks.example", List.of("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"),
          "mixed.example", List.of("93.184.215.14", "10.0.0.7"),
          "inside.example", List.of("169.254.169.254"),
          "127.0.0.1", List.of("127.0.0.1"),
          "::1", List.of("::1"));

  private final Reach reach = new Reach(ReachTest::resolve, false);
  private final Reach anywhere = new Reach(ReachTest::resolve, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1"
      })
  void addressThatIsNotPublicIsRefused(String address) {
    assertThat(AddressRules.isPublic(parse(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2001:200::1",
        "2606:4700::1111",
        "2a00:1450::1"
      })
  void publicAddressIsNot(String address) {
    assertThat(AddressRules.isPublic(parse(address))).isTrue();
  }

  @Test
  void urlThatIsFitHasNoFault() {
    assertThat(reach.fault(URI.create("https://hooks.example/parley?a=b"))).isNull();
    assertThat(reach.fault(URI.create("HTTPS://hooks.example:8443"))).isNull();
    assertThat(anywhere.fault(URI.create("http://127.0.0.1:8080/in"))).isNull();
    assertThat(anywhere.fault(URI.create("http://[::1]:8080/in"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://hooks.example",
        "ftp://hooks.example",
        "hooks.example",
        "https:///x",
        "https:x",
        "https://user:word@hooks.example",
        "https://hooks.example/#x",
        "https://höoks.example",
        "https://hooks.example/ä",
        "https://unknown.example",
        "https://mixed.example",
        "https://inside.example/latest/meta-data",
        "https://127.0.0.1",
        "https://[::1]/"
      })
  void urlThatIsNotFitHasOne(String url) {
    assertThat(reach.fault(URI.create(url))).isNotNull();
  }

  @Test
  void nameWithOneAddressThatIsNotPublicIsNotReachedAtAll() {
    assertThat(reach.find("mixed.example")).isEqualTo(new Reach.Found.Refused());
    assertThat(reach.find("unknown.example")).isEqualTo(new Reach.Found.Unknown());
    assertThat(reach.find("hooks.example")).isInstanceOf(Reach.Found.At.class);
  }

  private static List<InetAddress> resolve(String host) {
    return HOSTS.getOrDefault(host, List.of()).stream().map(ReachTest::parse).toList();
  }

  private static InetAddress parse(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new AssertionError(address, e);
    }
  }
}
