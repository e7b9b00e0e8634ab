package dev.parley.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.media.transport.MediaEventLoopSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediaServerContextTest {
  private static MediaServerContext context(String... arguments) {
    return MediaServerContext.of(
        new SettingsReader(MediaSettings.ALL).read(List.of(arguments), Map.of()));
  }

  private static List<String> errorsOf(String... arguments) {
    return catchThrowableOfType(SettingsException.class, () -> context(arguments)).errors();
  }

  @Test
  void defaultsStartAServerOnThisHost() {
    MediaServerContext context = context();

    assertThat(context.boundAddresses()).endsWith(InetAddress.getLoopbackAddress());
    assertThat(context.offeredAddresses()).isEqualTo(context.boundAddresses());
    assertThat(context.mediaThreadCount()).isPositive();
    assertThat(context.controlLink().server().value()).startsWith("media-");
    assertThat(context.controlLink().incarnation()).hasSize(32);
  }

  @Test
  void leastDelayOfTalkersIsSetInMillisecondsUpToTwoHundred() {
    assertThat(context().jitterMinMs()).isEqualTo(5);
    assertThat(context("--jitter-min-ms=0").jitterMinMs()).isZero();
    assertThat(context("--jitter-min-ms=200").jitterMinMs()).isEqualTo(200);
    assertThat(errorsOf("--jitter-min-ms=-1", "--udp-port=7900"))
        .singleElement()
        .asString()
        .contains("jitter-min-ms=-1", "0 to 200 ms");
    assertThat(errorsOf("--jitter-min-ms=201")).hasSize(1);
  }

  @Test
  void incarnationsDiffer() {
    assertThat(context().controlLink().incarnation())
        .isNotEqualTo(context().controlLink().incarnation());
  }

  @Test
  void advertisedAddressesAreOfferedFirst() {
    MediaServerContext context =
        context("--bind-addresses=10.0.0.5", "--advertised-addresses=203.0.113.9");

    assertThat(context.boundAddresses()).containsExactly(InetAddress.ofLiteral("10.0.0.5"));
    assertThat(context.offeredAddresses())
        .containsExactly(InetAddress.ofLiteral("203.0.113.9"), InetAddress.ofLiteral("10.0.0.5"));
  }

  @Test
  void tcpPortsHaveTheNumbersOfTheUdpPortsUnlessOthersAreSet() {
    assertThat(context("--udp-port=8000").tcpPort(1)).isEqualTo(8001);
    assertThat(context("--udp-port=0").tcpPort(1)).isZero();
    assertThat(context("--udp-port=8000", "--tcp-port=443").tcpPort(1)).isEqualTo(444);
    assertThat(context("--tcp=false").tcpPort(1)).isEqualTo(MediaEventLoopSettings.NO_TCP);
    assertThat(errorsOf("--tcp-port=65535", "--media-threads=2"))
        .containsExactly("tcp-port=65535: 2 media threads need ports up to 65535 at most");
  }

  @Test
  void everythingThatDoesNotFitIsToldAtOnce() {
    List<String> errors =
        errorsOf(
            "--udp-port=65535",
            "--media-threads=2",
            "--advertised-addresses=0.0.0.0",
            "--control-urls=ws://session.example/control",
            "--control-key=/none/key.pem");

    assertThat(errors).hasSize(3);
    assertThat(errors.get(0)).startsWith("advertised-addresses");
    assertThat(errors.get(1))
        .isEqualTo("udp-port=65535: 2 media threads need ports up to 65535 at most");
    assertThat(errors.get(2)).contains("set together");
  }

  @Test
  void plainLinkBeyondLoopbackIsRefused() {
    assertThat(errorsOf("--control-urls=ws://session.example/control"))
        .singleElement()
        .asString()
        .startsWith("control-urls: ws://session.example/control");
  }

  @Test
  void doorIsShutUnlessItIsAskedFor() {
    assertThat(context().door()).isNull();
    assertThat(context("--door=true", "--door-port=0").door()).isNotNull();
  }

  @Test
  void ticketsNeverTravelInTheClearBeyondLoopback() {
    assertThat(errorsOf("--door=true", "--door-address=0.0.0.0"))
        .hasSize(2)
        .allMatch(error -> error.startsWith("door-address is not loopback"));
    assertThat(errorsOf("--door=true", "--door-url=http://media.example"))
        .containsExactly("door-url=http://media.example: beyond loopback it must be https");
    assertThat(errorsOf("--door=true", "--door-url=https://media.example/?a=b")).hasSize(1);
    assertThat(errorsOf("--door=true", "--door-key=/none/key.pem"))
        .containsExactly("door-certificate and door-key are set together or not at all");
    assertThat(errorsOf("--door=true", "--door-certificate=/none/a", "--door-key=/none/b"))
        .singleElement()
        .asString()
        .contains("/none/");
    assertThat(
            context(
                    "--door=true",
                    "--door-address=0.0.0.0",
                    "--door-url=https://media.example/m",
                    "--door-behind-proxy=true")
                .door())
        .isNotNull();
  }

  @Test
  void missingCertificateFileIsNamed() {
    assertThat(
            errorsOf(
                "--control-certificate=/none/a.pem",
                "--control-key=/none/b.pem",
                "--control-authorities=/none/c.pem"))
        .singleElement()
        .asString()
        .contains("/none/");
  }
}
