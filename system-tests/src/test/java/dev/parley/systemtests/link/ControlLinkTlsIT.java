package dev.parley.systemtests.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.common.control.ServerLoad;
import dev.parley.common.control.StateEvent;
import dev.parley.common.id.ConferenceId;
import dev.parley.common.id.ParticipantId;
import dev.parley.common.id.Region;
import dev.parley.common.id.ServerId;
import dev.parley.common.metrics.Metrics;
import dev.parley.common.tls.MutualTls;
import dev.parley.media.control.ControlLink;
import dev.parley.media.control.ControlLinkSettings;
import dev.parley.media.control.LinkCounter;
import dev.parley.session.media.ControlCounter;
import dev.parley.session.media.ControlLinkServer;
import dev.parley.session.media.ControlServerSettings;
import dev.parley.session.media.LinkedServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may have a control link: only those whose certificate says so. */
@Timeout(60)
class ControlLinkTlsIT {
  private static final String SERVER = "ms-1";

  @TempDir Path folder;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final RecordingConferences conferences = new RecordingConferences(new Random(1), 0);
  private TestAuthority authority;
  private LinkedServers servers;
  private ControlLinkServer node;

  @BeforeEach
  void startFirstNode() throws IOException {
    authority = new TestAuthority(folder, "authority");
    servers = newServers(0, authority.issue("session"));
    node = startNode(servers);
  }

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
  }

  @Test
  void theRightCertificateIsLetIn() throws Exception {
    ControlLink link = dial(authority.issue(SERVER));

    await(() -> link.upCount() == 1);
    assertThat(servers.counters().value(ControlCounter.LINKS_ACCEPTED)).isEqualTo(1);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNot() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    TestAuthority other = new TestAuthority(elsewhere, "other");
    // It trusts our authority, so only the node can object.
    MutualTls forged = other.issueTrusting(SERVER, authority);

    ControlLink link = dial(forged);

    await(() -> link.counters().value(LinkCounter.DIALS) > 2);
    assertThat(link.upCount()).isZero();
    assertThat(servers.statuses()).isEmpty();
  }

  @Test
  void anotherServersCertificateIsNot() throws Exception {
    ControlLink link = dial(authority.issue("ms-2"));

    await(() -> servers.counters().value(ControlCounter.LINKS_REFUSED) > 1);
    assertThat(link.upCount()).isZero();
    assertThat(servers.statuses()).isEmpty();
  }

  @Test
  void aNodeWithACertificateOfAnotherAuthorityIsNotTrusted() throws Exception {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    TestAuthority other = new TestAuthority(elsewhere, "other");

    ControlLink link = dial(other.issue(SERVER));

    await(() -> link.counters().value(LinkCounter.DIALS) > 2);
    assertThat(link.upCount()).isZero();
  }

  @Test
  void noCertificateAndOldTlsAreRefusedInTheHandshake() throws Exception {
    SSLContext trusting = authority.issue(SERVER).context();
    try (SSLSocket old = (SSLSocket) trusting.getSocketFactory().createSocket()) {
      old.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      old.setEnabledProtocols(new String[] {"TLSv1.2"});
      assertThatThrownBy(old::startHandshake).isInstanceOf(SSLException.class);
    }
    SSLContext nobody = authority.trustOnly();
    try (SSLSocket anonymous = (SSLSocket) nobody.getSocketFactory().createSocket()) {
      anonymous.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      // In TLS 1.3 the client is done before the server has seen that it has no certificate.
      assertThatThrownBy(
              () -> {
                anonymous.startHandshake();
                anonymous.getInputStream().read();
              })
          .isInstanceOf(IOException.class);
    }
    try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      plain
          .getOutputStream()
          .write("GET /control HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = plain.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("101");
    }
    assertThat(servers.statuses()).isEmpty();
  }

  @Test
  void aNodeThatRestartsGetsItsLinksAndReportsBack() throws Exception {
    ControlLink link = dial(authority.issue(SERVER));
    await(() -> link.upCount() == 1);
    int port = node.port();
    node.close();
    await(() -> link.upCount() == 0);
    StateEvent event =
        new StateEvent.ParticipantConnected(new ConferenceId("cf_1"), 1, new ParticipantId("pt_1"));
    link.report(event);

    startNode(newServers(port, authority.issue("session")));

    assertThat(link.awaitAcknowledged(20_000)).isTrue();
    assertThat(conferences.applied).containsExactly(event);
    assertThat(conferences.hellos).hasValue(2);
  }

  /**
   * As an operator does it: first both are trusted, then all get new ones, then only the new is.
   */
  @Test
  void authorityAndCertificatesAreRenewedWhileBothSidesRun() throws Exception {
    MutualTls session = authority.issue("node");
    MutualTls media = authority.issue(SERVER);
    Path kept = Files.createDirectory(folder.resolve("kept"));
    for (String file : List.of(SERVER + ".pem", SERVER + ".key", "authority.pem")) {
      Files.copy(folder.resolve(file), kept.resolve(file));
    }
    node.close();
    servers = newServers(0, session);
    node = startNode(servers);
    ControlLink link = dial(media);
    await(() -> link.upCount() == 1);

    TestAuthority next = new TestAuthority(folder, "next");
    renew(() -> authority.trust(authority, next), session, media);
    restartNode(link, session);
    renew(() -> next.issue("node"), session);
    restartNode(link, session);
    renew(() -> next.issue(SERVER), media);
    restartNode(link, session);
    renew(() -> authority.trust(next), session, media);
    restartNode(link, session);

    ControlLink old =
        dial(
            MutualTls.fromPem(
                kept.resolve(SERVER + ".pem"),
                kept.resolve(SERVER + ".key"),
                folder.resolve("next.pem")));
    await(() -> old.counters().value(LinkCounter.DIALS) > 2);
    assertThat(old.upCount()).as("of the authority that is no more").isZero();
    assertThat(link.upCount()).isEqualTo(1);
  }

  @FunctionalInterface
  private interface Writing {
    void write() throws IOException;
  }

  /** Writes files, and waits until those whose they are have taken them up. */
  private static void renew(Writing files, MutualTls... owners) throws Exception {
    double[] before = Arrays.stream(owners).mapToDouble(ControlLinkTlsIT::renewals).toArray();
    files.write();
    for (int i = 0; i < owners.length; i++) {
      MutualTls owner = owners[i];
      double beforeOf = before[i];
      await(() -> renewals(owner) > beforeOf);
    }
  }

  private static double renewals(MutualTls tls) {
    try (Metrics metrics = new Metrics()) {
      tls.register(metrics);
      return metrics
          .scrape()
          .lines()
          .filter(line -> line.startsWith("parley_control_certificate_renewals_total "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Ends every link; the media server dials again, with what lies in the files by then. */
  private void restartNode(ControlLink link, MutualTls tls) throws Exception {
    int port = node.port();
    node.close();
    await(() -> link.upCount() == 0);
    servers = newServers(port, tls);
    node = startNode(servers);
    await(() -> link.upCount() == 1);
  }

  @Test
  void withoutCertificatesANodeListensOnLoopbackOnly() {
    assertThatThrownBy(() -> settings(new InetSocketAddress("0.0.0.0", 0), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not loopback");
  }

  private static LinkedServers newServers(int port, MutualTls tls) {
    ControlServerSettings settings =
        settings(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), tls);
    return new LinkedServers(settings, new Random(2), System::nanoTime);
  }

  private ControlLinkServer startNode(LinkedServers directory) throws IOException {
    ControlLinkServer started = new ControlLinkServer(directory.settings(), directory, conferences);
    started.start();
    opened.push(started);
    return started;
  }

  private static ControlServerSettings settings(
      InetSocketAddress address, @Nullable MutualTls tls) {
    return new ControlServerSettings(
        "session",
        address,
        tls,
        List.of(),
        Duration.ofMillis(200),
        Duration.ofMillis(3500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5));
  }

  private ControlLink dial(MutualTls tls) {
    ControlLink link =
        ControlLink.create(
            new ControlLinkSettings(
                new ServerId(SERVER),
                "i1",
                new Region("eu"),
                "test",
                500,
                List.of(URI.create("wss://127.0.0.1:" + node.port() + "/control")),
                tls),
            new RecordingMedia(),
            () -> new ServerLoad(0, 0, 0, 0, 0, 0, false),
            System::nanoTime,
            new Random(3));
    opened.push(link);
    link.start();
    return link;
  }

  private static void await(BooleanSupplier claim) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!claim.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadlineNs);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
