package dev.parley.session.webhook.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The body of an answer (RFC 9112 §6): in chunks, as long as it says, or to the end of the
 * connection. Stateless.
 */
final class AnswerBody {
  private static final int HEADER_LINES_MAX = 100;

  private AnswerBody() {}

  /**
   * Reads the rest of an answer, of which the status line has been read.
   *
   * @throws IOException if it breaks off, is no HTTP, or has more than so many bytes
   */
  static String read(InputStream in, int lengthMax) throws IOException {
    boolean isChunked = false;
    long length = -1;
    int lines = 0;
    for (String line = Exchange.line(in); !line.isEmpty(); line = Exchange.line(in)) {
      if (++lines > HEADER_LINES_MAX) {
        throw new IOException("too many headers");
      }
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      switch (name) {
        case "transfer-encoding" -> {
          if (!value.equalsIgnoreCase("chunked")) {
            throw new IOException("unknown transfer coding");
          }
          isChunked = true;
        }
        case "content-length" -> length = number(value, 10);
        default -> {
          // Of no concern.
        }
      }
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (isChunked) {
      chunks(in, body, lengthMax);
    } else if (length >= 0) {
      take(in, body, length, lengthMax);
    } else {
      body.write(in.readNBytes(lengthMax + 1));
      require(body.size(), lengthMax);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private static void chunks(InputStream in, ByteArrayOutputStream body, int lengthMax)
      throws IOException {
    while (true) {
      String line = Exchange.line(in);
      int end = line.indexOf(';');
      long length = number((end < 0 ? line : line.substring(0, end)).strip(), 16);
      if (length == 0) {
        return;
      }
      take(in, body, length, lengthMax);
      if (!Exchange.line(in).isEmpty()) {
        throw new IOException("a chunk longer than it says");
      }
    }
  }

  private static void take(InputStream in, ByteArrayOutputStream body, long length, int lengthMax)
      throws IOException {
    require(body.size() + length, lengthMax);
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    body.write(bytes);
  }

  private static void require(long length, int lengthMax) throws IOException {
    if (length > lengthMax) {
      throw new IOException("longer than " + lengthMax + " bytes");
    }
  }

  private static long number(String text, int radix) throws IOException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0 && number <= Integer.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IOException("no length");
  }
}
