package dev.parley.session.webhook.http;

import dev.parley.session.webhook.Outcome;
import dev.parley.session.webhook.WebhookSender.Answer;
import dev.parley.session.webhook.WebhookSender.Message;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, HTTP/1.1 (RFC 9112), on a connection that is closed after it. A
 * message is posted, and of the answer only the status counts; the rest is read to let the other
 * end finish, and only so much of it. Or something is fetched. Run by one thread, which any other
 * may break off.
 */
final class Exchange {
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int ADDRESSES_TRIED_MAX = 2;
  private static final int LINE_LENGTH_MAX = 4_096;
  private static final int INTERIM_LINES_MAX = 100;
  private static final int DRAINED_LENGTH_MAX = 64 << 10;
  private static final int DRAIN_TIMEOUT_MS = 1_000;
  private static final String END_OF_HEAD = "\r\n\r\n";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-9][0-9]{2})( .*)?");

  private final Message message;
  private final SSLSocketFactory tls;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, as the two below. */
  private @Nullable Socket socket;

  private boolean isOver;
  private boolean isTimedOut;

  Exchange(Message message, SSLSocketFactory tls) {
    this.message = message;
    this.tls = tls;
  }

  /**
   * What was fetched.
   *
   * @param outcome {@code DELIVERED} if the answer was 200 with a body that is not too long
   */
  record Fetched(Outcome outcome, String body) {}

  /** Fetches from the first of the addresses that takes the connection. */
  Fetched fetch(List<InetAddress> addresses, int lengthMax) {
    try (Socket connected = connect(addresses)) {
      connected.getOutputStream().write(getRequest());
      InputStream in = connected.getInputStream();
      int status = status(in);
      return status == 200
          ? new Fetched(Outcome.DELIVERED, AnswerBody.read(in, lengthMax))
          : new Fetched(status / 100 == 3 ? Outcome.REDIRECTED : Outcome.REFUSED, "");
    } catch (SSLException e) {
      return new Fetched(isTimedOut() ? Outcome.TIMED_OUT : Outcome.NOT_SECURE, "");
    } catch (IOException e) {
      return new Fetched(isTimedOut() ? Outcome.TIMED_OUT : Outcome.UNREACHABLE, "");
    }
  }

  /** Sends to the first of the addresses that takes the connection. */
  Answer run(List<InetAddress> addresses) {
    try (Socket connected = connect(addresses)) {
      write(connected.getOutputStream());
      InputStream in = connected.getInputStream();
      int status = status(in);
      drain(connected, in);
      return new Answer(outcome(status), status);
    } catch (SSLException e) {
      return new Answer(isTimedOut() ? Outcome.TIMED_OUT : Outcome.NOT_SECURE, 0);
    } catch (IOException e) {
      return new Answer(isTimedOut() ? Outcome.TIMED_OUT : Outcome.UNREACHABLE, 0);
    }
  }

  /** Ends the exchange for having taken too long. */
  void timeOut() {
    end(true);
  }

  /** Ends the exchange. */
  void breakOff() {
    end(false);
  }

  private void end(boolean forTime) {
    lock.lock();
    try {
      isTimedOut |= forTime && !isOver;
      isOver = true;
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      // It is closed as far as it can be; whoever uses it finds out.
    } finally {
      lock.unlock();
    }
  }

  private boolean isTimedOut() {
    lock.lock();
    try {
      return isTimedOut;
    } finally {
      lock.unlock();
    }
  }

  private Socket connect(List<InetAddress> addresses) throws IOException {
    URI url = message.url();
    boolean isTls = "https".equals(url.getScheme().toLowerCase(Locale.ROOT));
    int port = url.getPort() >= 0 ? url.getPort() : isTls ? 443 : 80;
    IOException last = new IOException("no address");
    for (InetAddress address :
        addresses.subList(0, Math.min(addresses.size(), ADDRESSES_TRIED_MAX))) {
      Socket plain = open();
      try {
        plain.connect(new InetSocketAddress(address, port), CONNECT_TIMEOUT_MS);
        return isTls ? secure(plain, url.getHost(), port) : plain;
      } catch (SSLException e) {
        plain.close();
        throw e;
      } catch (IOException e) {
        plain.close();
        last = e;
      }
    }
    throw last;
  }

  private Socket open() throws IOException {
    lock.lock();
    try {
      if (isOver) {
        throw new IOException("over");
      }
      // No proxy of the system's: it would look the name up itself.
      Socket opened = new Socket(Proxy.NO_PROXY);
      socket = opened;
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** The name is what the certificate must be for, whatever address it had. */
  private Socket secure(Socket plain, String host, int port) throws IOException {
    String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    SSLSocket secure = (SSLSocket) tls.createSocket(plain, name, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private void write(OutputStream out) throws IOException {
    byte[] body = message.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head = head("POST");
    head.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(body.length);
    message
        .headers()
        .forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    head.append(END_OF_HEAD);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(head.toString().getBytes(StandardCharsets.US_ASCII));
    whole.write(body);
    out.write(whole.toByteArray());
    out.flush();
  }

  private byte[] getRequest() {
    return head("GET").append(END_OF_HEAD).toString().getBytes(StandardCharsets.US_ASCII);
  }

  private StringBuilder head(String method) {
    URI url = message.url();
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    StringBuilder head = new StringBuilder(method).append(' ').append(path);
    if (url.getRawQuery() != null) {
      head.append('?').append(url.getRawQuery());
    }
    head.append(" HTTP/1.1\r\nHost: ").append(url.getHost());
    if (url.getPort() >= 0) {
      head.append(':').append(url.getPort());
    }
    return head.append("\r\nUser-Agent: Parley\r\nConnection: close");
  }

  /** Reads up to the status of the answer, past interim ones (RFC 9110 §15.2). */
  static int status(InputStream in) throws IOException {
    boolean isInterim = false;
    for (int lines = 0; lines < INTERIM_LINES_MAX; lines++) {
      String line = line(in);
      if (isInterim) {
        isInterim = !line.isEmpty();
        continue;
      }
      Matcher matcher = STATUS.matcher(line);
      if (!matcher.matches()) {
        throw new IOException("no HTTP");
      }
      int status = Integer.parseInt(matcher.group(1));
      if (status >= 200) {
        return status;
      }
      isInterim = true;
    }
    throw new IOException("no end of interim answers");
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (line.length() >= LINE_LENGTH_MAX) {
        throw new IOException("line too long");
      }
      line.append((char) c);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  /**
   * Lets the other end finish, or it would see its answer refused; that it does not is no failure.
   */
  private static void drain(Socket connected, InputStream in) {
    try {
      connected.setSoTimeout(DRAIN_TIMEOUT_MS);
      int length = 0;
      byte[] dropped = new byte[4_096];
      for (int read = in.read(dropped);
          read >= 0 && length < DRAINED_LENGTH_MAX;
          read = in.read(dropped)) {
        length += read;
      }
    } catch (IOException e) {
      // The status is known.
    }
  }

  private static Outcome outcome(int status) {
    if (status == 410) {
      return Outcome.GONE;
    }
    return switch (status / 100) {
      case 2 -> Outcome.DELIVERED;
      case 3 -> Outcome.REDIRECTED;
      default -> Outcome.REFUSED;
    };
  }
}
