package dev.parley.systemtests.show.session;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * One connection that asks and waits for the answer, again and again (RFC 9112, keep-alive). Made
 * for load: it costs its machine little. One thread at a time.
 */
public final class HttpWire implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;
  private static final int LINE_LENGTH_MAX = 16 << 10;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final String host;

  /** Connects. */
  public HttpWire(URI service) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    socket.connect(new InetSocketAddress(service.getHost(), service.getPort()), TIMEOUT_MS);
    in = new BufferedInputStream(socket.getInputStream(), 8 << 10);
    host = service.getAuthority();
  }

  /** What to ask; {@code bearer} and {@code body} may be empty. */
  public record Request(String method, String path, String bearer, String body) {
    public static Request get(String path, String bearer) {
      return new Request("GET", path, bearer, "");
    }

    public static Request post(String path, String bearer, String body) {
      return new Request("POST", path, bearer, body);
    }

    /** As it goes over the wire. */
    byte[] bytes(String host) {
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      StringBuilder head = new StringBuilder(256);
      head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
      head.append("\r\n");
      if (!bearer.isEmpty()) {
        head.append("Authorization: Bearer ").append(bearer).append("\r\n");
      }
      if (content.length > 0) {
        head.append("Content-Type: application/json\r\n");
      }
      head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
      byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] all = Arrays.copyOf(start, start.length + content.length);
      System.arraycopy(content, 0, all, start.length, content.length);
      return all;
    }
  }

  /** What came back. */
  public record Reply(int status, String body) {
    public boolean isSuccess() {
      return status / 100 == 2;
    }
  }

  /** Asks and waits for the answer. */
  public Reply send(Request request) throws IOException {
    socket.getOutputStream().write(request.bytes(host));
    return read();
  }

  private Reply read() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    int length = 0;
    boolean isChunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      }
      isChunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
    }
    return new Reply(status, isChunked ? chunks() : text(length));
  }

  private String chunks() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int length = Integer.parseInt(line(), 16); ; length = Integer.parseInt(line(), 16)) {
      all.append(text(length));
      String _ = line();
      if (length == 0) {
        return all.toString();
      }
    }
  }

  private String text(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended within an answer");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0 || line.length() > LINE_LENGTH_MAX) {
        throw new EOFException("the connection ended before an answer");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
