package dev.parley.session.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.webhook.Outcome;
import dev.parley.session.webhook.Reach;
import dev.parley.session.webhook.WebhookSender.Answer;
import dev.parley.session.webhook.WebhookSender.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests to servers that answer well, badly or never, over real sockets on loopback. */
@Timeout(30)
final class HttpSenderTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final Duration SOON = Duration.ofMillis(400);

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open.reversed()) {
      part.close();
    }
  }

  @Test
  void messageArrivesWithItsHeadersAtThePathOfItsName() {
    int port = serve(socket -> answer(socket, "HTTP/1.1 204 No Content\r\n\r\n"));

    Answer answer =
        sender(Duration.ofSeconds(10), LOOPBACK)
            .send(message("http://hooks.example:" + port + "/in?a=b", "{\"ü\":1}"));

    assertThat(answer).isEqualTo(new Answer(Outcome.DELIVERED, 204));
    assertThat(requests.getFirst())
        .startsWith("POST /in?a=b HTTP/1.1\r\nHost: hooks.example:" + port + "\r\n")
        .contains(
            "\r\nwebhook-id: cf_1_1\r\n", "\r\nContent-Length: 8\r\n", "\r\nConnection: close\r\n")
        .endsWith("\r\n\r\n{\"ü\":1}");
  }

  @Test
  void statusDecides() {
    Map<Integer, Outcome> outcomes =
        Map.of(
            200, Outcome.DELIVERED,
            299, Outcome.DELIVERED,
            301, Outcome.REDIRECTED,
            307, Outcome.REDIRECTED,
            400, Outcome.REFUSED,
            410, Outcome.GONE,
            429, Outcome.REFUSED,
            503, Outcome.REFUSED);
    outcomes.forEach((status, outcome) -> {
      int port =
          serve(socket ->
              answer(
                  socket, "HTTP/1.1 " + status + "\r\nLocation: http://127.0.0.1:1/\r\n\r\nbody"));

      assertThat(send(port)).isEqualTo(new Answer(outcome, status));
    });
    assertThat(requests).as("no redirect was followed").hasSize(outcomes.size());
  }

  @Test
  void interimAnswersAreSkipped() {
    int port =
        serve(socket ->
            answer(
                socket,
                """
                HTTP/1.1 103 Early Hints\r
                Link: </x>\r
                \r
                HTTP/1.1 100 Continue\r
                \r
                HTTP/1.1 202 Accepted\r
                \r
                """));

    assertThat(send(port)).isEqualTo(new Answer(Outcome.DELIVERED, 202));
  }

  @Test
  void whatIsNoHttpIsUnreachable() {
    for (String text :
        List.of("", "SSH-2.0-x\r\n", "HTTP/2 200\r\n", "HTTP/1.1 999999\r\n", "x".repeat(10_000))) {
      int port = serve(socket -> answer(socket, text));

      assertThat(send(port)).isEqualTo(new Answer(Outcome.UNREACHABLE, 0));
    }
    int endless = serve(socket -> answer(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(200)));
    assertThat(send(endless)).isEqualTo(new Answer(Outcome.UNREACHABLE, 0));
  }

  @Test
  void closedPortIsUnreachable() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
      port = closed.getLocalPort();
    }

    assertThat(send(port)).isEqualTo(new Answer(Outcome.UNREACHABLE, 0));
  }

  @Test
  void whoNeverAnswersTimesOut() {
    CountDownLatch over = new CountDownLatch(1);
    int silent = serve(_ -> over.await(20, TimeUnit.SECONDS));
    int dripping =
        serve(socket -> {
          while (!over.await(20, TimeUnit.MILLISECONDS)) {
            socket.getOutputStream().write('H');
          }
        });
    HttpSender sender = sender(SOON, LOOPBACK);

    assertThat(sender.send(message("http://hooks.example:" + silent, "{}")))
        .isEqualTo(new Answer(Outcome.TIMED_OUT, 0));
    assertThat(sender.send(message("http://hooks.example:" + dripping, "{}")))
        .isEqualTo(new Answer(Outcome.TIMED_OUT, 0));
    over.countDown();
  }

  @Test
  void answerWithoutEndIsReadOnlySoFar() {
    int port =
        serve(socket -> {
          byte[] much = new byte[1 << 16];
          socket
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          for (int i = 0; i < 10_000; i++) {
            socket.getOutputStream().write(much);
          }
        });

    assertThat(send(port)).isEqualTo(new Answer(Outcome.DELIVERED, 200));
  }

  @Test
  void nameThatNowLeadsInsideIsNotConnectedTo() {
    int port = serve(socket -> answer(socket, "HTTP/1.1 200 OK\r\n\r\n"));
    // As at registration, when it led to a public address; now it leads to loopback.
    Reach reach = new Reach(_ -> List.of(LOOPBACK), false);
    HttpSender sender =
        sender(reach, Duration.ofSeconds(10), (SSLSocketFactory) SSLSocketFactory.getDefault());

    assertThat(sender.send(message("http://rebound.example:" + port, "{}")))
        .isEqualTo(new Answer(Outcome.ADDRESS_REFUSED, 0));
    assertThat(requests).isEmpty();
  }

  @Test
  void nameWithoutAddressIsTold() {
    Answer answer = sender(Duration.ofSeconds(10)).send(message("http://hooks.example:1", "{}"));

    assertThat(answer).isEqualTo(new Answer(Outcome.NAME_UNKNOWN, 0));
  }

  @Test
  void closingBreaksOffWhatIsInHand() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    int port =
        serve(_ -> {
          connected.countDown();
          over.await(20, TimeUnit.SECONDS);
        });
    HttpSender sender = sender(Duration.ofSeconds(30), LOOPBACK);
    List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    Thread sending =
        Thread.startVirtualThread(
            () -> answers.add(sender.send(message("http://hooks.example:" + port, "{}"))));
    assertThat(connected.await(10, TimeUnit.SECONDS)).isTrue();

    sender.close();

    assertThat(sending.join(Duration.ofSeconds(10))).isTrue();
    assertThat(answers).containsExactly(new Answer(Outcome.UNREACHABLE, 0));
    assertThat(sender.send(message("http://hooks.example:" + port, "{}")).outcome())
        .isEqualTo(Outcome.UNREACHABLE);
    over.countDown();
  }

  @Test
  void certificateMustBeForTheName(@TempDir Path folder) throws Exception {
    SSLContext context = contextFor("hooks.example", folder);
    ServerSocket server = context.getServerSocketFactory().createServerSocket(0, 8, LOOPBACK);
    int port = serve(server, socket -> answer(socket, "HTTP/1.1 200 OK\r\n\r\n"));
    Reach reach = new Reach(_ -> List.of(LOOPBACK), true);
    HttpSender trusting = sender(reach, Duration.ofSeconds(10), context.getSocketFactory());
    HttpSender usual =
        sender(reach, Duration.ofSeconds(10), (SSLSocketFactory) SSLSocketFactory.getDefault());

    assertThat(trusting.send(message("https://hooks.example:" + port, "{}")))
        .isEqualTo(new Answer(Outcome.DELIVERED, 200));
    assertThat(trusting.send(message("https://other.example:" + port, "{}")))
        .isEqualTo(new Answer(Outcome.NOT_SECURE, 0));
    assertThat(usual.send(message("https://hooks.example:" + port, "{}")))
        .isEqualTo(new Answer(Outcome.NOT_SECURE, 0));
  }

  /** What a server does with a connection whose request it has read. */
  private interface Behaviour {
    void answer(Socket socket) throws IOException, InterruptedException;
  }

  private int serve(Behaviour behaviour) {
    try {
      return serve(new ServerSocket(0, 8, LOOPBACK), behaviour);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int serve(ServerSocket server, Behaviour behaviour) {
    open.add(server);
    Thread.startVirtualThread(() -> {
      while (!server.isClosed()) {
        try (Socket socket = server.accept()) {
          requests.add(request(socket.getInputStream()));
          behaviour.answer(socket);
        } catch (IOException e) {
          // The client has gone, or the test is over.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    });
    return server.getLocalPort();
  }

  private static String request(InputStream in) throws IOException {
    byte[] bytes = new byte[8_192];
    int length = 0;
    int end = -1;
    int wanted = Integer.MAX_VALUE;
    while (length < wanted) {
      int read = in.read(bytes, length, bytes.length - length);
      if (read < 0) {
        throw new IOException("cut off");
      }
      length += read;
      String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
      end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        int at = text.indexOf("Content-Length: ") + "Content-Length: ".length();
        wanted = end + 4 + Integer.parseInt(text.substring(at, text.indexOf("\r\n", at)));
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static void answer(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Answer send(int port) {
    return sender(Duration.ofSeconds(10), LOOPBACK)
        .send(message("http://hooks.example:" + port, "{}"));
  }

  private HttpSender sender(Duration timeout, InetAddress... addresses) {
    return sender(
        new Reach(_ -> List.of(addresses), true),
        timeout,
        (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  private HttpSender sender(Reach reach, Duration timeout, SSLSocketFactory tls) {
    HttpSender sender = new HttpSender(reach, tls, timeout);
    open.add(sender);
    return sender;
  }

  private static Message message(String url, String body) {
    return new Message(URI.create(url), Map.of("webhook-id", "cf_1_1"), body);
  }

  /** A key and certificate for a name, made by the JDK's own tool; it trusts itself. */
  private static SSLContext contextFor(String name, Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "changeit".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}
