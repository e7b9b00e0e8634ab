package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.harness.RunningService;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are too large, as they cross the wire. */
final class LargeBodyIT {
  private static final int PIECES = 300;
  private static final byte[] PIECE = new byte[1000];

  @TempDir Path folder;

  /** Closed while it still sends, a client sees its connection reset instead of the answer. */
  @Test
  void whoSendsALittleTooMuchGetsAnAnswerAndKeepsTheConnection() throws IOException {
    try (RunningService service = new RunningService(folder);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.httpPort())) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      out.write(head(service.key(), PIECES * PIECE.length, "keep-alive"));
      for (int i = 0; i < PIECES; i++) {
        out.write(PIECE);
      }
      out.write(head(service.key(), 0, "close"));

      String answers = read(socket.getInputStream());

      assertThat(answers).startsWith("HTTP/1.1 413 ").contains("HTTP/1.1 201 ");
    }
  }

  private static byte[] head(String key, int length, String connection) {
    return """
    POST /v1/conferences HTTP/1.1
    Host: 127.0.0.1
    Authorization: Bearer %s
    Content-Type: application/json
    Content-Length: %d
    Connection: %s

    """
        .formatted(key, length, connection)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }
}
